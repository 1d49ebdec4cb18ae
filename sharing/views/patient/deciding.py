"""The patient decides on her own device: the cards, the answers read back, her copy, and taking back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent import documents
from consent.capacity import Claim, judge
from consent.errors import ConsentRefused
from consent.models import Grant, Wording
from consent.states import WITHDRAWABLE, GrantState
from sharing import invited
from sharing.albums import Picture
from sharing.copy_form import CopyForm
from sharing.errors import LinkClosed
from sharing.forms import DoorForm
from sharing.keeping import shown_of
from sharing.models import Invitation
from sharing.pacing import AtABeat
from sharing.remote_form import RemoteForm
from sharing.services.invitations import questions, recipients_of
from sharing.services.receipts import last_mail, offers_mail
from sharing.services.sitting import digest_of, on_record, standing
from sharing.streaming import Body, answer, outline
from sharing.views.patient import session
from sharing.views.patient.session import Pass
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.access import public
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.languages import speak
from ultrasound_portal.vault.errors import VaultError

SITTING = Pass("sitting", "/v/decide/")

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
            return session.closed_page(request, door="sharing:decide_door")

    guarded.access_rule = "open invitation"  # type: ignore[attr-defined]  # read by the house test that walks all URLs
    return guarded


@dataclass(frozen=True, slots=True)
class Sitting:
    """What lies before her: the pictures, the words in force and the answers that stand."""

    invitation: Invitation
    pictures: list[Picture]
    wordings: list[Wording]
    standing: list[Grant]

    def table(self) -> invited.Table:
        """Return what the answers will be about."""
        return invited.Table(shown_of(self.pictures), [grant.pk for grant in self.standing])

    def form(self, data: Any = None) -> RemoteForm:  # data: QueryDict or None, as Django's own Form takes it
        """Return the cards, bound to the answers if there are any."""
        shown, now = shown_of(self.pictures), timezone.now()
        present = [grant for grant in self.standing if grant.state_at(now) != GrantState.EXPIRED]
        return RemoteForm(
            data,
            wordings=self.wordings,
            present={grant.purpose_id: on_record(grant, shown) for grant in reversed(present)},
            shown=digest_of(shown, self.wordings, self.standing),
            named=recipients_of(self.invitation),
            mails=offers_mail(self.invitation.patient_id),
        )


@public
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show the door. It knows nothing and changes nothing."""
    return render(request, "sharing/patient/deciding_door.html")


@public
@csrf_exempt
def come_in(request: HttpRequest) -> HttpResponseBase:
    """Open an invitation with its two secrets, as a link is opened."""
    if request.method != "POST":
        return redirect("sharing:decide_door")
    form = DoorForm(request.POST)
    complete = form.is_valid() and session.is_from_here(request)
    with AtABeat():
        try:
            value = invited.come_in(
                secret=form.cleaned_data["secret"] if complete else "",
                code=form.cleaned_data["code"] if complete else "",
                address=request.META.get("REMOTE_ADDR", ""),
            )
        except LinkClosed:
            return session.closed_page(request, door="sharing:decide_door")
    response = redirect("sharing:decide")
    session.begin(response, value, kind=SITTING)
    return response


@invitation_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SittingRequest) -> HttpResponse:
    """Show one card for each question; read the answers back; record them once."""
    invitation = request.invitation
    if invitation.answered_at is not None:
        return _twice(request) if request.method == "POST" else redirect("sharing:decided")
    sitting = Sitting(invitation, invited.pictures(invitation), questions(invitation), standing(invitation.study))
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
        invited.take_back(request.invitation, grant_id)
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
    """End the visit and have the browser forget it."""
    invited.leave(request.invitation)
    return session.left(request, kind=SITTING)


def _answered(request: SittingRequest, sitting: Sitting, form: RemoteForm) -> HttpResponse:
    step = request.POST.get("step", "check")
    if not form.is_valid() or step == "change":
        return _cards(request, sitting, form)
    try:
        right = judge(Claim(), sitting.invitation.patient, timezone.now())
        answers = form.answers(right.ends_at)
        if step != "record":
            context = _context(sitting, form) | {"answers": answers, "name": form.cleaned_data["name"]}
            return render(request, "sharing/patient/deciding_check.html", context)
        invited.decide(
            sitting.invitation,
            answers,
            table=sitting.table(),
            name=form.cleaned_data["name"],
            drawing=form.cleaned_data["drawing"],
            copy_to=form.copy_address(),
        )
    except ConsentRefused:
        form.add_error(
            None,
            gettext(
                "Something has changed since you opened this page, so nothing is recorded. Look again, "
                "or call the clinic if this comes back."
            ),
        )
        return _cards(request, sitting, form)
    return redirect("sharing:decided")


def _twice(request: SittingRequest) -> HttpResponse:
    return _decided(request, status=409)


def _decided(request: SittingRequest, status: int = 200, mail: CopyForm | None = None) -> HttpResponse:
    invitation = request.invitation
    mails = offers_mail(invitation.patient_id)
    context = _dressed(invitation) | {
        "answers": [(grant, grant.state in WITHDRAWABLE) for grant in invited.answers_of(invitation)],
        "twice": status == 409,
        "mail": (mail or CopyForm()) if mails else None,
        "mailed": last_mail(invitation.copy) if invitation.copy else None,
    }
    return render(request, "sharing/patient/decided.html", context, status=status)


def _cards(request: SittingRequest, sitting: Sitting, form: RemoteForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sharing/patient/deciding.html", _context(sitting, form), status=status)


def _context(sitting: Sitting, form: RemoteForm) -> dict[str, Any]:
    return _dressed(sitting.invitation) | {"pictures": sitting.pictures, "form": form}


def _dressed(invitation: Invitation) -> dict[str, Any]:
    return {
        "invitation": invitation,
        "clinic": invitation.clinic,
        "brand": current_brand(invitation.clinic),
    }
