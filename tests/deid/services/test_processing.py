"""One claimed job, one visible result, and no fault that ends in a pass."""

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone

from deid.engine.errors import CageBroken, HoldReason, Rejected, RejectReason
from deid.engine.findings import Flag, Outcome
from deid.engine.geometry import Box, Why
from deid.engine.policy import Policy
from deid.ingest.receive import receive
from deid.models import Artefact, Instance, Run
from deid.services import covers, processing, review
from deid.services.policies import publish_policy
from deid.states import UNSETTLED, ArtefactKind, InstanceState, KeptTextChoice
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import sample_bytes
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.services import publish_brand_kit
from ultrasound_portal.jobs import sweeper
from ultrasound_portal.jobs.leases import Lease, LeaseLost
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault import file_store, stores
from ultrasound_portal.vault.errors import KeyUnavailable
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


def files() -> set[str]:
    return {path.name for path in stores.files().root.rglob("*") if path.is_file()}


class BrokenCage:
    """Stands for a cage whose child gives a bad end, since no sample breaks the real one on demand."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault
        self.asked = 0

    def deidentify(self, *_: object, **__: object) -> None:
        self.asked += 1
        raise self.fault


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


@pytest.fixture
def instance(clinic: Clinic) -> Instance:
    receipt = receive(sample_bytes("US1_J2KI.dcm"), clinic=clinic, actor="system:test", door="test")
    return Instance.objects.get(pk=receipt.instance_id)


@pytest.fixture
def break_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], BrokenCage]:
    def put(fault: BaseException) -> BrokenCage:
        broken = BrokenCage(fault)
        monkeypatch.setattr(processing.cage, "shared", lambda: broken)
        return broken

    return put


def run(instance: Instance) -> Instance:
    processing.process(Job.objects.filter(object_id=instance.pk).latest("created_at").pk)
    return Instance.objects.get(pk=instance.pk)


def job_of(instance: Instance) -> Job:
    return Job.objects.filter(object_id=instance.pk).latest("created_at")


def events(instance: Instance) -> list[str]:
    return list(Entry.objects.filter(object_id=instance.pk).order_by("seq").values_list("event", flat=True))


@pytest.mark.requirement("R31")
def test_an_ultrasound_picture_comes_out_clean_and_branded(instance: Instance) -> None:
    done = run(instance)
    assert (done.state, done.reason) == (InstanceState.CLEAN, "")
    kinds = set(done.artefacts.values_list("kind", flat=True))
    assert {"master", "still_png", "still_jpeg", "thumbnail", "source_still"} <= kinds
    assert done.artefacts.get(kind=ArtefactKind.STILL_PNG).brand_version == 1
    assert job_of(instance).state == JobState.DONE
    assert events(instance) == ["instance_received", "processing_started", "instance_cleaned"]


def test_a_second_worker_with_the_same_job_does_nothing(instance: Instance) -> None:
    run(instance)
    before = events(instance)
    run(instance)
    assert events(instance) == before
    assert instance.runs.count() == 1


def test_a_reviewers_cover_is_painted_and_the_former_files_are_destroyed(instance: Instance) -> None:
    first = run(instance)
    former = list(first.artefacts.values_list("object_id", flat=True))
    box = Box(100, 200, 60, 40, 0, 0, Why.MANUAL)
    covers.edit(first, [box], by=make_staff(first.clinic), edition=0)
    second = run(instance)
    assert second.state == InstanceState.CLEAN
    assert box.to_json() in second.current_run.report["boxes"]
    assert all(SealedObject.objects.get(pk=key).destroyed_at for key in former)
    assert second.runs.count() == 2


def test_the_newest_brand_is_used(instance: Instance) -> None:
    publish_brand_kit(instance.clinic, name="New", line="", background="#000000", ink="#ffffff", logo=None, by=None)
    assert run(instance).artefacts.get(kind=ArtefactKind.STILL_PNG).brand_version == 2


def test_the_policy_that_counts_is_used_and_its_version_kept(instance: Instance) -> None:
    first = run(instance)
    assert (first.current_run.policy["version"], first.current_run.policy["text"]) == (0, "measurements_and_anatomy")
    by = make_staff(instance.clinic)
    publish_policy(
        instance.clinic, text=KeptTextChoice.NOTHING, gestational_age=False, also_kept=(), also_covered=(), by=by
    )
    review.try_again(first, by=by)
    used = run(instance).current_run.policy
    assert (used["version"], used["text"], used["gestational_age"]) == (1, "nothing", False)


def test_what_may_tell_the_sex_stays_marked_until_a_person_says_otherwise(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = processing.cage.shared()
    flags = [frozenset({Flag.FETAL_SEX}), frozenset[Flag]()]

    def deidentify(*asked: object, **more: object) -> Outcome:
        return replace(real.deidentify(*asked, **more), flags=flags.pop(0))

    monkeypatch.setattr(processing.cage, "shared", lambda: SimpleNamespace(deidentify=deidentify))
    marked = run(instance)
    assert marked.tells_sex
    assert marked.current_run.report["flags"] == ["fetal_sex"]
    assert Entry.objects.filter(object_id=instance.pk).latest("seq").detail == {"may_tell_sex": True}
    review.try_again(marked, by=make_staff(instance.clinic))
    again = run(instance)
    assert again.tells_sex
    assert again.current_run.report["flags"] == []


def test_a_refusal_of_the_engine_rejects_with_its_reason(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage]
) -> None:
    break_with(Rejected(RejectReason.DAMAGED))
    done = run(instance)
    assert (done.state, done.reason) == (InstanceState.REJECTED, "damaged")
    assert job_of(instance).state == JobState.DONE
    assert SealedObject.objects.get(pk=instance.original_id).destroyed_at is None


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("reason", [HoldReason.TIMED_OUT, HoldReason.CRASHED])
def test_a_broken_cage_is_tried_twice_more_and_then_held(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage], reason: HoldReason
) -> None:
    broken = break_with(CageBroken(reason))
    for _ in range(2):
        waiting = run(instance)
        assert waiting.state == InstanceState.RECEIVED
        assert job_of(instance).state == JobState.QUEUED
    held = run(instance)
    assert (held.state, held.reason) == (InstanceState.HELD, reason.value)
    assert broken.asked == 3


@pytest.mark.requirement("R36")
def test_any_other_fault_goes_on_and_ends_failed_never_released(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage]
) -> None:
    break_with(ZeroDivisionError())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            run(instance)
    failed = Instance.objects.get(pk=instance.pk)
    assert (failed.state, failed.reason) == (InstanceState.FAILED, "gave_up")
    assert job_of(instance).state == JobState.QUARANTINED
    assert not Artefact.objects.filter(instance=instance).exists()


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    "fault",
    [OperationalError("away"), OSError(errno.ENOSPC, "full"), KeyUnavailable("no key"), MemoryError()],
    ids=["database", "disk", "key", "memory"],
)
def test_what_surrounds_the_work_may_fail_for_long_and_costs_no_attempt(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage], fault: Exception
) -> None:
    break_with(fault)
    for _ in range(5):
        with pytest.raises(type(fault)):
            run(instance)
        assert (job_of(instance).state, job_of(instance).attempt) == (JobState.QUEUED, 0)
        assert Instance.objects.get(pk=instance.pk).state == InstanceState.RECEIVED


def test_without_room_a_job_is_left_waiting(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_store, "RESERVE", 1 << 60)
    run(instance)
    assert (job_of(instance).state, job_of(instance).fence) == (JobState.QUEUED, 0)
    monkeypatch.undo()
    assert run(instance).state in {InstanceState.CLEAN, InstanceState.HELD}


@pytest.mark.django_db(transaction=True)
def test_a_job_is_handed_back_as_soon_as_the_database_is_there_again(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def postpone(lease: Lease, error_class: str) -> None:
        asked.append(lease)
        if len(asked) < 3:
            raise OperationalError("away")
        real(lease, error_class)
        back.set()

    asked: list[Lease] = []
    back = threading.Event()
    real = processing.leases.postpone
    monkeypatch.setattr(processing, "RETURN_SECONDS", 0.05)
    monkeypatch.setattr(processing.leases, "postpone", postpone)
    break_with(OperationalError("away"))
    with pytest.raises(OperationalError):
        run(instance)
    assert back.wait(20)
    for thread in threading.enumerate():
        if "return_later" in thread.name:
            thread.join()
    assert (job_of(instance).state, job_of(instance).attempt) == (JobState.QUEUED, 0)


def test_a_lease_lost_while_working_leaves_no_trace(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(order: object, verdict: object) -> object:
        Job.objects.filter(object_id=instance.pk).update(fence=99)
        return sealed(order, verdict)

    sealed, before = processing.seal_outputs, files()
    monkeypatch.setattr(processing, "seal_outputs", lose)
    done = run(instance)
    assert done.state == InstanceState.PROCESSING
    assert not Artefact.objects.filter(instance=instance).exists()
    assert not SealedObject.objects.filter(kind__in=["artefact", "master", "preview"]).exists()
    assert files() == before


def test_a_result_that_cannot_be_written_down_leaves_neither_key_nor_file(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError

    before = files()
    monkeypatch.setattr(processing, "_audit_verdict", fail)
    with pytest.raises(OperationalError):
        run(instance)
    assert not SealedObject.objects.filter(kind__in=["artefact", "master", "preview"]).exists()
    assert files() == before


def test_a_lease_that_could_not_be_renewed_once_is_renewed_the_next_time(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew(lease: Lease) -> None:
        asked.append(lease)
        if len(asked) == 1:
            raise OperationalError("database is locked")
        again.set()

    asked: list[Lease] = []
    again = threading.Event()
    judge = processing._judge
    monkeypatch.setattr(processing, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(processing.leases, "renew", renew)
    monkeypatch.setattr(processing, "_judge", lambda *order: again.wait(20) and judge(*order))
    assert run(instance).state in {InstanceState.CLEAN, InstanceState.HELD}
    assert again.is_set()


def test_a_fault_after_the_lease_is_lost_is_the_other_workers_business(
    instance: Instance, break_with: Callable[[BaseException], BrokenCage], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_with(LeaseLost())
    run(instance)
    assert job_of(instance).state == JobState.RUNNING


def test_the_lease_is_renewed_while_the_engine_works(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed = []
    monkeypatch.setattr(processing, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(processing.leases, "renew", renewed.append)
    run(instance)
    assert renewed


@pytest.mark.requirement("R40")
def test_no_file_in_the_store_is_readable(instance: Instance) -> None:
    run(instance)
    for path in stores.files().root.rglob("*"):
        if path.is_file():
            sealed = path.read_bytes()
            assert b"DICM" not in sealed[:200]
            assert not sealed.startswith((b"\x89PNG", b"\xff\xd8\xff"))


def test_what_happened_is_told_without_names(instance: Instance) -> None:
    run(instance)
    told = str(list(Entry.objects.values_list("detail", "actor", "object_kind")))
    assert "CompressedSamples" not in told


@contextmanager
def full_database() -> Iterator[None]:
    """Let SQLite take no further page on any connection, as on a disk without room; what is free inside is used up."""

    def limit(connection: BaseDatabaseWrapper, pages: int, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ballast (stone BLOB)")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
    limited = partial(_limit_new, limit=partial(limit, pages=pages))
    connection_created.connect(limited, weak=False)
    limit(connection, pages)
    try:
        with suppress(OperationalError):
            while True:
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO ballast VALUES (zeroblob(3000))")
        yield
    finally:
        connection_created.disconnect(limited)
        limit(connection, 1 << 30)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE ballast")


def received(clinic: Clinic, count: int) -> list[UUID]:
    pictures = (sample_bytes("US1_J2KI.dcm") for _ in range(count))
    return [receive(data, clinic=clinic, actor="system:test", door="test").instance_id for data in pictures]


def _limit_new(connection: BaseDatabaseWrapper, limit: Callable[[BaseDatabaseWrapper], None], **_: object) -> None:
    limit(connection)


@pytest.mark.requirement("R36")
@pytest.mark.django_db(transaction=True)
def test_a_full_database_leaves_every_picture_waiting_and_all_is_done_when_there_is_room(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no bound of its own; its disk is another matter")
    data = sample_bytes("US1_J2KI.dcm")
    outcome = processing.cage.shared().deidentify(data, policy=Policy(), brand=None, secret=b"the tests' own")
    monkeypatch.setattr(processing.cage.Cage, "deidentify", lambda *_, **__: outcome)
    waiting = received(clinic, 12)
    before, faults = files(), 0
    with full_database():
        for key in waiting:
            try:
                processing.process(Job.objects.get(object_id=key).pk)
            except OperationalError as fault:
                assert "full" in str(fault)  # noqa: PT017 - how many there are depends on what room the pages had
                faults += 1
        with pytest.raises(OperationalError, match="full"):
            received(clinic, 40)
        whole = {run.instance_id for run in Run.objects.filter(instance__in=waiting)}
        states = dict(Instance.objects.filter(pk__in=waiting).values_list("pk", "state"))
        assert faults
        assert len(whole) < len(waiting)
        assert all((state in UNSETTLED) is (key not in whole) for key, state in states.items())
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweeper.sweep()
    for key in waiting:
        for job in Job.objects.filter(object_id=key).exclude(state=JobState.DONE):
            processing.process(job.pk)
    assert Run.objects.filter(instance__in=waiting).count() == len(waiting)
    assert not Instance.objects.filter(pk__in=waiting, state__in=[*UNSETTLED, InstanceState.FAILED]).exists()
    assert before <= files()
