"""News from the ground floor that this app acts on."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from deid.services import processing, renders
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.signals import brand_published
from ultrasound_portal.jobs.signals import job_quarantined


@receiver(brand_published)
def on_brand_published(clinic_id: UUID, **_: Any) -> None:  # Any: what else a signal carries
    """Have the files for sharing made again with the new brand, out of the clean masters."""
    renders.make_again(Clinic.objects.get(pk=clinic_id))


@receiver(job_quarantined)
def on_job_quarantined(kind: str, object_id: UUID, **_: Any) -> None:  # Any: what else a signal carries
    """Show the instance of a job that was set aside as failed, so that a person sees it."""
    processing.give_up(kind, object_id)
