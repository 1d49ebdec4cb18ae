"""When a worker last did something, which is what readiness looks at."""

from datetime import timedelta

from django.utils import timezone

from ultrasound_portal.jobs.models import Heartbeat

WORKER = "worker"


def beat() -> None:
    """Note that a worker carried out a task now."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beaten_at": timezone.now()})


def age() -> timedelta | None:
    """Return how long ago the last beat was; None before the first, and where the clock was put back since then."""
    now = timezone.now()
    last = Heartbeat.objects.filter(name=WORKER, beaten_at__lte=now).first()
    return now - last.beaten_at if last else None
