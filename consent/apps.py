"""The consent app."""

from importlib import import_module

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Registers the models of consent."""

    name = "consent"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Consent"

    def ready(self) -> None:
        """Name what is erased with a patient."""
        import_module("consent.erasing")
