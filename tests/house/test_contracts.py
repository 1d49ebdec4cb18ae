"""The import contracts hold, and each of them turns red when it is broken on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ultrasound_portal", "deid", "consent", "sharing")

PLANTS = {
    "storeys": ("deid/states.py", "import consent.gate"),
    "rooms": ("consent/gate.py", "import consent.services"),
    "ground-floor": ("ultrasound_portal/vault/kinds.py", "import ultrasound_portal.clinics.access"),
    "engine-floors": ("deid/engine/frames.py", "import deid.engine.verification"),
    "engine-is-pure": ("deid/engine/planning.py", "import django"),
    "release-door": ("deid/views/worklist.py", "import deid.services.release"),
    "masters-door": ("deid/views/worklist.py", "import deid.services.masters"),
    "pipeline-door": ("deid/views/worklist.py", "import deid.engine.pipeline"),
    "unsealing-door": ("deid/views/worklist.py", "import ultrasound_portal.vault.unsealing"),
    "pixels-in-the-engine": ("deid/services/review.py", "import cv2"),
    "no-circles": ("ultrasound_portal/env.py", "import ultrasound_portal.health"),
}


def lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    chosen = ["--contract", contract] if contract else []
    return subprocess.run(
        [program, "--no-cache", "--config", folder / "pyproject.toml", *chosen],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    return tmp_path


def test_all_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", PLANTS)
def test_a_broken_contract_is_seen(copy_of_the_house: Path, contract: str) -> None:
    path, planted = PLANTS[contract]
    target = copy_of_the_house / path
    target.write_text(f"{planted}\n{target.read_text()}")
    result = lint(copy_of_the_house, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


def test_every_contract_has_a_plant() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    section = text[text.index("[tool.importlinter]") :]
    ids = {line.split('"')[1] for line in section.splitlines() if line.startswith("id = ")}
    assert ids == set(PLANTS)
