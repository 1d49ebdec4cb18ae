"""One study: its pictures, where each stands, and what comes next."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deid.gate_forms import EmbargoForm
from deid.matching_forms import PatientForm
from deid.models import Approval, Instance, Study
from deid.services import embargoes, matching, rounds, showings
from deid.states import UNSETTLED, Gate, InstanceState
from deid.views import thumbnails
from deid.views.live import fingerprint, unchanged
from deid.views.wording import short
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.clinics.models import User
from ultrasound_portal.headers import WITH_CAMERA
from ultrasound_portal.patients.care import care_of
from ultrasound_portal.patients.services import display_name, identity_of, readable_day


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the grid with the key of its small picture.

    `can_be_ticked` says that the person who looks may approve it together with others.
    """

    instance: Instance
    thumbnail: UUID | None
    reason: str
    unseen: int
    found_clean: bool
    can_be_ticked: bool


@require_safe
@requires(Capability.REVIEW)
def study(request: StaffRequest, study: UUID) -> HttpResponse:
    """Show the study, or to htmx only its pictures, and nothing (204) while they stay as they were."""
    found = in_clinic_or_404(Study, request, study)
    may_release = can(request.membership, Capability.RELEASE)
    offers = rounds.offered(request.clinic, by=request.user, may_release=may_release, study=found.pk)
    tiles = _tiles(found, request.user, {offer.picture.pk for offer in offers})
    embargo = embargoes.embargo_of(found.pk)
    mark = fingerprint(*map(_mark, tiles), str(embargo and embargo.pk))
    if unchanged(request, mark):
        return HttpResponse(status=204)
    states = [tile.instance.state for tile in tiles]
    context = {
        "study": found,
        "tiles": tiles,
        "mark": mark,
        "busy": any(state in UNSETTLED for state in states),
        "counts": _counts(states),
        "released": states.count(InstanceState.RELEASED),
        "embargo": embargo,
        "embargo_form": EmbargoForm(),
        "may_release": may_release,
        "tickable": len(offers),
        "next_picture": next((tile.instance for tile in tiles if _waits(tile.instance)), None),
    }
    if request.headers.get("HX-Request"):
        return render(request, "deid/_pictures.html", context)
    identity = identity_of(found.patient)
    context |= {
        "patient_name": display_name(found.patient),
        "care": care_of(found.patient),
        "record_number": "" if found.unmatched else identity.record_number,
        "namesakes": matching.namesakes(found),
        "patient_form": PatientForm() if _may_be_matched(found, states) else None,
        "birth_date": readable_day(identity.birth_date),
        "may_consent": not found.unmatched and can(request.membership, Capability.CONSENT),
        "may_share": not found.unmatched and can(request.membership, Capability.SHARE),
        "sees_ledger": can(request.membership, Capability.LEDGER),
    }
    answer = render(request, "deid/study.html", context)
    answer.headers["Permissions-Policy"] = WITH_CAMERA
    return answer


def _may_be_matched(found: Study, states: list[str]) -> bool:
    return found.nameless and not {InstanceState.RELEASED, *UNSETTLED} & set(states)


def _tiles(found: Study, by: User, offered: set[UUID]) -> list[Tile]:
    instances = list(found.instances.all())
    small = thumbnails.of_pictures(instances)
    unseen = showings.unseen_of(instances, by=by)
    approved = Approval.objects.filter(instance__study=found, gate=Gate.CLEAN, ended_at=None)
    clean = set(approved.filter(run__current_of__isnull=False).values_list("instance_id", flat=True))
    return [
        Tile(
            one,
            small.get(one.pk),
            short(one.reason),
            unseen=unseen[one.pk],
            found_clean=one.pk in clean,
            can_be_ticked=one.pk in offered,
        )
        for one in instances
    ]


def _mark(tile: Tile) -> str:
    one = tile.instance
    return f"{one.pk}{one.state}{one.tells_sex}{tile.thumbnail}{tile.unseen}{tile.found_clean}{tile.can_be_ticked}"


def _waits(instance: Instance) -> bool:
    return instance.state in {InstanceState.HELD, InstanceState.CLEAN, InstanceState.FAILED}


def _counts(states: list[str]) -> list[tuple[str, str, int]]:
    """Return value, label and number of each state that occurs, in the order of the road."""
    return [(state.value, state.label, states.count(state)) for state in InstanceState if state in states]
