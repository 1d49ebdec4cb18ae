"""What every step of a reviewer has in common: the locked row, the right, the move, the queue and the entry."""

from collections.abc import Mapping

from django.utils import timezone

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Approval, Instance
from deid.states import UNSETTLED, Gate, InstanceState, MoveRefused, RunStatus
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.clinics.rights import can
from ultrasound_portal.clinics.roles import Capability
from ultrasound_portal.jobs import leases


def lock(instance: Instance) -> Instance:
    """Return the instance as it is now, locked for the transaction, with its study and its run."""
    return (
        Instance.objects.select_for_update(of=("self",))
        .select_related("study", "current_run", "clinic")
        .get(pk=instance.pk)
    )


def check_may_release(instance: Instance, by: User) -> None:
    """Raise ReviewRefused unless `by` is one who releases in the clinic of the picture."""
    membership = Membership.objects.filter(user=by, clinic_id=instance.clinic_id).first()
    if membership is None or not can(membership, Capability.RELEASE):
        raise ReviewRefused(ReviewRefusal.NO_RIGHT)


def move(instance: Instance, state: InstanceState, reason: str = "") -> None:
    """Take one step in memory. Raises ReviewRefused where the table of moves does not allow it."""
    try:
        instance.move_to(state, reason=reason)
    except MoveRefused as refused:
        raise ReviewRefused(ReviewRefusal.STATE) from refused


def take_back(instance: Instance) -> None:
    """Move a released picture in memory to what its run found, clean or held. Raises ReviewRefused."""
    run = instance.current_run
    if instance.state != InstanceState.RELEASED or run is None:
        raise ReviewRefused(ReviewRefusal.STATE)
    _end_approvals(instance, Gate.RELEASE)
    move(instance, InstanceState.HELD if run.status == RunStatus.HELD else InstanceState.CLEAN, run.reason)


def queue_again(instance: Instance) -> None:
    """Save the locked picture as waiting, with a job to clean it. Raises ReviewRefused while it is being cleaned.

    Nothing is cleaned again once its original was destroyed.
    """
    if instance.state in UNSETTLED:
        raise ReviewRefused(ReviewRefusal.STATE)
    if instance.original_destroyed_at is not None:
        raise ReviewRefused(ReviewRefusal.ORIGINAL_GONE)
    _end_approvals(instance, *Gate)
    move(instance, InstanceState.RECEIVED)
    instance.save()
    leases.enqueue("process_instance", instance.id, clinic_id=instance.clinic_id)


def _end_approvals(instance: Instance, *gates: Gate) -> None:
    standing = Approval.objects.filter(instance=instance, gate__in=gates, ended_at=None)
    standing.update(ended_at=timezone.now())


def audit(event: Event, instance: Instance, by: User, detail: Mapping[str, str | int | bool]) -> None:
    """Put the step of `by` on the trail, in the caller's transaction."""
    trail.record(
        event,
        actor=f"user:{by.id}",
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        detail=detail,
    )
