"""A dead owner is known for dead on its own machine, and nobody else ever is."""

import os
import signal
import subprocess
import sys

import pytest

from ultrasound_portal.jobs import owners


def owner_of(process: subprocess.Popen[bytes]) -> str:
    return f"{owners._place()}:{process.pid}:{owners._start(process.pid)}"


@pytest.fixture
def other() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def test_whoever_runs_has_not_died(other: subprocess.Popen[bytes]) -> None:
    assert not owners.has_died(owners.this_process())
    assert not owners.has_died(owner_of(other))
    other.communicate()


def test_a_killed_process_has_died_buried_or_not(other: subprocess.Popen[bytes]) -> None:
    owner = owner_of(other)
    other.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert owners.has_died(owner)
    other.communicate()
    assert owners.has_died(owner)


def test_a_number_that_was_given_out_again_is_another_process() -> None:
    place, pid, start = owners.this_process().split(":")
    assert owners.has_died(f"{place}:{pid}:{int(start) - 1}")


@pytest.mark.parametrize("owner", ["", "gone", "host:12", "elsewhere-1:1:1", ":1:1", "{place}:1:", "{place}:x:1"])
def test_what_is_not_known_here_counts_as_alive(owner: str) -> None:
    assert not owners.has_died(owner.format(place=owners._place()))


def test_it_fits_the_row() -> None:
    assert len(owners.this_process()) < 100
