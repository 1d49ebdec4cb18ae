"""What is remembered for a machine: covers that later pictures of it get beside those that the engine finds."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import DeviceRule, Instance
from deid.services.covers import COVERS_AT_MOST
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User


def rule_for(instance: Instance) -> DeviceRule | None:
    """Return the rule that stands for the picture's machine and size."""
    if instance.machine_id is None:
        return None
    rules = DeviceRule.objects.filter(machine=instance.machine_id, ended_at=None)
    return rules.filter(rows=instance.rows, columns=instance.columns).first()


def boxes_of(rule: DeviceRule | None, instance: Instance) -> list[dict[str, Any]]:
    """Return the rule's boxes in JSON for every frame of the picture, but for those that a person lifted there."""
    if rule is None:
        return []
    last = max(1, instance.frames) - 1
    boxes = [Box(x, y, w, h, 0, last, Why.DEVICE).to_json() for x, y, w, h in rule.boxes]
    lifted = [{key: one[key] for key in boxes[0]} for one in instance.lifts] if boxes else []
    return [box for box in boxes if box not in lifted]


@transaction.atomic
def remember(instance: Instance, *, by: User) -> DeviceRule:
    """Cover on later pictures of this machine and size what a person covered here, beside what was remembered before.

    Raises ReviewRefused: unknown machine, no covers, too many.
    """
    if instance.machine is None:
        raise ReviewRefused(ReviewRefusal.NO_MACHINE)
    if not instance.covers:
        raise ReviewRefused(ReviewRefusal.NO_COVERS)
    before = rule_for(instance)
    boxes = list(before.boxes) if before else []
    for cover in instance.covers:
        sides = [cover[name] for name in ("x", "y", "w", "h")]
        if sides not in boxes:
            boxes.append(sides)
    if len(boxes) > COVERS_AT_MOST:
        raise ReviewRefused(ReviewRefusal.TOO_MANY)
    if before is not None:
        if boxes == before.boxes:
            return before
        switch_off(before, by=by)
    made = DeviceRule.objects.create(
        machine=instance.machine, rows=instance.rows, columns=instance.columns, boxes=boxes, made_by=by
    )
    _record(Event.DEVICE_RULE_MADE, made, by)
    return made


@transaction.atomic
def switch_off(rule: DeviceRule, *, by: User) -> None:
    """Let a rule count no longer, for what is cleaned from then on; twice is harmless."""
    locked = DeviceRule.objects.select_for_update(of=("self",)).select_related("machine").get(pk=rule.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by = timezone.now(), by
        locked.save(update_fields=["ended_at", "ended_by"])
        _record(Event.DEVICE_RULE_ENDED, locked, by)


def _record(event: Event, rule: DeviceRule, by: User) -> None:
    trail.record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=rule.machine.clinic_id,
        object_kind="device_rule",
        object_id=rule.pk,
        detail={"boxes": len(rule.boxes), "rows": rule.rows, "columns": rule.columns},
    )
