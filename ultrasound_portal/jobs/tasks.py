"""The periodic tasks of the ground floor."""

from celery import shared_task

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
    """Remove files that no row knows."""
    orphans.collect()
