"""Rotation re-wraps rows only, may be broken off, and never brings back what was destroyed."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ultrasound_portal.vault import keyring, rewrapping, stores
from ultrasound_portal.vault.errors import Destroyed, NotRotatable
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal, seal_value
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import unseal, unseal_value

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    monkeypatch.setattr(rewrapping, "BATCH", 2)


def make(number: int) -> list[tuple[SealedObject, bytes]]:
    return [seal_value(bytes([n]), kind=ObjectKind.IDENTITY, clinic_id=uuid4()) for n in range(number)]


def test_every_living_object_opens_under_the_new_key_alone_and_no_sealed_byte_was_touched() -> None:
    values, file = make(3), seal(b"file", kind=ObjectKind.MASTER, clinic_id=uuid4())
    shred(values[0][0].id)
    former, before = keyring.current_id(), stores.files().path_of(file.store_key).stat()
    keyring.rotate()
    assert [(step.done, step.left) for step in rewrapping.rewrap()] == [(0, 3), (2, 1), (3, 0)]
    assert rewrapping.waiting() == 0
    rewrapping.retire(former)
    assert [unseal_value(row.id, blob) for row, blob in values[1:]] == [b"\x01", b"\x02"]
    assert unseal(file.id) == b"file"
    after = stores.files().path_of(file.store_key).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    with pytest.raises(Destroyed):
        unseal_value(values[0][0].id, values[0][1])


def test_broken_off_it_goes_on_where_it_was_and_both_keys_open_meanwhile() -> None:
    values = make(5)
    keyring.rotate()
    steps = rewrapping.rewrap()
    next(steps)
    assert next(steps).left == 3
    steps.close()
    assert [unseal_value(row.id, blob) for row, blob in values] == [bytes([n]) for n in range(5)]
    assert [step.left for step in rewrapping.rewrap()] == [3, 1, 0]


def test_what_is_shredded_or_sealed_meanwhile_is_neither_revived_nor_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = make(2)
    old = keyring.wrap
    keyring.rotate()
    wrap_all = keyring.wrap_all

    def meanwhile(items):
        shred(values[0][0].id)
        return wrap_all(items)

    monkeypatch.setattr(keyring, "wrap_all", meanwhile)
    assert [step.left for step in rewrapping.rewrap()][-1] == 0
    row = SealedObject.objects.get(pk=values[0][0].pk)
    assert bytes(row.wrapped_key) == b""
    assert old is keyring.wrap


def test_a_key_is_not_retired_while_current_needed_or_unknown() -> None:
    former = keyring.current_id()
    make(1)
    with pytest.raises(NotRotatable, match="current"):
        rewrapping.retire(former)
    keyring.rotate()
    with pytest.raises(NotRotatable, match="rewrap"):
        rewrapping.retire(former)
    with pytest.raises(NotRotatable, match="no such key"):
        rewrapping.retire("0" * 16)
