"""The app that brings released pictures to the patient, for the purposes she agreed to."""

from importlib import import_module

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Links, openings and the guard before every byte."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name what is erased with a patient, and what lives and ends with a yes."""
        import_module("sharing.erasing")
        import_module("sharing.services.renders")
