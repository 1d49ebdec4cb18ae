"""Mistakes in the settings are named with a way out."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.checks.registry import registry
from pytest_django import Settings

from tests.factories.patients import make_patient
from ultrasound_portal import catalogues, checks
from ultrasound_portal.vault import index_mark, keyring
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import IndexMark
from ultrasound_portal.vault.sealing import seal_value


def test_the_checks_are_registered() -> None:
    assert {
        checks.check_demo_stays_here,
        checks.check_network_has_tls,
        checks.check_secret_key_is_kept,
        checks.check_wrapping_key_fits,
        checks.check_index_key_fits,
        checks.check_catalogues_are_compiled,
    } <= registry.registered_checks | registry.deployment_checks


@pytest.mark.parametrize(
    ("demo", "bind", "wrong"),
    [
        (True, "127.0.0.1", []),
        (False, "0.0.0.0", []),
        (True, "0.0.0.0", ["portal.E001"]),
        (True, "192.0.2.7", ["portal.E001"]),
    ],
)
def test_the_demo_stays_on_this_machine(settings: Settings, demo: bool, bind: str, wrong: list[str]) -> None:
    settings.DEMO, settings.PORTAL_BIND = demo, bind
    found = checks.check_demo_stays_here()
    assert [one.id for one in found] == wrong
    assert all(one.hint for one in found)


@pytest.mark.parametrize(
    ("https", "bind", "wrong"),
    [(False, "127.0.0.1", []), (True, "0.0.0.0", []), (False, "0.0.0.0", ["portal.E002"])],
)
@pytest.mark.requirement("R40")
def test_a_network_needs_tls(settings: Settings, https: bool, bind: str, wrong: list[str]) -> None:
    settings.PORTAL_HTTPS, settings.PORTAL_BIND = https, bind
    assert [one.id for one in checks.check_network_has_tls()] == wrong


def test_a_secret_key_that_is_not_kept_is_noted(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY_FILE = tmp_path / "secret.key"
    assert [one.id for one in checks.check_secret_key_is_kept()] == ["portal.W001"]
    settings.SECRET_KEY_FILE.write_text("x")
    assert checks.check_secret_key_is_kept() == []
    settings.SECRET_KEY_FILE.unlink()
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    assert checks.check_secret_key_is_kept() == []


@pytest.mark.django_db
def test_a_lost_wrapping_key_is_named(settings: Settings, tmp_path: Path) -> None:
    assert checks.check_wrapping_key_fits(databases=["default"]) == []
    seal_value(b"x", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    assert checks.check_wrapping_key_fits(databases=["default"]) == []
    assert checks.check_wrapping_key_fits() == []
    settings.PORTAL_DATA = tmp_path
    assert [one.id for one in checks.check_wrapping_key_fits(databases=["default"])] == ["portal.E003"]
    keyring.prepare()
    assert [one.id for one in checks.check_wrapping_key_fits(databases=["default"])] == ["portal.E003"]


@pytest.mark.django_db
@pytest.mark.parametrize("marked", [True, False], ids=["marked", "from before the mark"])
def test_an_index_key_of_other_data_is_named(settings: Settings, tmp_path: Path, marked: bool) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    IndexMark.objects.all().delete()
    assert checks.check_index_key_fits(databases=["default"]) == []
    make_patient()
    if marked:
        index_mark.remember()
    assert checks.check_index_key_fits(databases=["default"]) == []
    assert checks.check_index_key_fits() == []
    (tmp_path / "keys" / "index.key").write_bytes(os.urandom(32))
    [found] = checks.check_index_key_fits(databases=["default"])
    assert (found.id, bool(found.hint)) == ("portal.E004", True)
    assert checks.check_wrapping_key_fits(databases=["default"]) == []
    (tmp_path / "keys" / "index.key").unlink()
    assert checks.check_index_key_fits(databases=["default"]) == []


@pytest.mark.django_db
def test_old_keys_beside_the_current_one_are_enough(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    seal_value(b"x", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    keyring.rotate()
    seal_value(b"x", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    assert checks.check_wrapping_key_fits(databases=["default"]) == []


def test_a_catalogue_that_is_not_compiled_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_catalogues_are_compiled() == []
    monkeypatch.setattr(catalogues, "stale", catalogues.sources)
    assert [found.id for found in checks.check_catalogues_are_compiled()] == ["portal.W004"]
