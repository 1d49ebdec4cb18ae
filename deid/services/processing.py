"""From a sealed original to sealed clean artefacts: one claimed job, one engine run, one visible result."""

import contextlib
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.engine import cage
from deid.engine.brand import Brand
from deid.engine.errors import CageBroken, Rejected
from deid.engine.findings import Flag, Status
from deid.models import Instance
from deid.services import matching
from deid.services.covers import opened_places
from deid.services.device_rules import boxes_of, rule_for
from deid.services.outputs import Order, Verdict, discard, seal_outputs, write_run
from deid.services.policies import current_policy, engine_policy
from deid.states import UNSETTLED, Failure, InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.jobs import holding, leases, owners
from ultrasound_portal.jobs.holding import GivingBack, Renewing
from ultrasound_portal.jobs.leases import Lease
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.keyring import derived_key
from ultrasound_portal.vault.unsealing import unseal

KIND = "process_instance"
ACTOR = "system:worker"
ENGINE_SECONDS = 240.0
RENEW_SECONDS = holding.RENEW_SECONDS
RETURN_SECONDS = holding.RETURN_SECONDS
BREAKS_ALLOWED = 2


def process(job_id: UUID) -> None:
    """Clean the instance of this job if the lease can be had; a second worker with the same job does nothing.

    The instance ends CLEAN, HELD or REJECTED. After a fault it waits for the next attempt, or is FAILED after
    the last; the fault then goes on to the caller. While there is no room for results it is left waiting.
    """
    if not stores.has_room():
        return
    lease = leases.claim(job_id, owner=owners.this_process())
    if lease is None:
        return
    with (
        GivingBack(lease, _give_back_after, seconds=RETURN_SECONDS),
        Renewing(lease, seconds=RENEW_SECONDS),
    ):
        order = _begin(lease)
        verdict = _judge(order, lease)
        if verdict is None:
            _give_back(lease, CageBroken.__name__, counts=True)
        else:
            _publish(order, verdict, lease)


@transaction.atomic
def give_up(kind: str, object_id: UUID) -> None:
    """Show an instance as FAILED when its job was set aside for good, be it by a worker or by the sweeper."""
    if kind != KIND:
        return
    instance = _locked(object_id)
    if instance.state in UNSETTLED:
        instance.move_to(InstanceState.FAILED, reason=Failure.GAVE_UP)
        instance.save()
        _audit(Event.PROCESSING_FAILED, instance, outcome="failed", detail={"attempts": leases.ATTEMPTS})


@transaction.atomic
def _begin(lease: Lease) -> Order:
    instance = _locked(lease.object_id)
    instance.move_to(InstanceState.PROCESSING)
    instance.save()
    _audit(Event.PROCESSING_STARTED, instance, detail={"attempt": lease.attempt})
    chosen = current_policy(instance.clinic)
    rule = rule_for(instance)
    covers = [*instance.covers, *boxes_of(rule, instance)]
    return Order(
        instance=instance,
        policy=engine_policy(
            chosen, covers=covers, lifted=opened_places(instance), named=matching.words_of(instance.study)
        ),
        rule=rule,
        policy_version=chosen.version,
        brand=brand_of(instance.clinic),
        started_at=timezone.now(),
    )


def _judge(order: Order, lease: Lease) -> Verdict | None:
    """Run the engine in its cage; None where it broke and may be tried again."""
    instance = order.instance
    try:
        outcome = cage.shared().deidentify(
            unseal(instance.original_id),
            policy=order.policy,
            brand=order.brand,
            secret=derived_key(f"pseudonyms:{instance.study.patient_id}"),
            timeout=ENGINE_SECONDS,
        )
    except Rejected as refusal:
        return Verdict(InstanceState.REJECTED, refusal.reason.value)
    except CageBroken as broken:
        if lease.attempt <= BREAKS_ALLOWED:
            return None
        return Verdict(InstanceState.HELD, broken.reason.value)
    if outcome.reason is not None:
        return Verdict(InstanceState.HELD, outcome.reason.value, outcome)
    assert outcome.status is Status.CLEAN
    return Verdict(InstanceState.CLEAN, "", outcome)


def _publish(order: Order, verdict: Verdict, lease: Lease) -> None:
    """Seal the outputs, then make them visible in one transaction that only the lease's holder can commit."""
    sealed = seal_outputs(order, verdict)
    with contextlib.ExitStack() as undo:
        undo.callback(discard, sealed.values())
        with leases.publishing(lease):
            instance = _locked(lease.object_id)
            instance.current_run = write_run(order, verdict, sealed)
            instance.move_to(verdict.state, reason=verdict.reason)
            if verdict.outcome is not None:
                instance.rows = verdict.outcome.rows
                instance.columns = verdict.outcome.columns
                instance.frames = verdict.outcome.frames
                instance.tells_sex |= Flag.FETAL_SEX in verdict.outcome.flags  # only a person takes it away
            instance.save()
            _audit_verdict(instance, verdict)
            undo.pop_all()  # what breaks from here on is the commit, of which nobody knows whether it was done


def _audit_verdict(instance: Instance, verdict: Verdict) -> None:
    telling = {"may_tell_sex": True} if verdict.outcome and Flag.FETAL_SEX in verdict.outcome.flags else {}
    if verdict.state is InstanceState.CLEAN:
        _audit(Event.INSTANCE_CLEANED, instance, detail=telling)
    elif verdict.state is InstanceState.HELD:
        _audit(Event.INSTANCE_HELD, instance, outcome="held", detail={"reason": verdict.reason, **telling})
    else:
        _audit(Event.INSTANCE_REFUSED, instance, outcome="refused", detail={"reason": verdict.reason})


def _give_back_after(lease: Lease, error_class: str, counts: bool) -> None:
    _give_back(lease, error_class, counts=counts)


@transaction.atomic
def _give_back(lease: Lease, error_class: str, *, counts: bool) -> None:
    """End the attempt; the instance waits for the next one, unless the job was set aside with it."""
    if counts:
        leases.fail(lease, error_class)
    else:
        leases.postpone(lease, error_class)
    instance = _locked(lease.object_id)
    if instance.state == InstanceState.PROCESSING:
        instance.move_to(InstanceState.RECEIVED)
        instance.save()
        _audit(Event.PROCESSING_FAILED, instance, outcome="failed", detail={"error": error_class})


def _locked(instance_id: UUID) -> Instance:
    return Instance.objects.select_for_update(of=("self",)).select_related("clinic", "study").get(pk=instance_id)


def brand_of(clinic: Clinic) -> Brand:
    """Return the present version of a clinic's brand as the engine takes it; raises VaultError."""
    kit = current_brand(clinic)
    return Brand(
        name=kit.name,
        line=kit.line,
        background=kit.background,
        ink=kit.ink,
        logo=None if kit.logo_id is None else unseal(kit.logo_id),
        version=kit.version,
        paper_logo=None if kit.paper_logo_id is None else unseal(kit.paper_logo_id),
        web=kit.web,
        handle=kit.handle,
        qr=kit.qr,
        top=kit.top,
        height=kit.height,
    )


def _audit(
    event: Event, instance: Instance, *, detail: Mapping[str, str | int | bool], outcome: str = "success"
) -> None:
    trail.record(
        event,
        actor=ACTOR,
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        outcome=outcome,
        detail=detail,
    )
