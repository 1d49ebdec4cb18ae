"""The vault's place among the Django apps."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class VaultConfig(AppConfig):
    """Sealed objects and their keys."""

    name = "ultrasound_portal.vault"
    label = "vault"

    def ready(self) -> None:
        """Have the mark of the index key written when the tables are there."""
        post_migrate.connect(_remember_the_index_key, sender=self)


def _remember_the_index_key(**_: Any) -> None:  # Any: what else a signal carries
    errors = import_module("ultrasound_portal.vault.errors")
    try:
        import_module("ultrasound_portal.vault.index_mark").remember()
    except errors.KeyUnavailable:
        return  # tables may be made before the keys are: the next start writes the mark
