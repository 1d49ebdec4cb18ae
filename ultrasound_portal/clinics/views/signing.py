"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import throttle
from ultrasound_portal.clinics.access import membership_of, public
from ultrasound_portal.clinics.forms import SignInForm
from ultrasound_portal.clinics.models import User

WRONG = "The address or the password is not right. Check both and try again."
WAIT = "Too many tries. Wait a few minutes, then try again. Forgotten your password? Ask an administrator."
STRANGER = "system:door"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or check it; a wrong address and a wrong password look the same."""
    if request.user.is_authenticated:
        return redirect("clinics:home")
    form = SignInForm(request.POST or None)
    next_page = request.POST.get("next", request.GET.get("next", ""))
    if not form.is_valid():
        return _page(request, form, next_page, status=400 if form.is_bound else 200)
    email, address = form.cleaned_data["email"], request.META.get("REMOTE_ADDR", "")
    if not throttle.is_open(email, address):
        form.add_error(None, WAIT)
        return _page(request, form, next_page, status=429)
    user = authenticate(request, username=email.strip().lower(), password=form.cleaned_data["password"])
    if not isinstance(user, User):
        _refuse(email, address)
        form.add_error(None, WRONG)
        form.ask_password_again()
        return _page(request, form, next_page, status=400)
    throttle.forget(email, address)
    _admit(request, user)
    return redirect(_safe(request, next_page))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept."""
    if isinstance(request.user, User):
        membership = membership_of(request)
        with transaction.atomic():
            record(
                Event.SIGNED_OUT,
                actor=f"user:{request.user.pk}",
                clinic_id=membership.clinic_id if membership else None,
            )
            logout(request)
    response = redirect("clinics:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _refuse(email: str, address: str) -> None:
    """Count and record a wrong try; the trail names the account and its clinic only if there is one."""
    known = User.objects.filter(email=email.strip().lower()).first()
    works_at = known.memberships.order_by("created_at", "id").first() if known else None
    with transaction.atomic():
        throttle.note_failure(email, address)
        record(
            Event.SIGN_IN_FAILED,
            actor=STRANGER,
            clinic_id=works_at.clinic_id if works_at else None,
            object_kind="user" if known else "",
            object_id=known.pk if known else None,
            outcome="refused",
        )


def _admit(request: HttpRequest, user: User) -> None:
    with transaction.atomic():
        login(request, user)
        membership = membership_of(request)
        record(
            Event.SIGNED_IN,
            actor=f"user:{user.pk}",
            clinic_id=membership.clinic_id if membership else None,
        )


def _page(request: HttpRequest, form: SignInForm, next_page: str, *, status: int) -> HttpResponse:
    return render(
        request,
        "clinics/sign_in.html",
        {"form": form, "next_page": next_page, "demo": settings.DEMO},
        status=status,
    )


def _safe(request: HttpRequest, next_page: str) -> str:
    """Return the page asked for if it is one of ours."""
    if url_has_allowed_host_and_scheme(
        next_page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return next_page
    return resolve_url(settings.LOGIN_REDIRECT_URL)
