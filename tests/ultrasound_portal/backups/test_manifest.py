"""A backup without a whole manifest, or with another database than it tells of, is none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ultrasound_portal.backups import manifest
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.manifest import Manifest


def written(folder: Path) -> Manifest:
    (folder / "portal.sqlite3").write_bytes(b"rows")
    made = Manifest(
        version=manifest.VERSION,
        made_at="2026-01-02T03:04:05+00:00",
        kind="sqlite",
        database="portal.sqlite3",
        sha256=manifest.digest(folder / "portal.sqlite3"),
        trail_seq=3,
        trail_hash="0" * 64,
        objects=2,
        wrapping_keys=("0123456789abcdef",),
        index_key="f" * 32,
    )
    manifest.write(made, folder)
    return made


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert written(tmp_path) == manifest.read(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1}'])
def test_half_a_manifest_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / manifest.FILE).write_text(content)
    with pytest.raises(BackupRefused, match="no whole backup"):
        manifest.read(tmp_path)


def test_another_database_and_another_version_are_refused(tmp_path: Path) -> None:
    made = written(tmp_path)
    manifest.write(replace(made, version=99), tmp_path)
    with pytest.raises(BackupRefused, match="version"):
        manifest.read(tmp_path)
    manifest.write(made, tmp_path)
    (tmp_path / "portal.sqlite3").write_bytes(b"other rows")
    with pytest.raises(BackupRefused, match="not the one"):
        manifest.read(tmp_path)
    (tmp_path / "portal.sqlite3").unlink()
    with pytest.raises(BackupRefused, match="cannot be read"):
        manifest.read(tmp_path)
    assert set(json.loads((tmp_path / manifest.FILE).read_text())) == set(Manifest.__slots__)
