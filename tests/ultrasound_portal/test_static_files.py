"""Static files are served under hashed names only, and what they name is found."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
IMPORTED = re.compile(r'from "\./([^"]+)"')


def test_every_module_that_a_script_imports_is_served(tmp_path: Path) -> None:
    hashed = {"BACKEND": "ultrasound_portal.static_files.HashedFiles", "OPTIONS": {"location": tmp_path}}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", "--no-input", "--verbosity", "0")
    importing = [path for path in SCRIPTS.glob("*.mjs") if IMPORTED.search(path.read_text())]
    assert importing, "at least one script imports another"
    for path in importing:
        (served,) = tmp_path.glob(f"js/{path.stem}.*.mjs")
        for name in IMPORTED.findall(served.read_text()):
            assert re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.mjs", name)
            assert (served.parent / name).is_file()


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.mjs")), ids=lambda path: path.name)
def test_a_script_imports_only_scripts_that_are_there(path: Path) -> None:
    for name in IMPORTED.findall(path.read_text()):
        assert finders.find(f"js/{name}")
