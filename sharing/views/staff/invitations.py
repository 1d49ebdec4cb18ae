"""Staff invite a patient to decide at home, and take an invitation back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_POST

from consent.capacity import Claim, OpenBasis, birth_date_of, open_bases
from consent.errors import ConsentRefused
from consent.services import offered_purposes
from consent.states import Basis, SignerRole
from deid.models import Study
from sharing import access
from sharing.briefs import Brief
from sharing.invitation_form import InvitationForm, TermsForm
from sharing.models import Invitation
from sharing.qr import qr_code
from sharing.services.invitations import (
    SIGN_FROM_AFAR,
    InvitationOrder,
    NewInvitation,
    invite,
    invite_to_sign,
    revoke_invitations,
)
from sharing.services.sitting import waits_for
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.clinics.models import User
from ultrasound_portal.languages import locale_of
from ultrasound_portal.patients.services import display_name


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Ask who decides and about what; with a POST, make the invitation and show its two secrets, once."""
    study = in_clinic_or_404(Study, request, study_id)
    bases = open_bases(study.patient, timezone.localdate())
    asked = _asked(request, bases)
    form = None
    if asked and asked.from_afar:
        form = InvitationForm(
            request.POST if request.method == "POST" else None,
            asked=asked,
            asks_born=birth_date_of(study.patient) is None,
            purposes=list(offered_purposes(request.clinic)),
            language=study.patient.language,
        )
        if form.is_valid() and access.released(study.pk):
            try:
                return _cards(request, invite(_order(study, form, request.user), by=request.user))
            except ConsentRefused as refusal:
                form.add_error(None, refusal.explanation)
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "pictures": access.released(study.pk),
        "bases": bases,
        "asked": asked,
        "form": form,
        "open": _open(study),
    }
    return render(request, "sharing/staff/invite.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Invite somebody to put the name from afar that a yes waits for; the address tells in which role."""
    study, role = in_clinic_or_404(Study, request, study_id), request.GET.get("role", "")
    waiting = waits_for(study, role) if role in SIGN_FROM_AFAR else []
    if not waiting:
        messages.info(request, "No answer waits for this name any more. This is what is on record.")
        return redirect("sharing:recorded", study.pk)
    form = TermsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        order = InvitationOrder(
            study=study,
            purposes=[grant.purpose for grant in waiting],
            language=waiting[0].wording.language,
            not_after=form.not_after(),
            brief=Brief(claim=Claim(basis=Basis(waiting[0].record.capacity.basis)), contact=form.address()),
            second_secret=form.opened_by(),
        )
        try:
            return _cards(request, [invite_to_sign(order, SignerRole(role), by=request.user)])
        except ConsentRefused as refusal:
            form.add_error(None, refusal.explanation)
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "role": SignerRole(role).label,
        "waiting": waiting,
        "form": form,
    }
    return render(request, "sharing/staff/invite_to_sign.html", context, status=422 if form.is_bound else 200)


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


def _asked(request: StaffRequest, bases: list[OpenBasis]) -> OpenBasis | None:
    """Return the basis that is asked for; an adult who decides alone where nothing is said and she may."""
    wanted = request.POST.get("basis") or request.GET.get("basis") or Basis.ADULT.value
    return next((one for one in bases if one.basis.value == wanted), None)


def _open(study: Study) -> list[Invitation]:
    return list(Invitation.objects.filter(study=study, revoked_at=None, answered_at=None, not_after__gt=timezone.now()))


def _order(study: Study, form: InvitationForm, by: User) -> InvitationOrder:
    return InvitationOrder(
        study=study,
        purposes=form.chosen(),
        language=form.cleaned_data["language"],
        not_after=form.not_after(),
        brief=form.brief(by),
        second_secret=form.opened_by(),
    )


def _cards(request: StaffRequest, made: list[NewInvitation]) -> HttpResponse:
    door = request.build_absolute_uri(reverse("sharing:decide_door"))
    slips = [(one, address := f"{door}#{one.secret}", qr_code(address)) for one in made]
    first = made[0].invitation
    context = {"study": first.study, "clinic": request.clinic, "slips": slips}
    with translation.override(locale_of(first.language)):
        return render(request, "sharing/staff/invited.html", context)
