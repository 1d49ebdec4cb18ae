"""Setting up a second factor: forced at the first sign-in, and later from one's own account."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import entering as halfway
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.access import EnteringRequest, StaffRequest, entering, signed_in
from ultrasound_portal.clinics.forms import CodeAppForm, PasskeyForm
from ultrasound_portal.clinics.models import Proof, User
from ultrasound_portal.clinics.sign_ins import VERY_FRESH
from ultrasound_portal.clinics.views.signing import open_session, safe
from ultrasound_portal.clinics.workplace import clinic_id_of

SECRET = "code_app"  # noqa: S105 - where the session keeps the encrypted secret of an app that is being set up
WRONG_CODE = "This is not the code that the app shows now. Check the clock of your telephone, then type the next one."
WRONG_PASSKEY = "The passkey was not made. Try again, or use a code app."
ALREADY = "You have a second factor. Sign in with it; more can be added in your account."


@entering
@require_safe
def choose(request: EnteringRequest) -> HttpResponse:
    """Say why, and offer the two ways."""
    return _unless_enrolled(request) or render(request, "clinics/set_up.html")


@entering
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_code_app(request: EnteringRequest) -> HttpResponse:
    """Set up the code app of somebody who is signing in for the first time."""
    return _unless_enrolled(request) or _code_app(request, request.person, first=True)


@entering
@require_POST
def first_passkey_question(request: EnteringRequest) -> HttpResponse:
    """Answer with what a browser needs to make the first passkey."""
    return _unless_enrolled(request) or JsonResponse(second_factors.passkey_to_make(request, request.person))


@entering
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_passkey(request: EnteringRequest) -> HttpResponse:
    """Make the passkey of somebody who is signing in for the first time."""
    return _unless_enrolled(request) or _passkey(request, request.person, first=True)


@signed_in(proved_within=VERY_FRESH, even_to_read=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def more_code_app(request: StaffRequest) -> HttpResponse:
    """Set up a code app in place of the former one."""
    return _code_app(request, request.user, first=False)


@signed_in(proved_within=VERY_FRESH)
@require_POST
def more_passkey_question(request: StaffRequest) -> HttpResponse:
    """Answer with what a browser needs to make one more passkey."""
    return JsonResponse(second_factors.passkey_to_make(request, request.user))


@signed_in(proved_within=VERY_FRESH, even_to_read=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def more_passkey(request: StaffRequest) -> HttpResponse:
    """Make one more passkey."""
    return _passkey(request, request.user, first=False)


@signed_in(proved_within=VERY_FRESH)
@never_cache
@require_POST
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Make new recovery codes in place of the former ones and show them once."""
    with transaction.atomic():
        codes = second_factors.make_recovery_codes(request.user)
        _note(request, Event.RECOVERY_CODES_MADE, request.user)
    return _codes_page(request, codes, "/desk/account/")


def _code_app(request: HttpRequest, user: User, *, first: bool) -> HttpResponse:
    secret = request.session.setdefault(SECRET, second_factors.fresh_secret())
    form = CodeAppForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            if second_factors.add_code_app(user, secret, form.cleaned_data["code"]):
                del request.session[SECRET]
                return _done(request, user, Proof.CODE, first=first)
        form.add_error("code", WRONG_CODE)
    context: dict[str, Any] = {"form": form, "first": first, "app": second_factors.code_app(user, secret)}
    return render(request, "clinics/set_up_code.html", context, status=400 if form.is_bound else 200)


def _passkey(request: HttpRequest, user: User, *, first: bool) -> HttpResponse:
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            said = form.cleaned_data
            if second_factors.add_passkey(request, user, said["name"], said["credential"]):
                return _done(request, user, Proof.PASSKEY, first=first)
        form.add_error(None, WRONG_PASSKEY)
    context = {"form": form, "first": first}
    return render(request, "clinics/set_up_passkey.html", context, status=400 if form.is_bound else 200)


def _done(request: HttpRequest, user: User, proof: Proof, *, first: bool) -> HttpResponse:
    """Note the factor; the first one signs in and brings recovery codes, which are shown now and never again."""
    if not first:
        _note(request, Event.SECOND_FACTOR_ADDED, user, kind=proof.value)
        messages.success(request, "It is set up. Use it the next time you sign in.")
        return redirect("clinics:account")
    way_on = safe(request, halfway.way_on(request))
    open_session(request, user, proof=proof)
    codes = second_factors.make_recovery_codes(user)
    _note(request, Event.SECOND_FACTOR_ADDED, user, kind=proof.value)
    _note(request, Event.RECOVERY_CODES_MADE, user)
    return _codes_page(request, codes, way_on)


def _codes_page(request: HttpRequest, codes: tuple[str, ...], way_on: str) -> HttpResponse:
    grouped = [f"{code[:5]} {code[5:]}" for code in codes]
    return render(request, "clinics/recovery_codes.html", {"codes": grouped, "way_on": way_on})


def _unless_enrolled(request: EnteringRequest) -> HttpResponse | None:
    """Send whoever has a factor to show it: a password alone must not add another."""
    if not second_factors.enrolled(request.person):
        return None
    messages.info(request, ALREADY)
    return redirect("clinics:second_factor")


def _note(request: HttpRequest, event: Event, user: User, **detail: str) -> None:
    record(
        event,
        actor=f"user:{user.pk}",
        clinic_id=clinic_id_of(request),
        object_kind="user",
        object_id=user.pk,
        detail=detail,
    )
