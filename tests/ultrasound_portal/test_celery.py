"""The queue's settings are those that lose least, and nothing but JSON travels."""

from django.conf import settings

from ultrasound_portal.celery import app


def test_late_acknowledgement_json_only_and_no_results() -> None:
    assert app.main == "portal"
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
    assert app.conf.task_time_limit == 900


def test_upkeep_does_not_wait_behind_pictures() -> None:
    assert app.amqp.router.route({}, "jobs.sweep")["queue"].name == "upkeep"
    assert app.amqp.router.route({}, "deid.tasks.process_instance")["queue"].name == "portal"


def test_upkeep_that_waited_too_long_is_dropped() -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE.values()
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in schedule)


def test_every_kind_of_job_has_a_task() -> None:
    app.loader.import_default_modules()
    assert set(settings.JOB_TASKS.values()) <= set(app.tasks)
