"""The drill: a backup is put into an empty system, and what was ended since stays ended."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from deid.services import review
from tests.factories.sharing import Scene, make_scene
from ultrasound_portal.audit import witness
from ultrasound_portal.backups.making import make
from ultrasound_portal.patients.services import forget
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.models import IndexMark

ROOT = Path(__file__).parents[4]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ASK = """
import json
from consent.models import Grant
from deid.models import Artefact, Instance
from sharing.models import Link
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import display_names
from ultrasound_portal.vault.models import SealedObject
print(json.dumps({
  "grants": {str(g.pk): g.state for g in Grant.objects.all()},
  "links": {str(l.pk): l.revoked_at is not None for l in Link.objects.all()},
  "pictures": {str(i.pk): i.state for i in Instance.objects.all()},
  "names": {str(key): name for key, name in display_names(Patient.objects.all()).items()},
  "living": SealedObject.objects.filter(destroyed_at=None).count(),
}))
"""


@dataclass(frozen=True, slots=True)
class System:
    """An empty system beside the one of the tests."""

    data: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def ask(self) -> dict[str, dict[str, object]]:
        done = self.manage("shell", "--no-imports", "-c", ASK)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def live(settings: Settings, tmp_path: Path, transactional_db: None) -> Path:
    settings.PORTAL_DATA = tmp_path / "live"
    keyring.prepare()
    IndexMark.objects.update(key_id=keyring.index_key_id())
    return tmp_path / "live"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[System]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE"))}
    environment |= {"PORTAL_DATA": str(tmp_path / "empty"), "PYTHONWARNINGS": "ignore"}
    if connection.vendor == "sqlite":
        yield System(tmp_path / "empty", environment)
        return
    name, given = f"restored_{uuid4().hex}", connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    environment["DATABASE_URL"] = f"postgres://{given['user']}@{given['host']}:{given['port']}/{name}"
    yield System(tmp_path / "empty", environment)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def after_the_backup(scenes: list[Scene]) -> None:
    first, second, third, _ = scenes
    withdraw_consent(first.grant, actor=f"link:{first.link.pk}", channel=WithdrawalChannel.LINK)
    review.undo_release(second.instances[0], by=second.clinician)
    forget(third.patient, actor="system:test")


@pytest.mark.requirement("R18")
@pytest.mark.requirement("R41")
def test_the_drill(live: Path, empty: System, tmp_path: Path) -> None:
    scenes = [make_scene() for _ in range(4)]
    backup, safe = tmp_path / "backup", tmp_path / "safe"
    make(backup, keys=safe, keep=3)
    after_the_backup(scenes)
    late = make_scene()
    witness.follow()

    without_keys = empty.manage("restore", str(backup), "--witness", str(live / "witness"))
    assert (without_keys.returncode, "--keys" in without_keys.stderr) == (1, True)
    done = empty.manage("restore", str(backup), "--keys", str(safe), "--witness", str(live / "witness"))
    assert done.returncode == 0, done.stderr
    assert "0 are missing" in done.stdout
    assert "ended again: 1 consents, 0 links, 1 releases, 0 rejected pictures, 1 patients" in done.stdout

    first, second, third, fourth = scenes
    found = empty.ask()
    assert found["grants"][str(first.grant.pk)] == "withdrawn"
    assert found["grants"][str(fourth.grant.pk)] == "active"
    assert found["links"][str(third.link.pk)] is True
    assert found["links"][str(fourth.link.pk)] is False
    assert found["pictures"][str(second.instances[0].pk)] == "clean"
    assert found["pictures"][str(fourth.instances[0].pk)] == "released"
    assert found["names"][str(third.patient.pk)] == "No name given"
    assert found["names"][str(fourth.patient.pk)].startswith("Testwoman")
    assert str(late.grant.pk) not in found["grants"]
    verdict = empty.manage("audit", "verify")
    assert (verdict.returncode, verdict.stdout[:6]) == (0, "whole:")
    again = empty.manage("restore", str(backup), "--witness", str(live / "witness"))
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    assert empty.manage("check", "--database", "default").returncode == 0


def test_without_a_witness_every_consent_ends(live: Path, empty: System, tmp_path: Path) -> None:
    scene = make_scene()
    backup, safe = tmp_path / "backup", tmp_path / "safe"
    make(backup, keys=safe, keep=3)
    shutil.rmtree(live / "witness")
    refused = empty.manage("restore", str(backup), "--keys", str(safe))
    assert (refused.returncode, "--without-witness" in refused.stderr) == (1, True)
    done = empty.manage("restore", str(backup), "--keys", str(safe), "--without-witness")
    assert done.returncode == 0, done.stderr
    found = empty.ask()
    assert (found["grants"], found["links"]) == ({str(scene.grant.pk): "withdrawn"}, {str(scene.link.pk): True})
    assert empty.manage("audit", "verify").returncode == 0


def test_a_database_put_back_by_hand_is_noticed(live: Path, empty: System, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a file that is put back is SQLite's; PostgreSQL's case is shown by the witness's own tests")
    scene = make_scene()
    made = make(tmp_path / "backup", keys=empty.data / "keys", keep=3)
    withdraw_consent(scene.grant, actor=f"link:{scene.link.pk}", channel=WithdrawalChannel.LINK)
    shutil.copyfile(made.folder / made.manifest.database, empty.data / "portal.sqlite3")
    assert empty.manage("audit", "verify").returncode == 0
    shutil.copytree(live / "witness", empty.data / "witness")
    verdict = empty.manage("audit", "verify")
    assert verdict.returncode == 1
    assert "the database was rolled back" in verdict.stdout
    assert timezone.now() > scene.link.created_at
