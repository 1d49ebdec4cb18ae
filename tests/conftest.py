"""What every test stands on: a data folder of its own, quick hashes, templates that refuse missing names."""

import json
import shutil
import threading
from collections.abc import Iterator

import pytest
import pytest_django
from celery import current_app
from django.conf import settings as configured
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.http import HttpRequest
from django.test import TransactionTestCase, override_settings

from tests.requirements_table import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_terminal_summary,
)
from tests.triggers import without_triggers
from ultrasound_portal import catalogues
from ultrasound_portal.audit import witness
from ultrasound_portal.clinics import sign_ins
from ultrasound_portal.clinics.models import Proof, User
from ultrasound_portal.vault import keyring

# pytest finds these by their names here
__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_terminal_summary"]


_BACK_SECONDS = 20


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Wait until a job that could not be handed back at once has been, while its test's database is there."""
    for thread in threading.enumerate():
        if "_return_later" in thread.name:
            thread.join(_BACK_SECONDS)


class UndefinedVariable(str):
    """Stands for a name that a template uses and nobody gave; rendering it fails the test."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"a template uses the undefined variable {missing}")


@pytest.fixture(scope="session", autouse=True)
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point everything that writes at a folder of this test run, the queue's messages too."""
    data = tmp_path_factory.mktemp("portal")
    (data / "static").mkdir()
    templates = json.loads(json.dumps(configured.TEMPLATES, default=str))
    templates[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
    if configured.CELERY_BROKER_URL.startswith("filesystem:"):
        current_app.conf.update(broker_transport_options={"folder": str(data / "broker"), "polling_interval": 0.01})
    with override_settings(
        PORTAL_DATA=data,
        STATIC_ROOT=data / "static",
        TEMPLATES=templates,
        CLOSED_DOOR_BEAT=0,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            **configured.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        keyring.prepare()
        catalogues.compile_stale()
        yield


@pytest.fixture(scope="session", autouse=True)
def _force_login_has_both_factors() -> Iterator[None]:
    """Give the sessions of `force_login` the row that signing in with password and second factor gives."""

    def begin(request: HttpRequest, user: User, **_: object) -> None:
        if not request.path:  # no page was asked: this is force_login
            sign_ins.begin(request, user, proof=Proof.CODE)

    user_logged_in.connect(begin, weak=False)
    yield
    user_logged_in.disconnect(begin)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the SQLite test database in a file, as in service, so that several connections can meet in it."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            name = tmp_path_factory.mktemp("database") / "test.sqlite3"
            connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Remember what migrations have put in, for the time after a transactional test."""
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()


@pytest.fixture(scope="session", autouse=True)
def _clean_after_transactional_tests() -> Iterator[None]:
    """Empty tables with their triggers lifted, and put back what migrations had put in."""
    flush = TransactionTestCase._fixture_teardown

    def empty(case: TransactionTestCase) -> None:
        case.serialized_rollback = True  # the rows of post_migrate come back with the others
        with without_triggers():
            flush(case)
            shutil.rmtree(witness.path().parent, ignore_errors=True)  # its trail is gone
            for connection in connections.all():
                connection.creation.deserialize_db_from_string(connection._test_serialized_contents)

    TransactionTestCase._fixture_teardown = empty
    yield
    TransactionTestCase._fixture_teardown = flush
