"""The periodic tasks of the ground floor."""

from celery import shared_task
from django.db import transaction

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.jobs import heartbeat as pulse
from ultrasound_portal.jobs import sweeper
from ultrasound_portal.vault import orphans


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Mend the queue, unless somebody has done so just now."""
    if sweeper.takes_turn():
        sweeper.sweep()


@shared_task(name="jobs.heartbeat")
def heartbeat() -> None:
    """Show that a worker works."""
    pulse.beat()


@shared_task(name="jobs.collect_orphans")
def collect_orphans() -> None:
    """Remove files that no row knows, and put on the trail how many there were."""
    if removed := orphans.collect():
        with transaction.atomic():
            record(Event.ORPHANS_REMOVED, actor="system:upkeep", clinic_id=None, detail={"objects": removed})
