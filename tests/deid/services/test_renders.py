"""Files for sharing are made by a claimed job, only where somebody says that they may be, and once per brand."""

import errno
from collections.abc import Collection
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deid.engine.errors import CageBroken, Held, HoldReason
from deid.engine.formats import STILLS, Format
from deid.models import Instance, Render
from deid.services import renders
from deid.services.destruction import erase_picture
from deid.services.outputs import Order, Verdict, write_run
from deid.services.policies import current_policy, engine_policy
from deid.services.processing import brand_of
from deid.states import ArtefactKind, InstanceState, Lapse
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.patients import make_patient
from tests.factories.renders import give_master, place_renders, render_of
from tests.factories.sharing import make_released, make_study, unrelease
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.services import publish_brand_kit
from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


def everything(artefact_ids: Collection[UUID]) -> set[UUID]:
    return set(artefact_ids)


@pytest.fixture(autouse=True)
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge who allows everything."""
    monkeypatch.setattr(renders, "_judges", [everything])


@pytest.fixture
def released() -> Instance:
    clinic = make_clinic()
    instance = make_released(make_study(clinic, make_patient(clinic)), make_staff(clinic))
    give_master(instance)
    instance.refresh_from_db()
    return instance


def run(instance: Instance) -> Job:
    job = leases.enqueue(renders.KIND, instance.pk, clinic_id=instance.clinic_id)
    renders.process(job.pk)
    job.refresh_from_db()
    return job


def rebrand(instance: Instance) -> None:
    publish_brand_kit(
        instance.clinic, name="Hillside Two", line="", background="#402030", ink="#ffffff", logo=None, by=None
    )


@pytest.mark.database
def test_it_works(released: Instance) -> None:
    assert run(released).state == JobState.DONE
    made = Render.objects.filter(instance=released)
    assert {render.format for render in made} == set(STILLS)
    basis = released.artefacts.get(kind=ArtefactKind.STILL_PNG)
    assert {(render.basis_id, render.basis_sha256, render.brand_version) for render in made} == {
        (basis.pk, basis.sha256, 1)
    }
    assert renders.is_complete(released)
    entry = Entry.objects.get(event=Event.RENDERS_MADE)
    assert (entry.detail["objects"], entry.detail["brand"]) == (5, 1)
    assert stores.size(SealedObject.objects.get(pk=made[0].object_id).store_key) > made[0].size > 1000


@pytest.mark.requirement("R1")
def test_without_a_yes_nothing_is_made(released: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    for judges in ([], [lambda _: set()]):
        monkeypatch.setattr(renders, "_judges", judges)
        assert run(released).state == JobState.DONE
        assert not Render.objects.exists()


@pytest.mark.requirement("R18")
def test_a_yes_that_ends_while_they_are_made_leaves_nothing(
    released: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [everything, lambda _: set()]
    monkeypatch.setattr(renders, "_judges", [lambda keys: answers.pop(0)(keys)])
    before = {path.name for path in stores.files().root.rglob("*") if path.is_file()}
    assert run(released).state == JobState.DONE
    assert not Render.objects.exists()
    assert {path.name for path in stores.files().root.rglob("*") if path.is_file()} == before


def test_what_is_not_released_is_not_made(released: Instance) -> None:
    unrelease(released)
    assert run(released).state == JobState.DONE
    assert not Render.objects.exists()


def test_a_new_brand_takes_the_place_of_the_old_and_its_keys_are_gone(released: Instance) -> None:
    old = place_renders(released)
    rebrand(released)
    assert renders.progress(released.clinic) == renders.Progress(wanted=1, done=0)
    assert renders.make_again(released.clinic) == 1
    renders.process(Job.objects.get(kind=renders.KIND, state=JobState.QUEUED).pk)
    assert set(Render.objects.values_list("brand_version", flat=True)) == {2}
    assert not SealedObject.objects.filter(pk__in=[one.object_id for one in old], destroyed_at=None).exists()
    assert renders.progress(released.clinic) == renders.Progress(wanted=1, done=1)
    assert renders.make_again(released.clinic) == 0
    assert not Job.objects.filter(kind="process_instance").exists()


def test_what_is_complete_is_not_ordered_again(released: Instance) -> None:
    place_renders(released)
    renders.order([released])
    assert not Job.objects.exists()
    Render.objects.filter(format=Format.STORY).delete()
    renders.order([released])
    assert Job.objects.get().kind == renders.KIND


@pytest.mark.requirement("R36")
def test_a_format_that_is_held_back_is_left_out_and_told(released: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cage:
        def render(self, *_: object, **__: object) -> None:
            raise Held(HoldReason.TEXT_LEFT)

    monkeypatch.setattr(renders.cage, "shared", Cage)
    assert run(released).state == JobState.DONE
    assert not Render.objects.exists()
    assert Entry.objects.get(event=Event.RENDERS_MADE).detail["missing"] == "text_left"


def test_a_child_that_breaks_gives_the_job_back(released: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cage:
        def render(self, *_: object, **__: object) -> None:
            raise CageBroken(HoldReason.CRASHED)

    monkeypatch.setattr(renders.cage, "shared", Cage)
    job = leases.enqueue(renders.KIND, released.pk)
    for state in (JobState.QUEUED, JobState.QUEUED, JobState.QUARANTINED):
        with pytest.raises(CageBroken):
            renders.process(job.pk)
        job.refresh_from_db()
        assert job.state == state
    released.refresh_from_db()
    assert released.state == InstanceState.RELEASED


def test_a_disk_that_fills_up_leaves_nothing_behind_and_costs_no_attempt(
    released: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sealed before the disk was full goes again, the job waits, and with room it is done."""
    seal, sealed = renders.seal_file, SealedObject.objects.count()
    written = iter(range(2))

    def fill_up(*data: object, **of: object) -> SealedObject:
        if next(written, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return seal(*data, **of)  # type: ignore[arg-type]

    monkeypatch.setattr(renders, "seal_file", fill_up)
    job = leases.enqueue(renders.KIND, released.pk)
    for _ in range(leases.ATTEMPTS + 1):
        Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
        with pytest.raises(OSError, match="No space"):
            renders.process(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert Entry.objects.get(event=Event.JOB_POSTPONED).object_id == job.pk
    assert not Render.objects.exists()
    assert SealedObject.objects.filter(destroyed_at=None).count() <= sealed
    assert renders.being_made([released.pk]) == 1
    monkeypatch.setattr(renders, "seal_file", seal)
    renders.process(job.pk)
    assert Render.objects.count() == len(STILLS)
    assert renders.being_made([released.pk]) == 0


def test_without_room_it_is_not_begun(released: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "has_room", lambda: False)
    assert run(released).state == JobState.QUEUED
    assert not Render.objects.exists()


def test_they_go_with_the_picture_key_first(released: Instance) -> None:
    objects = [render.object_id for render in place_renders(released)]
    with transaction.atomic():
        erase_picture(released, reason=Lapse.FORGOTTEN.value, actor="system:test")
    assert not Render.objects.exists()
    assert SealedObject.objects.filter(pk__in=objects).exclude(destroyed_at=None).count() == len(objects)


def test_they_go_with_the_run_that_they_are_of(released: Instance) -> None:
    objects = [render.object_id for render in place_renders(released)]
    policy = engine_policy(current_policy(released.clinic), covers=())
    order = Order(released, policy, 0, brand_of(released.clinic), timezone.now())
    with transaction.atomic():
        write_run(order, Verdict(InstanceState.CLEAN, ""), {})
    assert not Render.objects.exists()
    assert SealedObject.objects.filter(pk__in=objects).exclude(destroyed_at=None).count() == len(objects)


@pytest.mark.database
def test_the_tables_hold_a_render_to_a_file_that_the_patient_gets(released: Instance) -> None:
    place_renders(released)
    render = render_of(released)
    with pytest.raises(IntegrityError), transaction.atomic():
        Render.objects.filter(pk=render.pk).update(basis_sha256="0" * 64)
    master = released.artefacts.get(kind=ArtefactKind.MASTER)
    kept = [field.attname for field in Render._meta.fields if field.name not in {"id", "object_id"}]
    values = {name: getattr(render, name) for name in kept}
    render.delete()
    for changes in ({"basis_sha256": "0" * 64}, {"basis_id": master.pk, "basis_sha256": master.sha256}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Render.objects.create(**values | changes, object_id=render.object_id)
