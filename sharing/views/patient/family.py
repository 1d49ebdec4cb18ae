"""She makes a link for somebody of her family: a name for her list, an end, and its two secrets, shown once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sharing import access
from sharing.albums import Picture
from sharing.errors import LinkRefusal, LinkRefused
from sharing.family_form import FamilyForm
from sharing.models import Link
from sharing.nicknames import nicknames_of
from sharing.qr import qr_code
from sharing.services import sex_wishes
from sharing.services.family_links import FAMILY, family_grant, latest_end, make_family_link
from sharing.services.links import ChosenFile, NewLink
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required

CHANGED = _("What you agreed to has changed meanwhile. Look at your pictures again first.")
REFUSALS = {
    LinkRefusal.TOO_MANY: _("You have many open links. End one of them first, then make a new one."),
    LinkRefusal.ALREADY_MADE: _(
        "This link was made a moment ago, and shown once. End it in your list, then make a new one."
    ),
}


@dataclass(frozen=True, slots=True)
class Pick:
    """One picture to choose: whether its box is ticked, and whether she sees it through her own link."""

    picture: Picture
    ticked: bool
    seen: bool


@hers_required
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: VisitRequest) -> HttpResponse:
    """Ask for the terms; with a POST, make the link and show it."""
    own = request.visit.link
    grant = family_grant(own)
    if grant is None:
        raise Http404
    pictures = access.shareable(own.study_id, grant)
    spoken = sex_wishes.wanted(own.study_id, FAMILY)
    agreed = [picture for picture in pictures if spoken or not picture.tells_sex]
    form = FamilyForm(
        request.POST if request.method == "POST" else None,
        latest=latest_end(grant, timezone.now()),
        pictures=[picture.picture_id for picture in agreed],
    )
    if request.method == "POST" and form.is_valid():
        chosen = [picture for picture in agreed if picture.picture_id in form.ticked]
        try:
            return _made(request, own, make_family_link(own, form.wish(), _files(chosen)))
        except LinkRefused as refusal:
            form.add_error(None, REFUSALS.get(refusal.reason, CHANGED))
    hers = {picture.picture_id: picture for picture in access.album(request.visit).pictures}
    context = frame(own) | {
        "form": form,
        "picks": [
            Pick(hers.get(one.picture_id, one), one.picture_id in form.ticked, one.picture_id in hers) for one in agreed
        ],
    }
    return render(request, "sharing/patient/family.html", context, status=422 if form.errors else 200)


def _files(pictures: Iterable[Picture]) -> list[ChosenFile]:
    return [ChosenFile(file.picture_id, file.artefact_id, file.sha256) for each in pictures for file in each.files]


def _made(request: VisitRequest, own: Link, made: NewLink) -> HttpResponse:
    address = f"{request.build_absolute_uri(reverse('sharing:entry'))}#{made.secret}"
    context = frame(own) | {
        "made": made.link,
        "nickname": nicknames_of([made.link])[made.link.pk],
        "address": address,
        "code": made.code,
        "qr": qr_code(address),
    }
    return render(request, "sharing/patient/family_made.html", context)
