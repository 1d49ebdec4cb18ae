"""The people of a clinic: who works here and as what, who is invited, and how somebody leaves."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ultrasound_portal.clinics import break_glass, invitations, members, second_factors, staff_mail
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires
from ultrasound_portal.clinics.forms import InviteForm, RolesForm
from ultrasound_portal.clinics.models import Invitation, Membership
from ultrasound_portal.clinics.roles import Role, says
from ultrasound_portal.clinics.sign_ins import VERY_FRESH

WORKS_HERE = "Somebody with this address works here already."
SUBJECT = "You are invited to the Ultrasound Portal"
INVITED = """{by} invites you to work in the Ultrasound Portal of {clinic} as {roles}.

Open this address within seven days and choose a password and a second factor:

{address}#{secret}

If the page asks for a code, it is the part after the # sign. The address works once.
If you did not expect this mail, delete it.
"""
RESET_SUBJECT = "Your second factor was taken away"
RESET = """An administrator of {clinic} took your second factor for the Ultrasound Portal away, as you asked.

Sign in with your password and set up a new one. If you did not ask for it, tell your clinic at once.
"""


@requires(Capability.PEOPLE, proved_within=VERY_FRESH)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: StaffRequest) -> HttpResponse:
    """List members and invitations, or invite somebody."""
    form = InviteForm(request.POST or None)
    if not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    email, roles = form.cleaned_data["email"], [Role(one) for one in form.cleaned_data["roles"]]
    try:
        secret = invitations.invite(request.clinic, email, roles, by=request.user)
    except invitations.NotInvited:
        form.add_error("email", WORKS_HERE)
        return _page(request, form, status=400)
    address = request.build_absolute_uri(reverse("clinics:join"))
    words = {"by": request.user.display_name, "clinic": request.clinic.name, "roles": says(roles).lower()}
    body = INVITED.format(**words, address=address, secret=secret)
    if not staff_mail.send(to=[email], subject=SUBJECT, body=body):
        return _page(request, InviteForm(), by_hand=f"{address}#{secret}")
    messages.success(request, "The invitation is sent. It can be taken once, within seven days.")
    return redirect("clinics:people")


@requires(Capability.PEOPLE, proved_within=VERY_FRESH)
@require_POST
def withdraw(request: StaffRequest, invitation: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitations.withdraw(in_clinic_or_404(Invitation, request, invitation), by=request.user)
    messages.success(request, "The invitation is withdrawn. Its address opens nothing.")
    return redirect("clinics:people")


@requires(Capability.PEOPLE, proved_within=VERY_FRESH)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: StaffRequest, membership: UUID) -> HttpResponse:
    """Show one member, or give her other roles."""
    found = in_clinic_or_404(Membership, request, membership)
    form = RolesForm(request.POST or None, initial={"roles": found.held})
    if form.is_valid():
        try:
            members.change_roles(found, [Role(one) for one in form.cleaned_data["roles"]], by=request.user)
        except members.NotYours as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The roles are changed, from this moment on.")
            return redirect("clinics:people")
    context = {
        "member": found,
        "form": form,
        "factors": second_factors.factors_of(found.user),
        "is_self": found.user_id == request.user.pk,
    }
    return render(request, "clinics/member.html", context, status=400 if form.is_bound else 200)


@requires(Capability.PEOPLE, proved_within=VERY_FRESH)
@require_POST
def end(request: StaffRequest, membership: UUID) -> HttpResponse:
    """End a membership."""
    found = in_clinic_or_404(Membership, request, membership)
    try:
        members.end(found, by=request.user)
    except members.NotYours as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The membership is ended, and the person is signed out everywhere.")
    return redirect("clinics:people")


@requires(Capability.PEOPLE, proved_within=VERY_FRESH)
@require_POST
def reset(request: StaffRequest, membership: UUID) -> HttpResponse:
    """Take a lost second factor away and tell the person."""
    found = in_clinic_or_404(Membership, request, membership)
    try:
        members.reset_second_factors(found, by=request.user)
    except members.NotYours as refusal:
        messages.error(request, str(refusal))
    else:
        staff_mail.send(to=[found.user.email], subject=RESET_SUBJECT, body=RESET.format(clinic=request.clinic.name))
        messages.success(request, "The second factor is taken away. The next sign-in sets up a new one.")
    return redirect("clinics:people")


def _page(request: StaffRequest, form: InviteForm, *, by_hand: str = "", status: int = 200) -> HttpResponse:
    listed = request.clinic.memberships.select_related("user").order_by("user__display_name", "pk")
    context = {
        "form": form,
        "members": listed.annotate(seen_at=Max("user__sign_ins__seen_at")),
        "invitations": invitations.alive(request.clinic),
        "by_hand": by_hand,
        "glass": break_glass.unseen(request.clinic),
    }
    return render(request, "clinics/people.html", context, status=status)
