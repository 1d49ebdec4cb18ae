"""A fault of room, memory, database or key is not the work's."""

import errno

import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from ultrasound_portal.jobs import surroundings
from ultrasound_portal.vault.errors import KeyUnavailable, Missing, Tampered


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EIO, "broken"),
        OSError("the object store could not be reached"),
        ConnectionRefusedError(errno.ECONNREFUSED, "away"),
        TimeoutError(errno.ETIMEDOUT, "silent"),
        OperationalError("away"),
        InterfaceError("closed"),
        KeyUnavailable("no key"),
        MemoryError(),
    ],
    ids=repr,
)
def test_these_pass(fault: BaseException) -> None:
    assert surroundings.is_to_blame(fault)


@pytest.mark.parametrize(
    "fault",
    [
        FileNotFoundError(errno.ENOENT, "gone"),
        IntegrityError("twice"),
        DataError("too long"),
        Missing("gone"),
        Tampered("changed"),
        ZeroDivisionError(),
    ],
    ids=repr,
)
def test_these_do_not(fault: BaseException) -> None:
    assert not surroundings.is_to_blame(fault)
