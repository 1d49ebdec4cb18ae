"""A forgotten password and a new one: the mail that is asked for, its secret, and one's own change of it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ultrasound_portal.clinics import passwords, throttle
from ultrasound_portal.clinics.access import StaffRequest, public, signed_in
from ultrasound_portal.clinics.forms import ForgottenForm, NewPasswordForm, SecretForm
from ultrasound_portal.clinics.sign_ins import VERY_FRESH

KEY = "resetting"
ON_ITS_WAY = "If somebody signs in with this address, a mail is on its way. It works once, for half an hour."
OVER = "This address does not hold: it was used, or is more than half an hour old. Ask for another mail."
CHANGED = "Your password is changed, and you are signed out everywhere. Sign in with the new one."
CHANGED_HERE = "Your password is changed. You are signed out everywhere but here."


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask where the mail goes, and answer the same whether somebody has the address or nobody."""
    form = ForgottenForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_valid() and settings.PORTAL_EMAIL != "off":
        email = form.cleaned_data["email"]
        attempt = throttle.by_reset(request, email)
        if attempt.is_open:
            attempt.count()
            passwords.ask(email, request.build_absolute_uri(reverse("clinics:reset_password")))
            messages.info(request, ON_ITS_WAY)
            return redirect("clinics:sign_in")
        form.add_error(None, attempt.wait("Too many mails were asked for."))
        status = 429
    context = {"form": form, "mail": settings.PORTAL_EMAIL != "off"}
    return render(request, "clinics/forgotten.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Take the secret out of a form, where the page's script put it from behind the # sign of the address."""
    form = SecretForm(request.POST or None)
    if form.is_valid():
        found = passwords.by_secret(form.cleaned_data["secret"])
        if found is not None:
            request.session.cycle_key()
            request.session[KEY] = str(found.pk)
            return redirect("clinics:reset_new")
        form.add_error(None, OVER)
    return render(request, "clinics/reset.html", {"form": form}, status=400 if form.is_bound else 200)


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_new(request: HttpRequest) -> HttpResponse:
    """Take the new password of whoever showed the secret; she then signs in with it and her second factor."""
    found = passwords.by_key(request.session.get(KEY))
    if found is None or found.user is None:
        messages.warning(request, OVER)
        return redirect("clinics:forgotten")
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            first = passwords.take(found, form.cleaned_data["password"])
        except ValidationError as fault:
            form.add_error("password", fault)
        else:
            request.session.flush()
            messages.success(request, CHANGED) if first else messages.warning(request, OVER)
            return redirect("clinics:sign_in")
    context = {"form": form, "email": found.user.email, "send_to": reverse("clinics:reset_new")}
    return render(request, "clinics/new_password.html", context, status=400 if form.is_bound else 200)


@signed_in(proved_within=VERY_FRESH, even_to_read=True)
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest) -> HttpResponse:
    """Change one's own password; the demo's public one stays, or nobody could come in any more."""
    if request.user.is_demo:
        raise Http404
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            passwords.change(request.user, form.cleaned_data["password"], here=request.sign_in)
        except ValidationError as fault:
            form.add_error("password", fault)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, CHANGED_HERE)
            return redirect("clinics:account")
    context = {"form": form, "email": request.user.email, "send_to": reverse("clinics:change_password")}
    return render(request, "clinics/new_password.html", context, status=400 if form.is_bound else 200)
