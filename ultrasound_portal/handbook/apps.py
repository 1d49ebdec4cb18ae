"""The place of the handbook among the Django apps."""

from django.apps import AppConfig


class HandbookConfig(AppConfig):
    """The clinic's own rules for its staff."""

    name = "ultrasound_portal.handbook"
    label = "handbook"
