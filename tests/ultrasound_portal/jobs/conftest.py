"""What the tests of jobs share."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from ultrasound_portal.jobs.signals import job_quarantined


@pytest.fixture
def quarantined() -> Iterator[list[tuple[str, UUID]]]:
    """Collect the news of set-aside jobs, in place of the rooms above."""
    heard: list[tuple[str, UUID]] = []
    above = job_quarantined.receivers
    job_quarantined.receivers = []
    job_quarantined.sender_receivers_cache.clear()

    def listen(kind: str, object_id: UUID, **_: object) -> None:
        heard.append((kind, object_id))

    job_quarantined.connect(listen)
    yield heard
    job_quarantined.receivers = above
    job_quarantined.sender_receivers_cache.clear()
