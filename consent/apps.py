"""The consent app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Registers the models of consent."""

    name = "consent"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Consent"
