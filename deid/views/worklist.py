"""The worklist: studies newest first, those that need a person on top."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deid.models import Artefact, Instance, Study
from deid.states import UNSETTLED, ArtefactKind, InstanceState
from deid.views.live import fingerprint, unchanged
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, requires
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.services import display_names

PER_PAGE = 25
NEEDS_YOU, READY, BUSY, DONE = range(4)
GROUPS = {
    NEEDS_YOU: "Needs you",
    READY: "Ready to review",
    BUSY: "Being cleaned",
    DONE: "Done",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One study with what a person needs to choose it; `telling` pictures may tell the sex."""

    study: Study
    name: str
    thumbnail: UUID | None
    pictures: int
    telling: int
    counts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that ask for the same."""

    title: str
    rows: tuple[Row, ...]


@require_safe
@requires(Capability.REVIEW)
def worklist(request: StaffRequest) -> HttpResponse:
    """Show one page of studies, or to htmx only the list, and nothing (204) while it stays as it was."""
    page = Paginator(_studies(request.clinic), PER_PAGE).get_page(request.GET.get("page"))
    totals = _totals(request.clinic)
    shown = (f"{study.pk}{_counts_of(study)}{_telling(study)}" for study in page)
    mark = fingerprint(*shown, str(sorted(totals.items())))
    if unchanged(request, mark):
        return HttpResponse(status=204)
    context = {
        "groups": _groups(page),
        "page": page,
        "mark": mark,
        "busy": any(totals.get(state, 0) for state in UNSETTLED),
        "waiting": sum(totals.get(state, 0) for state in UNSETTLED),
        "needing": totals.get(InstanceState.HELD, 0) + totals.get(InstanceState.FAILED, 0),
        "ready": totals.get(InstanceState.CLEAN, 0),
        "may_upload": can(request.membership, Capability.UPLOAD),
    }
    part = "HX-Request" in request.headers
    return render(request, "deid/_worklist.html" if part else "deid/worklist.html", context)


def _studies(clinic: Clinic) -> QuerySet[Study]:
    counts = {state.value: Count("instances", filter=Q(instances__state=state)) for state in InstanceState}
    return (
        Study.objects.filter(clinic=clinic)
        .select_related("patient")
        .annotate(**counts, telling=Count("instances", filter=Q(instances__tells_sex=True)))
        .annotate(
            group=Case(
                When(Q(held__gt=0) | Q(failed__gt=0), then=Value(NEEDS_YOU)),
                When(clean__gt=0, then=Value(READY)),
                When(Q(received__gt=0) | Q(processing__gt=0), then=Value(BUSY)),
                default=Value(DONE),
                output_field=IntegerField(),
            )
        )
        .order_by("group", "-received_at", "pk")
    )


def _totals(clinic: Clinic) -> dict[str, int]:
    counted = Instance.objects.filter(clinic=clinic).values("state").annotate(number=Count("id")).order_by()
    return {line["state"]: line["number"] for line in counted}


def _groups(page: Page[Study]) -> list[Group]:
    names = display_names([study.patient for study in page])
    small = _thumbnails(page)
    rows: dict[int, list[Row]] = {}
    for study in page:
        counts = _counts_of(study)
        row = Row(
            study=study,
            name=names[study.patient_id],
            thumbnail=small.get(study.pk),
            pictures=sum(number for _, _, number in counts),
            telling=_telling(study),
            counts=counts,
        )
        rows.setdefault(getattr(study, "group"), []).append(row)  # noqa: B009 - an annotation, unknown to the model
    return [Group(GROUPS[group], tuple(found)) for group, found in sorted(rows.items())]


def _telling(study: Study) -> int:
    found: int = getattr(study, "telling")  # noqa: B009 - an annotation, unknown to the model
    return found


def _counts_of(study: Study) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (state.value, state.label, number) for state in InstanceState if (number := getattr(study, state.value))
    )


def _thumbnails(page: Page[Study]) -> dict[UUID, UUID]:
    """Return the small picture of each study's first picture that has one."""
    found = (
        Artefact.objects.filter(
            instance__study__in=[study.pk for study in page],
            instance__current_run__isnull=False,
            kind=ArtefactKind.THUMBNAIL,
        )
        .order_by("-instance__number")
        .values_list("instance__study_id", "id")
    )
    return dict(found)
