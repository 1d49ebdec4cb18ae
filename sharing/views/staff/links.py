"""The links of a study: the list, a new link for one purpose, and their end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.models import Grant, Purpose
from consent.services import active_grant, offered_purposes
from deid.models import Study
from sharing import access, handovers
from sharing.errors import LinkRefused
from sharing.forms import LinkForm
from sharing.models import Link
from sharing.nicknames import nicknames_of
from sharing.qr import qr_code
from sharing.services.links import ChosenFile, LinkOrder, NewLink, create_link, revoke_links, state_of
from sharing.services.messages import unsent_of
from sharing.states import LinkState, RecipientCheck
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.languages import locale_of
from ultrasound_portal.patients.services import display_name


@dataclass(frozen=True, slots=True)
class Row:
    """One link in the list."""

    link: Link
    nickname: str
    purpose_name: str
    state: LinkState
    badge: str
    rests_until: datetime | None
    unsent: str

    @property
    def revocable(self) -> bool:
        """Whether revoking would change anything."""
        return self.state in {LinkState.ACTIVE, LinkState.NOT_YET, LinkState.SPENT}


# the design knows fewer states than a link has
BADGES = {
    LinkState.ACTIVE: "active",
    LinkState.NOT_YET: "received",
    LinkState.EXPIRED: "expired",
    LinkState.SPENT: "expired",
    LinkState.REVOKED: "withdrawn",
    LinkState.WITHDRAWN: "withdrawn",
}


@requires(Capability.SHARE)
@require_safe
def links(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Show every link of the study with what became of it, and what a new one could be for."""
    study = in_clinic_or_404(Study, request, study_id)
    purposes = list(offered_purposes(request.clinic))
    names = dict(Purpose.objects.values_list("code", "name"))
    now = timezone.now()
    found = (
        Link.objects.filter(study=study)
        .select_related("grant", "created_by")
        .annotate(last_opened=Max("visits__opened_at"))
    )
    nicknames = nicknames_of(found)
    faults = unsent_of(found)
    rows = []
    for link in found:
        state = state_of(link, now)
        resting = link.locked_until if link.locked_until and link.locked_until > now else None
        unsent = faults.get(link.pk, "")
        rows.append(Row(link, nicknames[link.pk], names[link.purpose_code], state, BADGES[state], resting, unsent))
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "rows": rows,
        "revocable": any(row.revocable for row in rows),
        "handed": handovers.PURPOSES,
        "choices": [(purpose, active_grant(study.patient, purpose.pk, study.pk)) for purpose in purposes],
    }
    return render(request, "sharing/staff/links.html", context)


@requires(Capability.SHARE)
@require_safe
def new(request: StaffRequest, study_id: UUID, purpose: str) -> HttpResponse:
    """Ask for the terms of one link for one purpose."""
    study, grant = _consented(request, study_id, purpose)
    pictures = access.shareable(study.pk, grant)
    return _terms(request, study, grant, LinkForm(None, pictures=pictures, grant=grant))


@requires(Capability.SHARE)
@require_POST
def created(request: StaffRequest, study_id: UUID, purpose: str) -> HttpResponse:
    """Make the link and show its two secrets, once."""
    study, grant = _consented(request, study_id, purpose)
    form = LinkForm(request.POST, pictures=access.shareable(study.pk, grant), grant=grant)
    if not form.is_valid():
        return _terms(request, study, grant, form)
    try:
        made = create_link(_order(study, grant, form), by=request.user)
    except LinkRefused as refusal:
        form.add_error(None, refusal.reason.label)
        return _terms(request, study, grant, form)
    return render(request, "sharing/staff/link_created.html", _card(request, study, grant, made))


@requires(Capability.SHARE)
@require_POST
def revoke(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Close one link for good."""
    link = in_clinic_or_404(Link, request, link_id)
    revoke_links(Link.objects.filter(pk=link.pk), actor=actor_of(request))
    messages.success(request, "The link is closed. Nobody can open it any more.")
    return redirect("sharing:links", link.study_id)


@requires(Capability.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_of_patient(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Ask whether every link of the study's patient is to end, and with a POST end them for good."""
    study = in_clinic_or_404(Study, request, study_id)
    hers = Link.objects.filter(patient_id=study.patient_id, clinic=request.clinic)
    if request.method != "POST":
        living = hers.filter(revoked_at=None, not_after__gt=timezone.now()).count()
        context = {"study": study, "patient_name": display_name(study.patient), "count": living}
        return render(request, "sharing/staff/revoke_patient.html", context)
    count = revoke_links(hers, actor=actor_of(request))
    messages.success(request, f"{count} link{'' if count == 1 else 's'} of this patient closed for good.")
    return redirect("sharing:links", study.pk)


@requires(Capability.SHARE)
@require_POST
def revoke_all(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Close every link of the study for good."""
    study = in_clinic_or_404(Study, request, study_id)
    count = revoke_links(Link.objects.filter(study=study), actor=actor_of(request))
    messages.success(
        request,
        f"{count} link{'' if count == 1 else 's'} of this study closed. Nobody can open them any more.",
    )
    return redirect("sharing:links", study.pk)


def _consented(request: StaffRequest, study_id: UUID, purpose: str) -> tuple[Study, Grant]:
    study = in_clinic_or_404(Study, request, study_id)
    grant = active_grant(study.patient, purpose, study.pk)
    if grant is None:
        raise Http404
    return study, grant


def _order(study: Study, grant: Grant, form: LinkForm) -> LinkOrder:
    return LinkOrder(
        study=study,
        grant=grant,
        files=[
            ChosenFile(file.picture_id, file.artefact_id, file.sha256)
            for picture in form.chosen()
            for file in picture.files
        ],
        nickname=form.cleaned_data.get("nickname", ""),
        recipient_check=RecipientCheck(form.cleaned_data["recipient_check"]),
        not_after=form.not_after(),
        max_openings=form.cleaned_data["max_openings"],
        download_allowed=form.cleaned_data["download_allowed"],
        submission=form.submission_id(),
        not_before=form.not_before(),
        second_secret=form.opened_by(),
        contact=form.cleaned_data["contact"],
        visit_minutes=form.visit_length(),
    )


def _terms(request: StaffRequest, study: Study, grant: Grant, form: LinkForm) -> HttpResponse:
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "grant": grant,
        "form": form,
        "pictures": form.boxes(),
        "telling": form.withholds,
    }
    return render(request, "sharing/staff/link_new.html", context, status=422 if form.errors else 200)


def _card(request: StaffRequest, study: Study, grant: Grant, made: NewLink) -> dict[str, Any]:
    door = request.build_absolute_uri(reverse("sharing:entry"))
    address = f"{door}#{made.secret}"
    return {
        "study": study,
        "clinic": request.clinic,
        "grant": grant,
        "link": made.link,
        "nickname": nicknames_of([made.link])[made.link.pk],
        "door": door,
        "address": address,
        "code": made.code,
        "qr": qr_code(address),
        "spoken": locale_of(made.link.patient.language or grant.wording.language),
    }
