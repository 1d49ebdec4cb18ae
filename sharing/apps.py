"""The app that brings released pictures to the patient, for the purposes she agreed to."""

from importlib import import_module

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Links, openings and the guard before every byte."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to news, name what is erased with a patient and what ends with a yes, and check what must stand."""
        import_module("sharing.receivers")
        import_module("sharing.erasing")
        import_module("sharing.services.renders")
        import_module("sharing.checks")
