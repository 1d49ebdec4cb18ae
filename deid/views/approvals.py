"""Many clean pictures are approved at once, of one study or several, and for a while the round can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST, require_safe

from deid.errors import EXPLANATIONS, ReviewRefused
from deid.models import Approval, Round, Study
from deid.services import embargoes, rounds
from deid.states import Gate, InstanceState
from deid.views import thumbnails
from deid.views.keys import keys_of
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.clinics.sign_ins import FRESH
from ultrasound_portal.patients.services import display_names

LEFT = "not clean, not shown to you whole, or one that may tell the sex"


@dataclass(frozen=True, slots=True)
class Choice:
    """One study of the page, with its pictures that can be approved and their small pictures."""

    study: Study
    name: str
    pictures: tuple[tuple[rounds.Offer, UUID | None], ...]
    held_back: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one study: the numbers of the pictures by gate, and how many still wait for a person."""

    study: Study
    name: str
    released: tuple[int, ...]
    found_clean: tuple[int, ...]
    waiting: int


@requires(Capability.REVIEW, proved_within=FRESH)
def approve(request: StaffRequest) -> HttpResponseBase:
    """Show what the person was shown and may approve, study by study; approve what she ticked."""
    may_release = can(request.membership, Capability.RELEASE)
    if request.method != "POST":
        offers = rounds.offered(request.clinic, by=request.user, may_release=may_release)
        context = {"choices": _choices(offers), "pictures": len(offers), "may_release": may_release}
        return render(request, "deid/approve.html", context)
    chosen = set(keys_of(request.POST.getlist("picture")))
    made = rounds.approve(request.clinic, chosen, by=request.user, may_release=may_release) if chosen else None
    passed = made.approvals.values("instance").distinct().count() if made else 0
    if not chosen:
        messages.error(request, "Tick at least one picture first.")
    elif passed < len(chosen):
        messages.warning(request, f"{len(chosen) - passed} left: {LEFT}.")
    return redirect("deid:approved", made.pk) if made else redirect("deid:approve")


@require_safe
@requires(Capability.REVIEW)
def approved(request: StaffRequest, made: UUID) -> HttpResponse:
    """Show what became of each study of a round, and for a while the button that undoes it."""
    found = _own(request, made)
    context = {"round": found, "results": _results(found), "ends_at": rounds.ends_at(found)}
    return render(request, "deid/approved.html", context)


@require_POST
@requires(Capability.REVIEW)
def undo(request: StaffRequest, made: UUID) -> HttpResponseBase:
    """Take the whole round back."""
    found = _own(request, made)
    try:
        back = rounds.undo(found, by=request.user)
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
    else:
        messages.success(request, f"{back} picture{pluralize(back)} taken back. Links no longer show {_them(back)}.")
    return redirect("deid:approved", found.pk)


def _own(request: StaffRequest, made: UUID) -> Round:
    found = in_clinic_or_404(Round, request, made)
    if found.by_id != request.user.pk:
        raise Http404
    return found


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _choices(offers: Sequence[rounds.Offer]) -> list[Choice]:
    names = display_names(offer.picture.study.patient for offer in offers)
    small = thumbnails.of_pictures(offer.picture for offer in offers)
    back = embargoes.held_back({offer.picture.study_id for offer in offers})
    return [
        Choice(
            study=study,
            name=names[study.patient_id],
            pictures=tuple((offer, small.get(offer.picture.pk)) for offer in found),
            held_back=study.pk in back,
        )
        for study, found in groupby(offers, key=lambda offer: offer.picture.study)
    ]


def _results(found: Round) -> list[Result]:
    passed = list(found.approvals.select_related("instance").order_by("instance__number"))
    waiting = Count("instances", filter=Q(instances__state__in=[InstanceState.CLEAN, InstanceState.HELD]))
    keys = {one.instance.study_id for one in passed}
    studies = Study.objects.filter(pk__in=keys).select_related("patient").annotate(waiting=waiting)
    names = display_names(study.patient for study in studies)
    return [
        Result(
            study=study,
            name=names[study.patient_id],
            released=_numbers(passed, study, Gate.RELEASE),
            found_clean=_numbers(passed, study, Gate.CLEAN),
            waiting=study.waiting,
        )
        for study in studies.order_by("received_at", "pk")
    ]


def _numbers(passed: Sequence[Approval], study: Study, gate: Gate) -> tuple[int, ...]:
    """Return the numbers of a study's pictures that passed a gate and no further one in the same round."""
    released = {one.instance_id for one in passed if one.gate == Gate.RELEASE}
    return tuple(
        one.instance.number
        for one in passed
        if one.instance.study_id == study.pk
        and one.gate == gate
        and (gate == Gate.RELEASE or one.instance_id not in released)
    )
