"""The place of jobs among the Django apps."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The rows that are the truth about background work."""

    name = "ultrasound_portal.jobs"
    label = "jobs"
