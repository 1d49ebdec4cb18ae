"""Signing in, in two steps or with a passkey in one, and signing out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import demo_door, second_factors, sign_ins, throttle
from ultrasound_portal.clinics import entering as halfway
from ultrasound_portal.clinics.access import EnteringRequest, entering, membership_of, public
from ultrasound_portal.clinics.forms import SecondFactorForm, SignInForm
from ultrasound_portal.clinics.models import Proof, User

WRONG = "The address or the password is not right. Check both and try again."
WRONG_CODE = "This code is not right, or it was used before. Type the one that the app shows at this moment."
WRONG_PASSKEY = "This passkey does not open the portal. Try again, or sign in with your password."
STRANGER = "system:door"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or check it and go on to the second factor; a wrong address and a wrong password look the same."""
    if request.user.is_authenticated:
        return redirect("clinics:home")
    form = SignInForm(request.POST or None)
    next_page = request.POST.get("next", request.GET.get("next", ""))
    if not form.is_valid():
        return _page(request, form, next_page, status=400 if form.is_bound else 200)
    email = form.cleaned_data["email"].strip().lower()
    attempt = throttle.by_password(request, email)
    if not attempt.is_open:
        form.add_error(None, attempt.wait())
        return _page(request, form, next_page, status=429)
    user = _holder(request, attempt, email, form.cleaned_data["password"])
    if user is None:
        _record_refusal(Event.SIGN_IN_FAILED, User.objects.filter(email=email).first(), attempt)
        form.add_error(None, attempt.wait() if attempt.was_last else WRONG)
        form.ask_password_again()
        return _page(request, form, next_page, status=429 if attempt.was_last else 400)
    attempt.forget()
    enrolled = second_factors.enrolled(user)
    if user.is_demo and not enrolled:
        return admit(request, user, proof=Proof.DEMO, next_page=next_page)
    halfway.begin(request, user, next_page)
    return redirect("clinics:second_factor" if enrolled else "clinics:set_up")


@public
@require_POST
def passkey_question(request: HttpRequest) -> JsonResponse:
    """Answer with what a browser needs to show a passkey, whosever it is."""
    return JsonResponse(second_factors.passkey_to_show(request))


@public
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: its holder was asked for a finger, a face or a PIN."""
    attempt, next_page = throttle.by_passkey(request), request.POST.get("next", "")
    if not attempt.is_open:
        return _page(request, SignInForm(), next_page, status=429, fault=attempt.wait())
    user = second_factors.holder_of(request, request.POST.get("credential", ""))
    if user is None or (user.is_demo and not demo_door.is_open(request)):
        attempt.count()
        _record_refusal(Event.SIGN_IN_FAILED, None, attempt)
        fault = attempt.wait() if attempt.was_last else WRONG_PASSKEY
        return _page(request, SignInForm(), next_page, status=429 if attempt.was_last else 400, fault=fault)
    return admit(request, user, proof=Proof.PASSKEY, next_page=next_page)


@entering
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: EnteringRequest) -> HttpResponse:
    """Ask for a code of the app or a recovery code; a passkey signs in by its own way."""
    user, next_page = request.person, halfway.way_on(request)
    if not second_factors.enrolled(user):
        return redirect("clinics:set_up")
    form = SecondFactorForm(request.POST or None)
    if not form.is_valid():
        return _second(request, form, status=400 if form.is_bound else 200)
    attempt = throttle.by_code(user.pk)
    if not attempt.is_open:
        form.add_error(None, attempt.wait())
        return _second(request, form, status=429)
    proof = second_factors.accepts(user, form.cleaned_data["code"])
    if proof is None:
        attempt.count()
        _record_refusal(Event.SECOND_FACTOR_REFUSED, user, attempt)
        form.add_error("code", attempt.wait() if attempt.was_last else WRONG_CODE)
        return _second(request, form, status=429 if attempt.was_last else 400)
    attempt.forget()
    return admit(request, user, proof=proof, next_page=next_page)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept."""
    row = sign_ins.living(request)
    if isinstance(request.user, User):
        membership = membership_of(request)
        with transaction.atomic():
            record(
                Event.SIGNED_OUT,
                actor=f"user:{request.user.pk}",
                clinic_id=membership.clinic_id if membership else None,
            )
            if row:
                row.delete()
            logout(request)
    request.session.flush()
    response = redirect("clinics:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def admit(request: HttpRequest, user: User, *, proof: Proof, next_page: str) -> HttpResponse:
    """Sign the person in and send her on."""
    open_session(request, user, proof=proof)
    return redirect(safe(request, next_page))


def open_session(request: HttpRequest, user: User, *, proof: Proof) -> None:
    """Sign the person in, with the row of the session and the entry on the trail."""
    with transaction.atomic():
        request.session.pop(halfway.KEY, None)
        login(request, user, backend=BACKEND)
        sign_ins.begin(request, user, proof=proof)
        membership = membership_of(request)
        record(
            Event.SIGNED_IN,
            actor=f"user:{user.pk}",
            clinic_id=membership.clinic_id if membership else None,
            detail={"with": proof.value},
        )


def safe(request: HttpRequest, next_page: str) -> str:
    """Return the page asked for if it is one of ours."""
    if url_has_allowed_host_and_scheme(
        next_page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return next_page
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _holder(request: HttpRequest, attempt: throttle.Try, email: str, password: str) -> User | None:
    """Return who signs in with address and password; a wrong try is counted."""
    user = authenticate(attempt, username=email, password=password)
    if not isinstance(user, User):
        return None
    if user.is_demo and not demo_door.is_open(request):
        attempt.count()
        return None
    return user


def _record_refusal(event: Event, known: User | None, attempt: throttle.Try) -> None:
    """Put a wrong try on the trail, which names the account and its clinic only if there is one."""
    works_at = known.memberships.order_by("created_at", "id").first() if known else None
    with transaction.atomic():
        for refused in (event, Event.TRIES_SLOWED) if attempt.was_last else (event,):
            record(
                refused,
                actor=STRANGER,
                clinic_id=works_at.clinic_id if works_at else None,
                object_kind="user" if known else "",
                object_id=known.pk if known else None,
                outcome="refused",
            )


def _page(request: HttpRequest, form: SignInForm, next_page: str, *, status: int, fault: str = "") -> HttpResponse:
    context: dict[str, Any] = {"form": form, "next_page": next_page, "fault": fault}
    context["demo"] = settings.DEMO
    return render(request, "clinics/sign_in.html", context, status=status)


def _second(request: EnteringRequest, form: SecondFactorForm, *, status: int) -> HttpResponse:
    factors = second_factors.factors_of(request.person)
    if all(one.is_passkey for one in factors):
        form.fields["code"].label = "Passkey not at hand? A recovery code"
        form.fields["code"].help_text = "One of the ten that you were shown once."
    context = {
        "form": form,
        "next_page": halfway.way_on(request),
        "has_passkey": any(one.is_passkey for one in factors),
    }
    return render(request, "clinics/second_factor.html", context, status=status)
