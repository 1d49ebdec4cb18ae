"""The front door: staff go on to their first place, everybody else is asked to sign in."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.access import StaffRequest, actor_of, membership_of, public, signed_in
from ultrasound_portal.clinics.context import entries_for
from ultrasound_portal.clinics.forms import WorkplaceForm
from ultrasound_portal.clinics.rights import rights_of
from ultrasound_portal.clinics.workplace import CHOSEN


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the visitor where the work is."""
    if not request.user.is_authenticated:
        return redirect("clinics:sign_in")
    membership = membership_of(request)
    entries = entries_for(rights_of(membership), route="") if membership else ()
    return redirect(entries[0].url if entries else "clinics:account")


@signed_in()
@require_POST
def choose_clinic(request: StaffRequest) -> HttpResponse:
    """Work for another one of one's clinics from here on."""
    form = WorkplaceForm(request.POST)
    asked = form.cleaned_data["clinic"] if form.is_valid() else None
    chosen = get_object_or_404(request.user.memberships.select_related("clinic"), clinic_id=asked)
    request.session[CHOSEN] = str(chosen.clinic_id)
    with transaction.atomic():
        record(Event.CLINIC_CHOSEN, actor=actor_of(request), clinic_id=chosen.clinic_id)
    messages.success(request, f"You work for {chosen.clinic.name} from here on.")
    return redirect("clinics:home")
