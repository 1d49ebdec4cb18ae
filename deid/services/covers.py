"""A person changes what is covered: own boxes, and covers of the engine that are taken away; then it is cleaned again.

Every change names the edition that the person saw. Where somebody else changed the picture since, nothing is done.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Edit, Instance
from deid.services import steps
from deid.states import LiftReason
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User

COVERS_AT_MOST = 200
LIFTABLE = frozenset({Why.UNKNOWN_TEXT, Why.TEXT_LEFT, Why.DEVICE})
Json = dict[str, Any]


@transaction.atomic
def edit(instance: Instance, boxes: Sequence[Box], *, by: User, edition: int) -> Instance:
    """Put `boxes` in the place of all of a reviewer's own covers and clean again; any approval ends here.

    Raises ReviewRefused: edited meanwhile, outside the picture, too many, unchanged, being cleaned, original gone.
    """
    locked = _lock(instance, edition)
    for box in boxes:
        _check_inside(locked, box)
    if len(boxes) > COVERS_AT_MOST:
        raise ReviewRefused(ReviewRefusal.TOO_MANY)
    wanted = [box.to_json() for box in boxes]
    added = sum(box not in locked.covers for box in wanted)
    removed = sum(box not in wanted for box in locked.covers)
    if not added and not removed:
        raise ReviewRefused(ReviewRefusal.UNCHANGED)
    _change(locked, wanted, locked.lifts, by)
    if added:
        steps.audit(Event.BOXES_ADDED, locked, by, {"boxes": added, "edition": locked.edition})
    if removed:
        steps.audit(Event.BOXES_REMOVED, locked, by, {"boxes": removed, "edition": locked.edition})
    return locked


@transaction.atomic
def lift(instance: Instance, box: Box, *, reason: LiftReason, by: User, edition: int) -> Instance:
    """Take a cover of the current run away and clean again; the picture is then held until a clinician has looked.

    Raises ReviewRefused: what identifies, what lies outside the area and what no run covered stays.
    """
    locked = _lock(instance, edition)
    run = locked.current_run
    if run is None or box.why not in LIFTABLE or box.to_json() not in run.report["boxes"]:
        raise ReviewRefused(ReviewRefusal.NOT_LIFTABLE)
    _change(locked, locked.covers, [*locked.lifts, {**box.to_json(), "reason": reason.value}], by)
    detail = {"reason": reason.value, "why": box.why.value, "edition": locked.edition}
    steps.audit(Event.COVER_LIFTED, locked, by, detail)
    return locked


@transaction.atomic
def restore(instance: Instance, number: int, *, by: User, edition: int) -> Instance:
    """Put the lifted cover in place `number` of the list back and clean again. Raises ReviewRefused."""
    locked = _lock(instance, edition)
    if not 0 <= number < len(locked.lifts):
        raise ReviewRefused(ReviewRefusal.NOT_LIFTABLE)
    _change(locked, locked.covers, [one for place, one in enumerate(locked.lifts) if place != number], by)
    steps.audit(Event.COVER_RESTORED, locked, by, {"edition": locked.edition})
    return locked


@transaction.atomic
def undo(instance: Instance, *, by: User, edition: int) -> Instance:
    """Go back to the covers before the last edit, as a further edit, and clean again. Raises ReviewRefused."""
    locked = _lock(instance, edition)
    if not locked.edition:
        raise ReviewRefused(ReviewRefusal.UNCHANGED)
    before = Edit.objects.get(instance=locked, number=locked.edition - 1)
    _change(locked, before.covers, before.lifts, by)
    steps.audit(Event.EDIT_UNDONE, locked, by, {"edition": locked.edition})
    return locked


def opened_places(instance: Instance) -> list[Json]:
    """Return what the engine is to leave open; where a rule is put aside, it still judges for itself."""
    return [box for box in lifted_boxes(instance) if box["why"] != Why.DEVICE]


def lifted_boxes(instance: Instance) -> list[Json]:
    """Return the covers that a reviewer took away, as boxes in JSON."""
    return [{key: value for key, value in one.items() if key != "reason"} for one in instance.lifts]


def _lock(instance: Instance, edition: int) -> Instance:
    locked = steps.lock(instance)
    if locked.edition != edition:
        raise ReviewRefused(ReviewRefusal.EDITED)
    return locked


def _change(locked: Instance, covers: list[Json], lifts: list[Json], by: User) -> None:
    """Write the next edition down and queue the picture; the first edit writes down how it stood before."""
    before = {"covers": locked.covers, "lifts": locked.lifts}
    Edit.objects.get_or_create(instance=locked, number=locked.edition, defaults=before)
    locked.covers, locked.lifts, locked.edition = covers, lifts, locked.edition + 1
    steps.queue_again(locked)
    Edit.objects.create(instance=locked, number=locked.edition, covers=covers, lifts=lifts, by=by)


def _check_inside(instance: Instance, box: Box) -> None:
    inside = box.x + box.w <= instance.columns and box.y + box.h <= instance.rows
    if not inside or box.last_frame >= instance.frames:
        raise ReviewRefused(ReviewRefusal.OUTSIDE)
