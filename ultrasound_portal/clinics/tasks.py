"""The background work of clinics."""

from uuid import UUID

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from ultrasound_portal.clinics import invitations, passwords, sign_ins, throttle


@shared_task(name="clinics.clear_sessions")
def clear_sessions() -> None:
    """Remove the rows of sessions, invitations, resets and wrong tries that are over."""
    SessionStore.clear_expired()
    sign_ins.clear()
    invitations.clear()
    throttle.clear()
    passwords.clear()


@shared_task(name="clinics.send_reset")
def send_reset(pk: str) -> None:
    """Send the mail of the job with this key."""
    passwords.send(UUID(pk))
