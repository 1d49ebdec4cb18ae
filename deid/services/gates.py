"""The two gates before a picture reaches the patient: it is clean, and it may be released; each with its own record."""

from django.db import transaction
from django.utils import timezone

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Approval, GateRule, Instance
from deid.services import showings, steps
from deid.states import Gate, InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User


def standing(instance: Instance, gate: Gate) -> Approval | None:
    """Return the approval of the current run at a gate, if one stands."""
    approvals = Approval.objects.filter(run=instance.current_run, gate=gate, ended_at=None)
    return approvals.select_related("by").first()


def needs_second_person(clinic: Clinic) -> bool:
    """Say whether the clinic demands that another person releases what one found clean."""
    return GateRule.objects.filter(clinic=clinic, second_person=True).exists()


def open_gate(found_clean: Approval | None, *, by: User, may_release: bool, two: bool) -> Gate | None:
    """Return the gate that `by` passes for a picture next, or None where it waits for somebody else.

    `found_clean` is the approval of the first gate that stands; `two` says that the clinic demands a second person.
    """
    another = found_clean is not None and found_clean.by_id != by.pk
    if may_release and (another or not two):
        return Gate.RELEASE
    return Gate.CLEAN if found_clean is None else None


@transaction.atomic
def change_rule(clinic: Clinic, *, second_person: bool, by: User) -> None:
    """Demand a second person from now on, or no longer."""
    values = {"second_person": second_person, "changed_by": by, "changed_at": timezone.now()}
    GateRule.objects.update_or_create(clinic=clinic, defaults=values)
    trail.record(
        Event.GATES_CHANGED,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="clinic",
        object_id=clinic.pk,
        detail={"second_person": second_person},
    )


def pass_gate(locked: Instance, gate: Gate, *, by: User, confirmed: bool) -> Approval:
    """Write down that `by` passed the gate for the current run, in the caller's transaction."""
    assert locked.current_run is not None
    return Approval.objects.create(
        instance=locked,
        run=locked.current_run,
        gate=gate,
        by=by,
        confirmed=confirmed,
        unseen_frames=showings.unseen(locked, by=by),
    )


def check_second_person(locked: Instance, found_clean: Approval, *, by: User) -> None:
    """Raise ReviewRefused where the clinic demands two people and both would be the same."""
    if found_clean.by_id == by.pk and needs_second_person(locked.clinic):
        raise ReviewRefused(ReviewRefusal.SECOND_PERSON)


@transaction.atomic
def take_clean_back(approval: Approval) -> None:
    """End a finding of the first gate that stands, unless the picture has gone on since. Raises ReviewRefused."""
    locked = steps.lock(approval.instance)
    if locked.state != InstanceState.CLEAN or locked.current_run_id != approval.run_id:
        raise ReviewRefused(ReviewRefusal.STATE)
    if Approval.objects.filter(pk=approval.pk, ended_at=None).update(ended_at=timezone.now()):
        steps.audit(Event.FINDING_UNDONE, locked, approval.by, {})


def audit_clean(locked: Instance, approval: Approval) -> None:
    """Put the first gate on the trail."""
    detail: dict[str, str | int | bool] = {"confirmed": approval.confirmed, "held_for": locked.reason}
    if approval.unseen_frames:
        detail["unseen_frames"] = approval.unseen_frames
    steps.audit(Event.PICTURE_FOUND_CLEAN, locked, approval.by, detail)
