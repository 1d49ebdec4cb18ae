"""The ground floor as a whole, for what belongs to none of its rooms."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the checks of the settings."""

    name = "ultrasound_portal"
    label = "portal"

    def ready(self) -> None:
        """Have Django know the checks."""
        import_module("ultrasound_portal.checks")
