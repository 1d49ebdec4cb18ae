"""One picture under review: before beside after, what was found, and every step that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deid.cover_forms import CoverForms, LiftForm, Sides, covers_of
from deid.engine.errors import HoldReason
from deid.engine.geometry import Box
from deid.forms import RejectForm, ReleaseForm, SexMarkForm
from deid.gate_forms import written
from deid.models import Artefact, Edit, Instance
from deid.services import embargoes, gates, recleaning, sex_mark, showings
from deid.services import review as service
from deid.services.covers import LIFTABLE, lifted_boxes
from deid.states import UNSETTLED, ArtefactKind, Gate, InstanceState, LiftReason
from deid.views.live import fingerprint, unchanged
from deid.views.proof import sheet_of
from deid.views.steps import WAITING
from deid.views.wording import WHY, explain
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.patients.services import display_name

COVERABLE = frozenset({InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED})


@dataclass(frozen=True, slots=True)
class Shown:
    """A box in the list and on the picture, in place `number` of its list; frames are counted from 1."""

    number: int
    box: Box
    words: str
    first: int
    last: int
    liftable: bool = False


@require_safe
@requires(Capability.REVIEW)
def review(request: StaffRequest, instance: UUID) -> HttpResponse:
    """Show the picture as it came beside what would leave, and every step that is open."""
    found = in_clinic_or_404(Instance, request, instance)
    mark = _mark(found)
    if unchanged(request, mark):
        return HttpResponse(status=204)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, found)


def sides_of(instance: Instance) -> Sides:
    """Return how large a picture is."""
    return Sides(columns=instance.columns, rows=instance.rows, frames=max(1, instance.frames))


def page(
    request: StaffRequest, instance: Instance, covers: CoverForms | None = None, *, status: int = 200
) -> HttpResponse:
    """Show the review page; `covers` are rows that were sent and not taken, which stay on the page."""
    files = {file.kind: file for file in Artefact.objects.filter(instance=instance, run=instance.current_run)}
    siblings = list(Instance.objects.filter(study_id=instance.study_id).order_by("number").values_list("pk", flat=True))
    place = siblings.index(instance.pk)
    gone = instance.original_destroyed_at is not None
    may_change = not gone and instance.state in COVERABLE
    context = {
        "instance": instance,
        "patient_name": display_name(instance.study.patient),
        "place": place + 1,
        "total": len(siblings),
        "previous": siblings[place - 1] if place else None,
        "following": siblings[place + 1] if place + 1 < len(siblings) else None,
        "reason": explain(instance.reason),
        "mark": "" if covers else _mark(instance),
        "busy": instance.state in UNSETTLED,
        "before": files.get(ArtefactKind.SOURCE_STILL),
        "before_film": files.get(ArtefactKind.SOURCE_FILM),
        "after": files.get(ArtefactKind.STILL_PNG),
        "after_film": files.get(ArtefactKind.FILM),
        "boxes": _boxes(instance),
        "lifted": _lifted(instance),
        "origin": instance.current_run.report.get("origin", [0, 0]) if instance.current_run else [0, 0],
        "times": ",".join(map(str, instance.current_run.report.get("times", ()) if instance.current_run else ())),
        "versions": list(_other_versions(instance)),
        "covers": covers or covers_of(map(Box.from_json, instance.covers), sides_of(instance)),
        "last_edit": Edit.objects.filter(instance=instance, by__isnull=False).select_related("by").last(),
        "lift_form": LiftForm(initial={"run": instance.current_run_id, "edition": instance.edition}),
        "sheet": sheet_of(instance.current_run),
        "release_form": ReleaseForm(initial={"run": instance.current_run_id}),
        **_gates(request, instance),
        "reject_form": RejectForm(),
        "sex_form": SexMarkForm(),
        "confirmable": service.is_confirmable(instance),
        "is_page_of_text": instance.reason == HoldReason.REPORT_PAGE,
        "can_mark_sex": instance.state in sex_mark.MARKABLE,
        "behind": recleaning.is_behind(instance),
        "can_cover": may_change,
        "can_remember": bool(instance.covers) and instance.machine_id is not None,
        "shows_covers": may_change or covers is not None,
        "can_reject": instance.state in set(WAITING),
        "can_try_again": not gone and instance.state in {InstanceState.HELD, InstanceState.FAILED},
    }
    return render(request, "deid/review.html", context, status=status)


def _gates(request: StaffRequest, instance: Instance) -> dict[str, Any]:
    """Return who passed the first gate, which gate is open to the person who looks, and what she was shown."""
    found_clean = gates.standing(instance, Gate.CLEAN)
    may_release = can(request.membership, Capability.RELEASE)
    two = gates.needs_second_person(request.clinic)
    opened = gates.open_gate(found_clean, by=request.user, may_release=may_release, two=two)
    answerable = instance.state == InstanceState.CLEAN or service.is_confirmable(instance)
    seen = showings.seen_spans(instance, by=request.user)
    return {
        "found_clean": found_clean,
        "answerable": answerable,
        "releases_now": answerable and opened == Gate.RELEASE,
        "finds_clean": answerable and opened == Gate.CLEAN and (may_release or instance.state == InstanceState.CLEAN),
        "waits_for_another": two and found_clean is not None and found_clean.by_id == request.user.pk,
        "may_release": may_release,
        "embargo": embargoes.embargo_of(instance.study_id),
        "seen": written(seen),
        "unseen": showings.gaps(seen, instance.frames),
    }


def _mark(instance: Instance) -> str:
    approved = gates.standing(instance, Gate.CLEAN)
    parts = (instance.current_run_id, instance.tells_sex, instance.edition, approved and approved.pk)
    return fingerprint(instance.state, instance.reason, *map(str, parts))


def _other_versions(instance: Instance) -> QuerySet[Instance]:
    """Return the pictures that the machine numbered as the same instance and sent with other bytes."""
    same = Instance.objects.filter(clinic_id=instance.clinic_id, sop_match=instance.sop_match)
    return same.exclude(pk=instance.pk).order_by("received_at")


def _boxes(instance: Instance) -> list[Shown]:
    run = instance.current_run
    stored = [] if run is None else run.report["boxes"]
    return [_shown(number, values, WHY[values["why"]]) for number, values in enumerate(stored)]


def _lifted(instance: Instance) -> list[Shown]:
    """Return the places that a person left open, with the reason for each."""
    reasons = [LiftReason(one["reason"]).label for one in instance.lifts]
    boxes = enumerate(lifted_boxes(instance))
    return [_shown(number, values, reason) for (number, values), reason in zip(boxes, reasons, strict=True)]


def _shown(number: int, values: Mapping[str, Any], words: str) -> Shown:
    box = Box.from_json(dict(values))
    return Shown(number, box, words, box.first_frame + 1, box.last_frame + 1, liftable=box.why in LIFTABLE)
