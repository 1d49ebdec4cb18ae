"""News from the ground floor that this app acts on."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from sharing.services import sending
from ultrasound_portal.jobs.signals import job_quarantined


@receiver(job_quarantined)
def on_job_quarantined(kind: str, object_id: UUID, **_: Any) -> None:  # Any: what else a signal carries
    """End the message of a job that was set aside, so that staff are told."""
    sending.give_up(kind, object_id)
