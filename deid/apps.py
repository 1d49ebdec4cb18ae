"""The app that turns a raw instance into a clean, branded picture."""

from importlib import import_module

from django.apps import AppConfig


class DeidConfig(AppConfig):
    """From raw image to clean image."""

    name = "deid"
    verbose_name = "De-identification"

    def ready(self) -> None:
        """Listen to the ground floor's news, name what is erased with a patient, and check what must stand."""
        import_module("deid.receivers")
        import_module("deid.services.erasing")
        import_module("deid.checks")
