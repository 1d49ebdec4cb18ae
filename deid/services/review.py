"""A person looks: pictures are released or rejected, and every look is on the trail."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.engine.errors import LOOKED_PAST
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Approval, Artefact, Instance
from deid.services import gates, matching, showings, steps
from deid.services.release import SealedReader, open_for_review
from deid.states import ArtefactKind, Doubt, Gate, InstanceState, Refusal
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState


def is_confirmable(instance: Instance) -> bool:
    """Say whether a held picture may be released by a clinician who looked at every frame."""
    return instance.state == InstanceState.HELD and instance.reason in LOOKED_PAST | {Doubt.NAME_SEEN}


@transaction.atomic
def find_clean(instance: Instance, *, by: User, seen: UUID | None, confirmed: bool = False) -> Instance:
    """Say at the first gate that the picture is clean; whether the patient may see it is another question.

    A held picture needs a clinician and the sentence `confirmed`. Raises ReviewRefused as `release` does.
    """
    locked = steps.lock(instance)
    _check_result(locked, seen)
    if locked.state == InstanceState.HELD:
        steps.check_may_release(locked, by)
        if not confirmed:
            raise ReviewRefused(ReviewRefusal.NOT_CONFIRMED)
    _found_clean(locked, by=by, confirmed=confirmed)
    return locked


@transaction.atomic
def release(
    instance: Instance, *, by: User, seen: UUID | None, confirmed: bool = False, sex_wanted: bool = False
) -> Instance:
    """Let the picture be shared, if it is clean, or held for a confirmable reason and confirmed by `by`.

    Where nobody passed the first gate yet, `by` passes both; a clinic may demand another person for each.
    `seen` is the run whose result `by` looked at: what was cleaned again since then has to be looked at again. A
    picture that may tell the sex needs `sex_wanted` besides: the family wants to know.
    Raises ReviewRefused: no clinician, state or run moved on, reason that no person may lift, a word of `by` that is
    missing, a second person that is missing, or no branded picture.
    """
    locked = steps.lock(instance)
    steps.check_may_release(locked, by)
    held_for = locked.reason
    _check_result(locked, seen)
    if locked.state == InstanceState.HELD and not confirmed:
        raise ReviewRefused(ReviewRefusal.NOT_CONFIRMED)
    if locked.tells_sex and not sex_wanted:
        raise ReviewRefused(ReviewRefusal.SEX_NOT_WANTED)
    gates.check_second_person(locked, _found_clean(locked, by=by, confirmed=confirmed), by=by)
    approval = gates.pass_gate(locked, Gate.RELEASE, by=by, confirmed=confirmed)
    steps.move(locked, InstanceState.RELEASED)
    locked.released_at = timezone.now()
    locked.released_by = by
    locked.sex_wanted = locked.tells_sex
    locked.save()
    told = {"sex_wanted": True} if locked.tells_sex else {}
    unseen = {"unseen_frames": approval.unseen_frames} if approval.unseen_frames else {}
    steps.audit(Event.INSTANCE_RELEASED, locked, by, {"confirmed": confirmed, "held_for": held_for, **told, **unseen})
    return locked


@transaction.atomic
def undo_release(instance: Instance, *, by: User) -> Instance:
    """Take the picture back to what its run found, clean or held; its links show nothing from now on."""
    locked = steps.lock(instance)
    steps.check_may_release(locked, by)
    steps.take_back(locked)
    locked.save()
    steps.audit(Event.RELEASE_UNDONE, locked, by, {})
    return locked


@transaction.atomic
def reject(instance: Instance, *, by: User, reason: Refusal) -> Instance:
    """Keep the picture from ever being shared. Raises ReviewRefused."""
    locked = steps.lock(instance)
    steps.move(locked, InstanceState.REJECTED, reason.value)
    locked.save()
    steps.audit(Event.INSTANCE_REJECTED, locked, by, {"reason": reason.value})
    return locked


@transaction.atomic
def try_again(instance: Instance, *, by: User) -> Instance:
    """Clean once more, with the current brand; a job that was set aside gets its attempts back."""
    locked = steps.lock(instance)
    set_aside = Job.objects.filter(object_id=locked.id, state=JobState.QUARANTINED).first()
    if set_aside is None:
        steps.queue_again(locked)
        steps.audit(Event.JOB_RETRIED, locked, by, {})
    else:
        steps.move(locked, InstanceState.RECEIVED)
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
        showings.note_served(artefact, by=by)
    return open_for_review(artefact.id)


def _check_result(locked: Instance, seen: UUID | None) -> None:
    if locked.state not in {InstanceState.CLEAN, InstanceState.HELD} or locked.current_run_id != seen:
        raise ReviewRefused(ReviewRefusal.STATE)
    if locked.state == InstanceState.HELD and not is_confirmable(locked):
        raise ReviewRefused(ReviewRefusal.NEVER)
    if not _has_branded_picture(locked):
        raise ReviewRefused(ReviewRefusal.NO_OUTPUTS)
    matching.check_matched(locked.study)


def _found_clean(locked: Instance, *, by: User, confirmed: bool) -> Approval:
    """Return the approval of the first gate; `by` passes it where nobody has."""
    known = gates.standing(locked, Gate.CLEAN)
    if known is not None:
        return known
    made = gates.pass_gate(locked, Gate.CLEAN, by=by, confirmed=confirmed)
    gates.audit_clean(locked, made)
    return made


def _has_branded_picture(instance: Instance) -> bool:
    return Artefact.objects.filter(
        instance=instance,
        run=instance.current_run,
        kind=ArtefactKind.STILL_PNG,
        brand_version__isnull=False,
    ).exists()
