"""The portal's door and desk for hostile files, without a browser."""

import io
from functools import cache

from deid.ingest.memory import MemoryFile
from deid.ingest.upload import take
from deid.models import Upload
from deid.services import processing
from tests.factories.clinics import make_clinic, make_staff
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState


def send(data: bytes) -> str:
    """Upload one file and work until its jobs are done; return what became of it."""
    upload = _upload()
    (item, *_) = take(upload, MemoryFile(io.BytesIO(data), size=len(data), refusal=None), actor="system:fuzz")
    for _ in range(5):
        for job in Job.objects.filter(state=JobState.QUEUED):
            processing.process(job.pk)
    item.refresh_from_db()
    return str(item.instance.state if item.instance else item.outcome)


@cache
def _upload() -> Upload:
    clinic = make_clinic()
    upload: Upload = Upload.objects.create(clinic=clinic, by=make_staff(clinic))
    return upload
