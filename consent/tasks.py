"""The periodic task of consent."""

from celery import shared_task
from django.utils import timezone

from consent import upkeep


@shared_task(name="consent.look_after")
def look_after() -> None:
    """Note what is over and ask people to act in time."""
    upkeep.look_after(timezone.now())
