"""Somebody who gave the right password and has yet to show a second factor: known to the session, not signed in."""

import time

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from ultrasound_portal.clinics.models import User

KEY = "entering"
SECONDS = 600


def begin(request: HttpRequest, user: User, next_page: str) -> None:
    """Remember the person under a session key that nobody knew before."""
    request.session.cycle_key()
    request.session[KEY] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "at": time.time(),
        "next": next_page,
    }


def person(request: HttpRequest) -> User | None:
    """Return who is entering; nobody after ten minutes or once the password was changed."""
    state = request.session.get(KEY)
    if state is None or time.time() - state["at"] > SECONDS:
        return None
    user = User.objects.filter(pk=state["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), state["password"]):
        return None
    return user


def way_on(request: HttpRequest) -> str:
    """Return the page that was asked for before."""
    state = request.session.get(KEY)
    return str(state["next"]) if state else ""
