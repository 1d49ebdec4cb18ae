"""The migrations say the same as the models."""

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState


def missing(wanted: ProjectState) -> dict[str, list[str]]:
    """Describe per app what the migrations on disk lack to reach the wanted state."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(loader.project_state(), wanted)
    changes = detector.changes(graph=loader.graph)
    return {
        app: [operation.describe() for migration in found for operation in migration.operations]
        for app, found in changes.items()
    }


def test_no_migration_is_missing() -> None:
    assert missing(ProjectState.from_apps(apps)) == {}


@pytest.mark.parametrize("app", ["deid", "consent", "sharing", "vault"])
def test_a_missing_migration_is_seen(app: str) -> None:
    wanted = ProjectState.from_apps(apps)
    wanted.add_model(ModelState(app, "Forgotten", [("id", models.AutoField(primary_key=True))]))
    assert missing(wanted) == {app: ["Create model Forgotten"]}
