"""The front door: staff go on to their worklist, everybody else is asked to sign in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ultrasound_portal.clinics.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the visitor where the work is."""
    return redirect("deid:worklist" if request.user.is_authenticated else "clinics:sign_in")
