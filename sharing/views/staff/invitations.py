"""Staff invite a patient to decide at home, and take an invitation back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST

from consent.errors import ConsentRefused
from consent.services import offered_purposes
from deid.models import Study
from sharing import access
from sharing.models import Invitation
from sharing.qr import qr_code
from sharing.remote_form import InvitationForm
from sharing.services.invitations import InvitationOrder, NewInvitation, invite, revoke_invitations
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.languages import locale_of
from ultrasound_portal.patients.services import display_name


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Ask what she is to be asked; with a POST, make the invitation and show its two secrets, once."""
    study = in_clinic_or_404(Study, request, study_id)
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        purposes=list(offered_purposes(request.clinic)),
        language=study.patient.language,
    )
    if form.is_valid() and access.released(study.pk):
        try:
            return _card(request, invite(_order(study, form), by=request.user))
        except ConsentRefused as refusal:
            form.add_error(None, refusal.explanation)
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "pictures": access.released(study.pk),
        "form": form,
        "open": _open(study),
    }
    return render(request, "sharing/staff/invite.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.CONSENT)
@require_POST
def revoke(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = in_clinic_or_404(Invitation, request, invitation_id)
    if revoke_invitations(Invitation.objects.filter(pk=found.pk), actor=actor_of(request)):
        messages.success(request, "The invitation is taken back. Nobody can answer it any more.")
    else:
        messages.info(request, "The invitation was answered or taken back before.")
    return redirect("sharing:invite", found.study_id)


def _open(study: Study) -> Invitation | None:
    return Invitation.objects.filter(
        study=study, revoked_at=None, answered_at=None, not_after__gt=timezone.now()
    ).first()


def _order(study: Study, form: InvitationForm) -> InvitationOrder:
    return InvitationOrder(
        study=study,
        purposes=form.chosen(),
        language=form.cleaned_data["language"],
        recipients=form.recipients(),
        not_after=form.not_after(),
    )


def _card(request: StaffRequest, made: NewInvitation) -> HttpResponse:
    door = request.build_absolute_uri(reverse("sharing:decide_door"))
    address = f"{door}#{made.secret}"
    context = {
        "study": made.invitation.study,
        "clinic": request.clinic,
        "invitation": made.invitation,
        "address": address,
        "code": made.code,
        "qr": qr_code(address),
    }
    with translation.override(locale_of(made.invitation.language)):
        return render(request, "sharing/staff/invited.html", context)
