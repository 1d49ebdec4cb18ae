"""The app that brings released pictures to the patient, for the purposes she agreed to."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Links, openings and the guard before every byte."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
