"""The periodic tasks of clinics."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from ultrasound_portal.clinics import sign_ins


@shared_task(name="clinics.clear_sessions")
def clear_sessions() -> None:
    """Remove the rows of sessions that have expired."""
    SessionStore.clear_expired()
    sign_ins.clear()
