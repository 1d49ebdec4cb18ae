"""The worklist: what needs a person on top, then the newest; filtered, searched, and live."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from deid.models import Instance, Machine, SavedView, Study
from deid.services import embargoes, machines, rounds, worklists
from deid.services.worklists import BUSY, DONE, NEEDS_YOU, READY, Wanted
from deid.states import UNSETTLED, InstanceState
from deid.views import thumbnails
from deid.views.keys import keys_of
from deid.views.live import MARK, fingerprint, unchanged
from deid.worklist_forms import Choices, FilterForm, SearchForm
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, requires
from ultrasound_portal.clinics.models import Clinic, Membership
from ultrasound_portal.patients.services import display_names

PER_PAGE = 25
MACHINES_AT_MOST = 100
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
    held_back: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that ask for the same; `ready` are those with clean pictures to approve."""

    title: str
    ready: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its address and its words."""

    key: UUID
    query: str
    words: str
    current: bool


class _Pages(Paginator):  # type: ignore[type-arg]  # it takes no parameter when it runs
    """Pages whose number is counted without the order of the list."""

    def __init__(self, clinic: Clinic, wanted: Wanted) -> None:
        super().__init__(worklists.studies(clinic, wanted), PER_PAGE)
        self._asked = clinic, wanted

    @cached_property
    def count(self) -> int:
        """Return how many studies there are."""
        return worklists.how_many(*self._asked)


@require_safe
@requires(Capability.REVIEW)
def worklist(request: StaffRequest) -> HttpResponse:
    """Show one page of studies, or to htmx only the list, and nothing (204) while it stays as it was."""
    form = filter_form(request, request.GET)
    keys = keys_of(request.GET.getlist("patient"))
    wanted = form.wanted(tuple(keys), searched="patient" in request.GET)
    page = _Pages(request.clinic, wanted).get_page(request.GET.get("page"))
    counts = worklists.counts_of(page.object_list)
    back = embargoes.held_back(study.pk for study in page)
    totals = _totals(request.clinic)
    offers = rounds.offered(request.clinic, by=request.user, may_release=can(request.membership, Capability.RELEASE))
    shown = (f"{key}{sorted(found.items())}{key in back}" for key, found in counts.items())
    mark = fingerprint(*shown, str(sorted(totals.items())), str(page.paginator.count), str(len(offers)))
    if unchanged(request, mark):
        return HttpResponse(status=204)
    context = {
        "groups": _groups(page, counts, back),
        "page": page,
        "mark": mark,
        "query": _without(request.GET, "page", MARK),
        "filtered": wanted != Wanted(),
        "today": wanted == Wanted(since=1),
        "busy": any(totals.get(state, 0) for state in UNSETTLED),
        "waiting": sum(totals.get(state, 0) for state in UNSETTLED),
        "needing": totals.get(InstanceState.HELD, 0) + totals.get(InstanceState.FAILED, 0),
        "ready": totals.get(InstanceState.CLEAN, 0),
        "offered": len(offers),
        "offered_studies": len({offer.picture.study_id for offer in offers}),
        "may_upload": can(request.membership, Capability.UPLOAD),
    }
    if "HX-Request" in request.headers:
        return render(request, "deid/_worklist.html", context)
    context |= {"form": form, "search": SearchForm(), "views": _views(request, form), "keepable": form.query()}
    return render(request, "deid/worklist.html", context)


def filter_form(request: StaffRequest, data: QueryDict) -> FilterForm:
    """Return the filters with the clinic's own machines and people to choose from."""
    return FilterForm(data, machines=_machines(request.clinic), people=_people(request.clinic))


def _machines(clinic: Clinic) -> Choices:
    found = Machine.objects.filter(clinic=clinic).order_by("-created_at")[:MACHINES_AT_MOST]
    return sorted(((str(key), label) for key, label in machines.labels_of(found).items()), key=lambda one: one[1])


def _people(clinic: Clinic) -> Choices:
    members = Membership.objects.filter(clinic=clinic).select_related("user").order_by("user__display_name")
    return [(str(member.user_id), member.user.display_name) for member in members]


def _views(request: StaffRequest, form: FilterForm) -> list[View]:
    kept = SavedView.objects.filter(clinic=request.clinic, by=request.user)
    views = [(one, form.like(QueryDict(one.query)).words()) for one in kept]
    return [View(one.pk, one.query, words, one.query == form.query()) for one, words in views if words]


def _without(query: QueryDict, *names: str) -> str:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest.urlencode()


def _totals(clinic: Clinic) -> dict[str, int]:
    counted = Instance.objects.filter(clinic=clinic).values("state").annotate(number=Count("id")).order_by()
    return {line["state"]: line["number"] for line in counted}


def _groups(page: Page[Study], counts: dict[UUID, dict[str, int]], back: set[UUID]) -> list[Group]:
    names = display_names([study.patient for study in page])
    small = thumbnails.of_studies(page)
    rows: dict[int, list[Row]] = {}
    for study in page:
        found = tuple((state.value, state.label, n) for state in InstanceState if (n := counts[study.pk].get(state, 0)))
        row = Row(
            study=study,
            name=names[study.patient_id],
            thumbnail=small.get(study.pk),
            pictures=sum(number for _, _, number in found),
            telling=counts[study.pk]["telling"],
            counts=found,
            held_back=study.pk in back,
        )
        rows.setdefault(getattr(study, "group"), []).append(row)  # noqa: B009 - an annotation, unknown to the model
    return [Group(GROUPS[group], group == READY, tuple(found)) for group, found in sorted(rows.items())]
