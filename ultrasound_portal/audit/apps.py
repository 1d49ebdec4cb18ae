"""The place of audit among the Django apps."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The trail that cannot be rewritten unseen."""

    name = "ultrasound_portal.audit"
    label = "audit"
