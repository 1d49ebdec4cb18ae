"""Catalogues are compiled when they are stale, in one step, and one that is wrong is refused."""

import gettext
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ultrasound_portal import catalogues

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def planted(root: Path, text: str) -> Path:
    folder = root / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(HEADER + text)
    return source


def spoken(source: Path, msgid: str) -> str:
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(msgid)


def test_what_is_stale_is_compiled_and_what_is_fresh_is_left(tmp_path: Path) -> None:
    source = planted(tmp_path, 'msgid "film"\nmsgstr "película"\n')
    assert catalogues.stale(tmp_path) == [source]
    catalogues.compile_stale(tmp_path)
    assert spoken(source, "film") == "película"
    assert catalogues.stale(tmp_path) == []
    source.write_text(HEADER + 'msgid "film"\nmsgstr "cinta"\n')
    later = source.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert catalogues.stale(tmp_path) == [source]
    catalogues.compile_stale(tmp_path)
    assert spoken(source, "film") == "cinta"
    assert {path.name for path in source.parent.iterdir()} == {"django.po", "django.mo"}


def test_a_catalogue_whose_placeholders_differ_is_refused(tmp_path: Path) -> None:
    source = planted(tmp_path, '#, python-format\nmsgid "of %(total)s"\nmsgstr "de %(totale)s"\n')
    with pytest.raises(subprocess.CalledProcessError):
        catalogues.compile_stale(tmp_path)
    assert not source.with_suffix(".mo").exists()


def test_of_a_text_that_is_there_twice_the_first_counts(tmp_path: Path) -> None:
    source = planted(tmp_path, 'msgid "film"\nmsgstr "película"\n\nmsgid "film"\nmsgstr "cinta"\n')
    catalogues.compile_stale(tmp_path)
    assert spoken(source, "film") == "película"


def test_the_shipped_ones_are_found_and_the_compiler_is_here() -> None:
    assert [source.parent.parent.name for source in catalogues.sources()] == ["es"]
    assert shutil.which("msgfmt")
