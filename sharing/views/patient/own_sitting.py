"""From a locked shelf of her own page she goes straight to the question, without a second link."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from consent.errors import ConsentRefused
from sharing import own_sitting
from sharing.shelves import shelves_of
from sharing.views.patient import session
from sharing.views.patient.deciding import SITTING
from sharing.views.patient.session import VisitRequest, hers_required
from ultrasound_portal.vault.errors import VaultError


@hers_required
@require_POST
def begin(request: VisitRequest, purpose: str) -> HttpResponseBase:
    """Begin the sitting about one purpose and go to its question."""
    own = request.visit.link
    shelf = next((one for one in shelves_of(own.study) if one.purpose.pk == purpose), None)
    if shelf is None:
        raise Http404
    if not own_sitting.may_decide(own, shelf):
        return _not_here(request, purpose)
    try:
        value = own_sitting.begin(own, shelf.purpose)
    except (ConsentRefused, VaultError):
        return _not_here(request, purpose)
    response = redirect("sharing:decide")
    session.begin(response, value, kind=SITTING)
    return response


def _not_here(request: VisitRequest, purpose: str) -> HttpResponse:
    messages.info(request, gettext("You cannot decide about it on this page. Please ask the clinic."))
    return redirect("sharing:purpose", purpose)
