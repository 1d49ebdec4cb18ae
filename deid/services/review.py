"""A person looks: covers are added, pictures released or rejected, and every look is on the trail."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.engine.errors import HoldReason
from deid.engine.geometry import Box
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Artefact, Instance
from deid.services.release import SealedReader, open_for_review
from deid.states import UNSETTLED, ArtefactKind, InstanceState, MoveRefused, Refusal, RunStatus
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability
from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

COVERS_AT_MOST = 200
CONFIRMABLE = frozenset({HoldReason.TEXT_LEFT, HoldReason.AREA_UNCERTAIN, HoldReason.REPORT_PAGE})


def is_confirmable(instance: Instance) -> bool:
    """Say whether a held picture may be released by a clinician who looked at every frame."""
    return instance.state == InstanceState.HELD and instance.reason in CONFIRMABLE


@transaction.atomic
def release(instance: Instance, *, by: User, seen: UUID | None, confirmed: bool = False) -> Instance:
    """Let the picture be shared, if it is clean, or held for a confirmable reason and confirmed by `by`.

    `seen` is the run whose result `by` looked at: what was cleaned again since then has to be looked at again.
    Raises ReviewRefused: no clinician, state or run moved on, reason that no person may lift, or no branded picture.
    """
    locked = _locked(instance)
    _check_right(locked, by)
    held_for = locked.reason
    if locked.state not in {InstanceState.CLEAN, InstanceState.HELD} or locked.current_run_id != seen:
        raise ReviewRefused(ReviewRefusal.STATE)
    if locked.state == InstanceState.HELD:
        if not is_confirmable(locked):
            raise ReviewRefused(ReviewRefusal.NEVER)
        if not confirmed:
            raise ReviewRefused(ReviewRefusal.NOT_CONFIRMED)
    if not _has_branded_picture(locked):
        raise ReviewRefused(ReviewRefusal.NO_OUTPUTS)
    _move(locked, InstanceState.RELEASED)
    locked.released_at = timezone.now()
    locked.released_by = by
    locked.save()
    _audit(Event.INSTANCE_RELEASED, locked, by, {"confirmed": confirmed, "held_for": held_for})
    return locked


@transaction.atomic
def undo_release(instance: Instance, *, by: User) -> Instance:
    """Take the picture back to what its run found, clean or held; its links show nothing from now on."""
    locked = _locked(instance)
    _check_right(locked, by)
    if locked.state != InstanceState.RELEASED or locked.current_run is None:
        raise ReviewRefused(ReviewRefusal.STATE)
    run = locked.current_run
    _move(locked, InstanceState.HELD if run.status == RunStatus.HELD else InstanceState.CLEAN, run.reason)
    locked.save()
    _audit(Event.RELEASE_UNDONE, locked, by, {})
    return locked


@transaction.atomic
def add_boxes(instance: Instance, boxes: Sequence[Box], *, by: User) -> Instance:
    """Cover more and clean again; any approval ends here. Raises ReviewRefused."""
    locked = _locked(instance)
    for box in boxes:
        _check_inside(locked, box)
    if len(locked.covers) + len(boxes) > COVERS_AT_MOST:
        raise ReviewRefused(ReviewRefusal.TOO_MANY)
    locked.covers = [*locked.covers, *(box.to_json() for box in boxes)]
    _queue_again(locked)
    _audit(Event.BOXES_ADDED, locked, by, {"boxes": len(boxes)})
    return locked


@transaction.atomic
def reject(instance: Instance, *, by: User, reason: Refusal) -> Instance:
    """Keep the picture from ever being shared. Raises ReviewRefused."""
    locked = _locked(instance)
    _move(locked, InstanceState.REJECTED, reason.value)
    locked.save()
    _audit(Event.INSTANCE_REJECTED, locked, by, {"reason": reason.value})
    return locked


@transaction.atomic
def try_again(instance: Instance, *, by: User) -> Instance:
    """Clean once more, with the current brand; a job that was set aside gets its attempts back."""
    locked = _locked(instance)
    set_aside = Job.objects.filter(object_id=locked.id, state=JobState.QUARANTINED).first()
    if set_aside is None:
        _queue_again(locked)
        _audit(Event.JOB_RETRIED, locked, by, {})
    else:
        _move(locked, InstanceState.RECEIVED)
        locked.save()
        leases.retry(set_aside, actor=f"user:{by.id}")
    return locked


def open_for_staff(artefact: Artefact, *, by: User) -> SealedReader:
    """Open an artefact for a member of staff; the look is on the trail before the first byte."""
    with transaction.atomic():
        trail.record(
            Event.PICTURE_VIEWED_BY_STAFF,
            actor=f"user:{by.id}",
            clinic_id=artefact.instance.clinic_id,
            object_kind="artefact",
            object_id=artefact.id,
            patient_id=artefact.instance.study.patient_id,
            detail={"kind": artefact.kind},
        )
    return open_for_review(artefact.id)


def _locked(instance: Instance) -> Instance:
    return Instance.objects.select_for_update(of=("self",)).select_related("study", "current_run").get(pk=instance.pk)


def _check_right(instance: Instance, by: User) -> None:
    membership = Membership.objects.filter(user=by, clinic_id=instance.clinic_id).first()
    if membership is None or Capability.RELEASE not in CAPABILITIES[membership.role]:
        raise ReviewRefused(ReviewRefusal.NO_RIGHT)


def _check_inside(instance: Instance, box: Box) -> None:
    inside = box.x + box.w <= instance.columns and box.y + box.h <= instance.rows
    if not inside or box.last_frame >= instance.frames:
        raise ReviewRefused(ReviewRefusal.OUTSIDE)


def _has_branded_picture(instance: Instance) -> bool:
    return Artefact.objects.filter(
        instance=instance,
        run=instance.current_run,
        kind=ArtefactKind.STILL_PNG,
        brand_version__isnull=False,
    ).exists()


def _move(instance: Instance, state: InstanceState, reason: str = "") -> None:
    try:
        instance.move_to(state, reason=reason)
    except MoveRefused as refused:
        raise ReviewRefused(ReviewRefusal.STATE) from refused


def _queue_again(instance: Instance) -> None:
    if instance.state in UNSETTLED:
        raise ReviewRefused(ReviewRefusal.STATE)
    _move(instance, InstanceState.RECEIVED)
    instance.save()
    leases.enqueue("process_instance", instance.id, clinic_id=instance.clinic_id)


def _audit(event: Event, instance: Instance, by: User, detail: Mapping[str, str | int | bool]) -> None:
    trail.record(
        event,
        actor=f"user:{by.id}",
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        detail=detail,
    )
