"""Whether the portal lives and can work; strangers learn yes or no, nothing else."""

import logging
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ultrasound_portal.clinics.access import public
from ultrasound_portal.jobs import heartbeat
from ultrasound_portal.vault import stores

logger = logging.getLogger(__name__)

STALE = timedelta(seconds=120)
"""Eight beats; a worker may be busy with two films for some of them."""
PLAIN = "text/plain; charset=utf-8"


@public
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@public
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether database, store and workers are there; the log says which one is not."""
    parts = {"database": _database(), "store": _store(), "worker": _worker()}
    wrong = [name for name, fine in parts.items() if not fine]
    if wrong:
        logger.warning("not ready: %s", ", ".join(wrong))
        return HttpResponse("not ready\n", status=503, content_type=PLAIN)
    return HttpResponse("ok\n", content_type=PLAIN)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _store() -> bool:
    return os.access(Path(settings.PORTAL_DATA), os.W_OK | os.X_OK) and stores.has_room()


def _worker() -> bool:
    try:
        age = heartbeat.age()
    except DatabaseError:
        return False
    return age is not None and age < STALE
