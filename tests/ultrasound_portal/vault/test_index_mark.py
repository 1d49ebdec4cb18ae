"""The data remembers which index key it was made with."""

import os
from pathlib import Path

import pytest
from pytest_django import Settings

from ultrasound_portal.vault import index_mark, keyring
from ultrasound_portal.vault.models import IndexMark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    IndexMark.objects.all().delete()
    return tmp_path / "keys"


def test_another_index_key_beside_the_right_wrapping_key_is_noticed(folder: Path) -> None:
    assert index_mark.fits() is None
    index_mark.remember()
    assert index_mark.fits() is True
    (folder / "index.key").write_bytes(os.urandom(32))
    index_mark.remember()
    assert index_mark.fits() is False
