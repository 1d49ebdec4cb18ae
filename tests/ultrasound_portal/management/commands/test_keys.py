"""The operator's road of a rotation: list, rotate, rewrap, retire, each step on the trail."""

import io
import stat
from base64 import b64decode
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from ultrasound_portal.audit.models import Entry
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_value

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()


def keys(*arguments: str) -> str:
    out = io.StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_the_whole_rotation() -> None:
    row, blob = seal_value(b"name", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    former = keyring.current_id()
    assert keys("list").split() == [former, "current", "1", "objects"]
    with pytest.raises(CommandError, match="Rotate first"):
        keys("retire", former)
    fresh = keys("rotate").split()[0]
    assert fresh == keyring.current_id()
    with pytest.raises(CommandError, match="rewrap"):
        keys("retire", former)
    assert keys("rewrap").splitlines() == ["0 wrapped anew, 1 left", "1 wrapped anew, 0 left"]
    assert [line.split() for line in keys("list").splitlines()] == [
        [fresh, "current", "1", "objects"],
        [former, "old", "0", "objects"],
    ]
    assert former in keys("retire", former)
    assert former not in keys("list")
    assert unseal_value(row.id, blob) == b"name"
    assert list(Entry.objects.order_by("seq").values_list("event", flat=True)) == [
        "key_rotated",
        "keys_rewrapped",
        "key_retired",
    ]


def test_a_key_that_is_missing_is_shown(settings: Settings, tmp_path: Path) -> None:
    seal_value(b"name", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    former = keyring.current_id()
    settings.PORTAL_DATA = tmp_path / "other"
    keyring.prepare()
    assert f"{former}  MISSING" in keys("list")


def test_a_fresh_key_goes_to_a_private_file_and_never_over_another(tmp_path: Path) -> None:
    target = tmp_path / "kek"
    text = keys("new", str(target))
    assert len(b64decode(target.read_bytes())) == 32
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_text() not in text
    with pytest.raises(CommandError, match="there already"):
        keys("new", str(target))
