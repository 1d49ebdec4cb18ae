"""The use cases in which a yes ends or rests: withdrawn, suspended, resumed, lapsed, or entered in error."""

import datetime
import functools
import uuid

from django.db import transaction
from django.utils import timezone

from consent.aftermath import follow
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant, Standing, Suspension, Task, Withdrawal
from consent.moving import SYSTEM, move
from consent.sealed import seal_text
from consent.signals import consent_withdrawn
from consent.states import (
    DECIDERS,
    WITHDRAWABLE,
    Basis,
    GrantState,
    SignerRole,
    SuspensionCause,
    SuspensionOutcome,
    TaskKind,
    WithdrawalChannel,
)
from consent.todo import finish, open_task
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User

LEAVES_THE_CLINIC = frozenset({"teaching", "publication", "research", "consult", "medical_record"})
"""Purposes whose pictures stand somewhere that no link reaches; a person takes them out."""


@transaction.atomic
def withdraw_consent(grant: Grant, *, actor: str, channel: WithdrawalChannel, reason: str = "") -> Withdrawal:
    """End a yes at once: with the commit of the caller's transaction the gate refuses.

    `actor` is `user:<id>` or `link:<id>`. Raises ConsentRefused with ALREADY_WITHDRAWN, with NOT_ACTIVE for a
    refusal and for a grant that has ended otherwise, or with UNKNOWN_CHANNEL.
    """
    if channel not in WithdrawalChannel.values or channel == WithdrawalChannel.CORRECTION:
        raise ConsentRefused(RefusalReason.UNKNOWN_CHANNEL)
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.state == GrantState.WITHDRAWN:
        raise ConsentRefused(RefusalReason.ALREADY_WITHDRAWN)
    if locked.state not in WITHDRAWABLE:
        raise ConsentRefused(RefusalReason.NOT_ACTIVE)
    now = timezone.now()
    reason_object_id, reason_sealed = _sealed(locked, reason)
    withdrawal = Withdrawal.objects.create(
        grant=locked,
        actor=actor,
        channel=channel,
        reason_object_id=reason_object_id,
        reason_sealed=reason_sealed,
        received_at=now,
    )
    _end(locked, GrantState.WITHDRAWN, Event.CONSENT_WITHDRAWN, actor=actor, at=now, channel=str(channel))
    if locked.purpose_id in LEAVES_THE_CLINIC:
        open_task(locked, TaskKind.RECALL, now)
    transaction.on_commit(functools.partial(consent_withdrawn.send_robust, Grant, grant_id=locked.pk))
    return withdrawal


@transaction.atomic
def suspend(grant: Grant, cause: SuspensionCause, *, actor: str, reason: str = "") -> Suspension:
    """Let a yes rest at once and ask staff to decide; with the commit the gate refuses.

    Raises ConsentRefused with NOT_ACTIVE for what does not hold.
    """
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.state != GrantState.ACTIVE:
        raise ConsentRefused(RefusalReason.NOT_ACTIVE)
    now = timezone.now()
    reason_object_id, reason_sealed = _sealed(locked, reason)
    suspension = Suspension.objects.create(
        grant=locked,
        cause=SuspensionCause(cause),
        actor=actor,
        reason_object_id=reason_object_id,
        reason_sealed=reason_sealed,
        at=now,
    )
    move(locked, GrantState.SUSPENDED, Event.CONSENT_SUSPENDED, actor=actor, detail={"cause": str(cause)})
    open_task(locked, TaskKind.DECIDE, now)
    return suspension


@transaction.atomic
def resume(grant: Grant, *, by: User) -> None:
    """Let a suspended yes hold again, because a member of staff has decided so.

    Raises ConsentRefused with NOT_SUSPENDED, or with PATIENT_DIED or PATIENT_UNABLE where who gave it is no longer who
    decides.
    """
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    now = timezone.now()
    if locked.state_at(now) is not GrantState.SUSPENDED:
        raise ConsentRefused(RefusalReason.NOT_SUSPENDED)
    _check_who_decides(locked)
    _close(locked, SuspensionOutcome.RESUMED, actor=f"user:{by.pk}", at=now)
    move(locked, GrantState.ACTIVE, Event.CONSENT_RESUMED, actor=f"user:{by.pk}")


@transaction.atomic
def lapse(grant: Grant, at: datetime.datetime) -> bool:
    """Note that the time of a yes is over; true where it had not been noted before."""
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.state not in WITHDRAWABLE or locked.state_at(at) is not GrantState.EXPIRED:
        return False
    _end(locked, GrantState.EXPIRED, Event.CONSENT_EXPIRED, actor=SYSTEM, at=at)
    return True


@transaction.atomic
def mark_in_error(grant: Grant, *, by: User, reason: str) -> None:
    """Take an answer out of force that should never have been recorded; it stays on record for ever.

    Raises ConsentRefused with NOT_ACTIVE for what has ended, or REASON_MISSING.
    """
    if not reason.strip():
        raise ConsentRefused(RefusalReason.REASON_MISSING)
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.state not in WITHDRAWABLE | {GrantState.REFUSED}:
        raise ConsentRefused(RefusalReason.NOT_ACTIVE)
    now = timezone.now()
    reason_object_id, reason_sealed = _sealed(locked, reason)
    Withdrawal.objects.create(
        grant=locked,
        actor=f"user:{by.pk}",
        channel=WithdrawalChannel.CORRECTION,
        reason_object_id=reason_object_id,
        reason_sealed=reason_sealed,
        received_at=now,
    )
    _end(locked, GrantState.IN_ERROR, Event.CONSENT_IN_ERROR, actor=f"user:{by.pk}", at=now)


def _end(grant: Grant, state: GrantState, event: Event, *, actor: str, at: datetime.datetime, **detail: str) -> None:
    _close(grant, SuspensionOutcome.ENDED, actor=actor, at=at)
    finish(Task.objects.filter(grant=grant), actor=actor, at=at)
    move(grant, state, event, actor=actor, detail=detail)
    follow(grant, actor)


def _close(grant: Grant, outcome: SuspensionOutcome, *, actor: str, at: datetime.datetime) -> None:
    kind, _, key = actor.partition(":")
    grant.suspensions.filter(closed_at=None).update(
        closed_at=at, closed_by_id=key if kind == "user" else None, outcome=outcome
    )
    finish(Task.objects.filter(grant=grant, kind=TaskKind.DECIDE), actor=actor, at=at)


def _check_who_decides(grant: Grant) -> None:
    standing = Standing.objects.filter(patient_id=grant.patient_id).first()
    if standing is None:
        return
    basis = Basis(grant.record.capacity.basis) if hasattr(grant.record, "capacity") else Basis.ADULT
    if standing.died_noted_at and basis is not Basis.DECEASED:
        raise ConsentRefused(RefusalReason.PATIENT_DIED)
    if standing.unable_noted_at and DECIDERS[basis] is SignerRole.PATIENT:
        raise ConsentRefused(RefusalReason.PATIENT_UNABLE)


def _sealed(grant: Grant, reason: str) -> tuple[uuid.UUID | None, bytes]:
    said = reason.strip()
    return seal_text(said, clinic_id=grant.clinic_id) if said else (None, b"")
