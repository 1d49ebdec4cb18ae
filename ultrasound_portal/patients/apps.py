"""The place of patients among the Django apps."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Sealed identities of patients."""

    name = "ultrasound_portal.patients"
    label = "patients"
