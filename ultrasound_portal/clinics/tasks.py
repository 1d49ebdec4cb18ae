"""The periodic tasks of clinics."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from ultrasound_portal.clinics import invitations, sign_ins, throttle


@shared_task(name="clinics.clear_sessions")
def clear_sessions() -> None:
    """Remove the rows of sessions, invitations and wrong tries that are over."""
    SessionStore.clear_expired()
    sign_ins.clear()
    invitations.clear()
    throttle.clear()
