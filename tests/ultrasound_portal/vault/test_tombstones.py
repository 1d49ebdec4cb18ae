"""What was destroyed is known outside the database, line by line, whatever a crash cut."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from ultrasound_portal.vault import keyring, tombstones
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.shredding import shred


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    return tmp_path / "witness"


@pytest.mark.django_db(transaction=True)
def test_a_shredding_is_noted_with_its_commit() -> None:
    row, _ = seal_value(b"x", kind=ObjectKind.DOCUMENT, clinic_id=uuid4())
    assert tombstones.noted() == set()
    shred(row.pk)
    assert tombstones.noted() == {row.pk}
    assert tombstones.catch_up() == 0


@pytest.mark.django_db
def test_what_a_crash_left_out_is_caught_up() -> None:
    row, _ = seal_value(b"x", kind=ObjectKind.DOCUMENT, clinic_id=uuid4())
    SealedObject.objects.filter(pk=row.pk).update(wrapped_key=b"", destroyed_at=timezone.now())
    assert (tombstones.catch_up(), tombstones.catch_up()) == (1, 0)
    assert tombstones.noted() == {row.pk}


def test_a_cut_line_is_left_out(folder: Path) -> None:
    whole = uuid4()
    tombstones.note([whole, uuid4()])
    file = folder / "destroyed"
    file.write_bytes(file.read_bytes()[:-5])
    assert tombstones.noted() == {whole}
    assert tombstones.noted(folder / "elsewhere") == set()
