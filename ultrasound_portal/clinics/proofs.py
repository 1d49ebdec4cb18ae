"""Asks a person who is signed in to show once more that it is she, and takes what she shows.

The form carries along what she was about to send, so that nothing typed is lost.
"""

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import second_factors, sign_ins, throttle
from ultrasound_portal.clinics.models import SignIn, User
from ultrasound_portal.clinics.workplace import clinic_id_of

PASSWORD, PASSKEY = "proof_password", "proof_passkey"
OURS = frozenset({PASSWORD, PASSKEY, "csrfmiddlewaretoken"})
WRONG = "That is not right. Nothing was done yet: try again."
LOCKED = "The desk was left alone and is locked. What you were about to send is kept until you are back."
AGAIN = "This step is signed with your name, so show once more that it is you."


def shown(request: HttpRequest) -> bool:
    """Say whether the form carries a proof."""
    return request.method == "POST" and bool(request.POST.get(PASSWORD) or request.POST.get(PASSKEY))


def take(request: HttpRequest, row: SignIn) -> str:
    """Check the proof; return nothing if it is right, or what to tell the person. Both go on the trail."""
    attempt = throttle.by_password(request, row.user.email)
    if not attempt.is_open:
        return attempt.wait()
    right = _is_right(request, row.user)
    was_locked = sign_ins.is_locked(row)
    with transaction.atomic():
        if right:
            attempt.forget()
            sign_ins.prove(row)
        else:
            attempt.count()
        for event in _events(attempt, right=right):
            record(
                event,
                actor=f"user:{row.user_id}",
                clinic_id=clinic_id_of(request),
                object_kind="sign_in",
                object_id=row.pk,
                outcome="success" if right else "refused",
                detail={"was_locked": was_locked},
            )
    if right:
        return ""
    return attempt.wait() if attempt.was_last else WRONG


def ask(request: HttpRequest, *, why: str, fault: str = "") -> HttpResponse:
    """Answer with the page that asks, around everything the form held; files have to be chosen again."""
    kept = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    context = {
        "why": why,
        "fault": fault,
        "kept": kept,
        "files": bool(request.FILES),
        "address": request.get_full_path(),
    }
    return render(request, "clinics/prove.html", context, status=403)


def _events(attempt: throttle.Try, *, right: bool) -> tuple[Event, ...]:
    if right:
        return (Event.PROOF_GIVEN,)
    return (Event.PROOF_REFUSED, Event.TRIES_SLOWED) if attempt.was_last else (Event.PROOF_REFUSED,)


def _is_right(request: HttpRequest, user: User) -> bool:
    if answer := request.POST.get(PASSKEY):
        return second_factors.holder_of(request, answer) == user
    return check_password(request.POST.get(PASSWORD, ""), user.password)
