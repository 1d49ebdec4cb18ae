"""Taking an invitation: the secret once, then an account of one's own, or the one that is there."""

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ultrasound_portal.clinics import entering as halfway
from ultrasound_portal.clinics import invitations, sign_ins
from ultrasound_portal.clinics.access import public
from ultrasound_portal.clinics.forms import NewAccountForm, SecretForm
from ultrasound_portal.clinics.models import Invitation, User
from ultrasound_portal.clinics.services import create_user
from ultrasound_portal.clinics.workplace import CHOSEN

KEY = "joining"
OVER = "This invitation does not hold: it was taken, withdrawn, or is more than seven days old. Ask for another one."
OTHER = "You are signed in as somebody else. Sign out first, then open the invitation again."
SIGN_IN = "You have an account already. Sign in with it, and you are asked whether you want to join."


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take the secret out of a form, where the page's script put it from behind the # sign of the address."""
    form = SecretForm(request.POST or None)
    if form.is_valid():
        invitation = invitations.by_secret(form.cleaned_data["secret"])
        if invitation is not None:
            request.session[KEY] = str(invitation.pk)
            return redirect("clinics:join_account")
        form.add_error(None, OVER)
    return render(request, "clinics/join.html", {"form": form}, status=400 if form.is_bound else 200)


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def join_account(request: HttpRequest) -> HttpResponse:
    """Make the account of whoever is invited, or let the owner of the one that is there join."""
    invitation = _invitation(request)
    if invitation is None:
        messages.warning(request, OVER)
        return redirect("clinics:join")
    if User.objects.filter(email=invitation.email).exists():
        return _with_account(request, invitation)
    form = NewAccountForm(request.POST or None)
    if form.is_valid() and (user := _made(form, invitation)):
        del request.session[KEY]
        halfway.begin(request, user, "")
        return redirect("clinics:set_up")
    context = {"form": form, "invitation": invitation, "has_account": False}
    return render(request, "clinics/join_account.html", context, status=400 if form.is_bound else 200)


def _with_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    row = sign_ins.living(request)
    if row is None or sign_ins.is_locked(row):
        messages.info(request, SIGN_IN)
        return redirect(f"{resolve_url('clinics:sign_in')}?{urlencode({'next': request.path})}")
    if row.user.email != invitation.email:
        messages.error(request, OTHER)
        return redirect("clinics:account")
    if request.method != "POST":
        return render(request, "clinics/join_account.html", {"invitation": invitation, "has_account": True})
    try:
        membership = invitations.accept(invitation, row.user)
    except invitations.NotInvited:
        messages.warning(request, OVER)
        return redirect("clinics:home")
    del request.session[KEY]
    request.session[CHOSEN] = str(membership.clinic_id)
    messages.success(request, f"You work for {membership.clinic.name} from here on.")
    return redirect("clinics:home")


def _made(form: NewAccountForm, invitation: Invitation) -> User | None:
    """Make the account and use the invitation up, or say what is wrong."""
    said = form.cleaned_data
    try:
        validate_password(said["password"])
        with transaction.atomic():
            user = create_user(invitation.email, said["display_name"], said["password"])
            invitations.accept(invitation, user)
    except ValidationError as fault:
        form.add_error("password", fault)
        return None
    except invitations.NotInvited:
        form.add_error(None, OVER)
        return None
    return user


def _invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation that the session took, if it still holds."""
    key = request.session.get(KEY)
    found = Invitation.objects.select_related("clinic", "invited_by").filter(pk=key).first() if key else None
    return found if found and invitations.alive(found.clinic).filter(pk=found.pk).exists() else None
