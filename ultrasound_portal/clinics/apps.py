"""The place of clinics among the Django apps."""

from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    """Clinics, their staff and their brand."""

    name = "ultrasound_portal.clinics"
    label = "clinics"
