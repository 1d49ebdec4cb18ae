"""She makes a link for somebody of her family: a name for her list, an end, and its two secrets, shown once."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sharing import access
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
    chosen = [picture for picture in pictures if spoken or not picture.tells_sex]
    files = [ChosenFile(file.picture_id, file.artefact_id, file.sha256) for each in chosen for file in each.files]
    latest = latest_end(grant, timezone.now())
    form = FamilyForm(request.POST if request.method == "POST" else None, latest=latest)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, own, make_family_link(own, form.wish(), files))
        except LinkRefused as refusal:
            form.add_error(None, REFUSALS.get(refusal.reason, CHANGED))
    context = frame(own) | {"form": form, "pictures": chosen}
    return render(request, "sharing/patient/family.html", context, status=422 if form.errors else 200)


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
