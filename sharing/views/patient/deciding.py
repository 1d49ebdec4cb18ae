"""The patient decides on her own device: the cards, the answers read back, her copy, and taking back."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import documents
from consent.errors import ConsentRefused
from consent.models import Grant
from consent.services import missing_roles
from consent.states import WITHDRAWABLE, Basis, GrantState, SignerRole
from sharing import invitation_door, invited, own_sitting, remote_sitting
from sharing.copy_form import CopyForm
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Invitation
from sharing.remote_form import RemoteForm
from sharing.services.receipts import last_mail, offers_mail
from sharing.sittings import Deciding, Signing, sitting_of
from sharing.streaming import Body, answer, outline
from sharing.told import told_her
from sharing.views.patient import doors, session
from sharing.views.patient.doors import Way
from sharing.views.patient.session import Door, Pass
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.access import public
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.languages import speak
from ultrasound_portal.vault.errors import VaultError

SITTING = Pass("sitting", "/v/decide/")
WAY = Way(Door("sharing:decide_door", "sharing:decide_open", "sharing:decide_code"), SITTING, "sharing:decide")

P = ParamSpec("P")


class SittingRequest(HttpRequest):
    """A request of a patient who has come in by an invitation."""

    invitation: Invitation


def invitation_required(
    view: Callable[Concatenate[SittingRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to a patient whose visit still runs; everything else meets the closed page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visitor: Any = request  # Any: the request becomes a SittingRequest here
        try:
            visitor.invitation = invited.attending(request.COOKIES.get(SITTING.cookie, ""))
            speak(visitor.invitation.language)
            return view(visitor, *args, **kwargs)
        except LinkClosed:
            return session.closed_page(request, door=WAY.door)

    guarded.access_rule = "open invitation"  # type: ignore[attr-defined]  # read by the house test that walks all URLs
    return guarded


@public
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show the door. It knows nothing and changes nothing."""
    return render(request, "sharing/patient/deciding_door.html")


@public
@csrf_exempt
def come_in(request: HttpRequest) -> HttpResponseBase:
    """Open an invitation with its two secrets, as a link is opened."""
    return doors.come_in(request, WAY, invitation_door.come_in)


@public
@csrf_exempt
def code(request: HttpRequest) -> HttpResponse:
    """Have a one-time code sent, if the invitation sends codes."""
    return doors.ask_for_code(request, WAY, invitation_door.ask_for_code)


@invitation_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SittingRequest) -> HttpResponse:
    """Show one card for each question; read the answers back; record them once."""
    invitation = request.invitation
    if invitation.answered_at is not None:
        return _twice(request) if request.method == "POST" else redirect("sharing:decided")
    sitting = _sitting(invitation)
    if request.method != "POST":
        return _cards(request, sitting, sitting.form())
    return _answered(request, sitting, sitting.form(request.POST))


@invitation_required
@require_safe
def decided(request: SittingRequest) -> HttpResponse:
    """Show what she decided, with her copy and the way to take it back."""
    if request.invitation.answered_at is None:
        return redirect("sharing:decide")
    return _decided(request)


@invitation_required
@require_POST
def take_back(request: SittingRequest, grant_id: UUID) -> HttpResponse:
    """Withdraw one yes of this sitting; nobody asks why."""
    try:
        remote_sitting.take_back(request.invitation, grant_id)
    except ConsentRefused as refused:
        raise Http404 from refused
    return redirect("sharing:decided")


@invitation_required
@require_safe
def copy(request: SittingRequest) -> HttpResponse:
    """Give her the PDF of her answers; reading it is on the trail."""
    invitation = request.invitation
    if invitation.copy is None:
        raise Http404
    try:
        pdf = documents.read(invitation.copy, actor=invited.actor_of(invitation))
    except VaultError as gone:
        raise Http404 from gone
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="answers.pdf"', "Cache-Control": "private, no-store"},
    )


@invitation_required
@require_POST
def copy_mail(request: SittingRequest) -> HttpResponse:
    """Send her copy once more, without its pictures, to the address that she gives."""
    document = request.invitation.copy
    if document is None or not offers_mail(request.invitation.patient_id):
        raise Http404
    form = CopyForm(request.POST)
    if form.is_valid() and form.sends(document, actor=invited.actor_of(request.invitation)):
        return redirect("sharing:decided")
    return _decided(request, status=422, mail=form)


@invitation_required
@require_safe
def picture(request: SittingRequest, artefact_id: UUID) -> HttpResponseBase:
    """Give one file to look at; every piece is asked for anew."""
    file, position = invited.picture(request.invitation, artefact_id)
    body = Body(name=f"scan-{position}", media_type=file.media_type, size=file.size)
    if request.method == "HEAD":
        return outline(body, download=False)
    fetch = partial(invited.read, request.COOKIES[SITTING.cookie], artefact_id)
    return answer(
        body,
        begin=partial(fetch, event=Event.PICTURE_SERVED),
        go_on=partial(fetch, event=None),
        range_header="" if "If-Range" in request.headers else request.headers.get("Range", ""),
        download=False,
    )


@invitation_required
@require_safe
def stylesheet(request: SittingRequest) -> HttpResponse:
    """Set the two colours of the clinic that asks."""
    brand = current_brand(request.invitation.clinic)
    return HttpResponse(render_to_string("sharing/patient/brand.css", {"brand": brand}), content_type="text/css")


@invitation_required
@require_POST
def leave(request: SittingRequest) -> HttpResponse:
    """End the visit, also that of her own page if she came from there, and have the browser forget both."""
    invited.leave(request.invitation)
    own_sitting.leave(request.COOKIES.get(session.VISIT.cookie, ""))
    response = session.left(request, kind=SITTING)
    session.end(response)
    return response


def _sitting(invitation: Invitation) -> Deciding | Signing:
    try:
        return sitting_of(invitation)
    except VaultError as gone:
        raise LinkClosed(ClosedReason.UNREADABLE) from gone


def _answered(request: SittingRequest, sitting: Deciding | Signing, form: RemoteForm) -> HttpResponse:
    step = request.POST.get("step", "check")
    if not form.is_valid() or step == "change":
        return _cards(request, sitting, form)
    try:
        if step != "record":
            context = _context(sitting, form) | {"answers": sitting.answers(form), "name": form.cleaned_data["name"]}
            return render(request, "sharing/patient/deciding_check.html", context)
        sitting.record(form)
    except ConsentRefused as refusal:
        form.add_error(None, told_her(refusal.reason))
        return _cards(request, sitting, form)
    return redirect("sharing:decided")


def _twice(request: SittingRequest) -> HttpResponse:
    return _decided(request, status=409)


def _decided(request: SittingRequest, status: int = 200, mail: CopyForm | None = None) -> HttpResponse:
    invitation = request.invitation
    mails = offers_mail(invitation.patient_id)
    context = _dressed(invitation) | {
        "answers": [_line(grant) for grant in remote_sitting.answers_of(invitation)],
        "twice": status == 409,
        "mail": (mail or CopyForm()) if mails else None,
        "mailed": last_mail(invitation.copy) if invitation.copy else None,
    }
    return render(request, "sharing/patient/decided.html", context, status=status)


def _line(grant: Grant) -> tuple[Grant, bool, list[SignerRole]]:
    """Return an answer, whether it can be taken back, and whose names it waits for."""
    waits = missing_roles(grant) if grant.state == GrantState.PENDING else []
    return grant, grant.state in WITHDRAWABLE, waits


def _cards(request: SittingRequest, sitting: Deciding | Signing, form: RemoteForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    page = "signing" if isinstance(sitting, Signing) else "deciding"
    return render(request, f"sharing/patient/{page}.html", _context(sitting, form), status=status)


def _context(sitting: Deciding | Signing, form: RemoteForm) -> dict[str, Any]:
    return _dressed(sitting.invitation) | {"pictures": sitting.pictures, "form": form}


def _dressed(invitation: Invitation) -> dict[str, Any]:
    return {
        "invitation": invitation,
        "right": "" if invitation.basis == Basis.ADULT else Basis(invitation.basis).label,
        "clinic": invitation.clinic,
        "brand": current_brand(invitation.clinic),
    }
