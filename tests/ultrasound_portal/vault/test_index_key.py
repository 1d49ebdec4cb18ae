"""The index key comes from where it is kept; one that only the key service opens is no use without it."""

from pathlib import Path

import pytest
from pytest_django import Settings

from ultrasound_portal.vault import index_key, keyring
from ultrasound_portal.vault.errors import KeyUnavailable


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "keys"


def test_it_is_a_file_where_there_is_no_service(folder: Path) -> None:
    keyring.prepare()
    assert index_key.read() == (folder / "index.key").read_bytes()
    assert index_key.wrapped_with() == ""


def test_a_wrapped_one_needs_its_service(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.sealed").write_bytes(b"transit:01234567:v1 vault:v1:AAAA")
    assert index_key.wrapped_with() == "transit:01234567:v1"
    with pytest.raises(KeyUnavailable, match="key service"):
        index_key.read()
