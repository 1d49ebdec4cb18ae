"""Tells a worker that a job waits; when the broker cannot be reached, the sweeper tells again later."""

import logging
from uuid import UUID

from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError

from ultrasound_portal.celery import app

logger = logging.getLogger(__name__)


def wake(kind: str, job_id: UUID) -> None:
    """Send the job's task once the surrounding transaction is committed."""
    transaction.on_commit(lambda: _send(kind, job_id))


def _send(kind: str, job_id: UUID) -> None:
    try:
        app.send_task(settings.JOB_TASKS[kind], args=[str(job_id)], retry=False, ignore_result=True)
    except (KombuError, OSError) as error:
        logger.warning("job %s could not be announced (%s); the sweeper will", job_id, type(error).__name__)
