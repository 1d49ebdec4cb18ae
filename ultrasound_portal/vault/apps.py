"""The vault's place among the Django apps."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Sealed objects and their keys."""

    name = "ultrasound_portal.vault"
    label = "vault"
