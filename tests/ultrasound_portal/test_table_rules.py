"""A table's own rules refuse on both databases, cannot be skipped, and come off again."""

import pytest
from django.db import IntegrityError, connection, transaction

from ultrasound_portal.jobs.leases import enqueue
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.table_rules import Rule, changed, install, lift, put_back, set_aside

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

RULES = (
    Rule("test_job_keeps_its_kind", "jobs_job", "UPDATE", changed("kind", "object_id"), "the kind of a job is fixed"),
    Rule("test_job_stays", "jobs_job", "DELETE", "OLD.attempt = 0", "an untried job is not deleted"),
)


def refused(step: object) -> bool:
    assert callable(step)
    try:
        with transaction.atomic():
            step()
    except IntegrityError:
        return True
    return False


def test_rules_refuse_what_they_name_and_come_off_again() -> None:
    job = enqueue("process_instance", Job().id)
    rows = Job.objects.filter(pk=job.pk)
    with connection.schema_editor() as editor:
        install(editor, RULES)
    assert refused(lambda: rows.update(kind="other"))
    assert refused(rows.delete)
    assert not refused(lambda: rows.update(attempt=1))
    assert not refused(lambda: rows.update(kind="process_instance"))
    with connection.schema_editor() as editor:
        lift(editor, RULES)
    assert not refused(lambda: rows.update(kind="other"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no replication role that skips triggers")
def test_no_trigger_of_ours_is_skipped_under_replication() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A'")
        assert cursor.fetchall() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite builds a table anew to change it")
def test_every_trigger_comes_back_after_tables_were_built_anew() -> None:
    def triggers() -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return set(cursor.fetchall())

    before = triggers()
    assert before
    with connection.schema_editor() as editor:
        set_aside(editor)
        assert triggers() == set()
        put_back(editor)
    assert triggers() == before
    assert "triggers_set_aside" not in connection.introspection.table_names()
