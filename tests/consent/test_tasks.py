"""The periodic task is on the clock."""

from django.conf import settings

from consent import tasks


def test_the_clock_knows_it() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["look after consents"]
    assert entry["task"] == tasks.look_after.name
    assert settings.CELERY_TASK_ROUTES["consent.*"] == {"queue": "upkeep"}
