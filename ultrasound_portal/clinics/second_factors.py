"""The second factors of a person: a code app, passkeys and recovery codes, checked and kept by django-allauth.

A passkey asks its holder for a finger, a face or a PIN, so it is two factors by itself (docs/decisions/0022).
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from ultrasound_portal.clinics.models import Proof, User

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ASKED_AT = "passkey_asked_at"
CHALLENGE_SECONDS = 300
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor as its holder sees it."""

    id: int
    is_passkey: bool
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodeApp:
    """What a code app needs: the QR code as one SVG path in a square of `side` modules, or the secret to type."""

    path: str
    side: int
    secret: str


def enrolled(user: User) -> bool:
    """Say whether a second factor is demanded of the person; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=STRONG).exists())


def factors_of(user: User) -> tuple[Factor, ...]:
    """Return code app and passkeys, the oldest first."""
    rows = Authenticator.objects.filter(user=user, type__in=STRONG).order_by("created_at", "pk")
    return tuple(
        Factor(
            id=row.pk,
            is_passkey=row.type == Authenticator.Type.WEBAUTHN,
            name=row.data["name"] if row.type == Authenticator.Type.WEBAUTHN else "Code app",
            added_at=row.created_at,
            used_at=row.last_used_at,
        )
        for row in rows
    )


def codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def fresh_secret() -> str:
    """Return an encrypted secret for a code app that is being set up; the session may keep it."""
    return str(get_adapter().encrypt(totp.generate_totp_secret()))


def code_app(user: User, secret: str) -> CodeApp:
    """Return what the person's app needs of an encrypted secret."""
    bare = get_adapter().decrypt(secret)
    address = get_adapter().build_totp_url(user, bare)
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    grouped = " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))
    return CodeApp(path=path, side=len(rows), secret=grouped)


@transaction.atomic
def add_code_app(user: User, secret: str, code: str) -> bool:
    """Keep the secret if the app shows the right code; a former app of this person stops working."""
    counter = _matching_counter(get_adapter().decrypt(secret), code, after=0)
    if counter is None:
        return False
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    data = {"secret": secret, "last_counter": counter}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    return True


def accepts(user: User, code: str) -> Proof | None:
    """Say what the code is: one of the code app, a recovery code, or nothing; each is good once (RFC 6238, 5.2)."""
    if _accepts_code(user, code):
        return Proof.CODE
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None or not RecoveryCodes(row).validate_code(code):
        return None
    row.record_usage()
    return Proof.RECOVERY


@transaction.atomic
def make_recovery_codes(user: User) -> tuple[str, ...]:
    """Make ten codes in place of any there were and return them, to be shown once."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return tuple(RecoveryCodes.activate(user).generate_codes())


def passkey_to_make(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the options with which a browser makes a passkey (WebAuthn, CredentialCreationOptions)."""
    request.session[ASKED_AT] = time.time()
    return _plain(webauthn.begin_registration(user, passwordless=True))


def add_passkey(request: HttpRequest, user: User, name: str, answer: str) -> bool:
    """Keep the passkey if the browser answered what it was asked; it is named after its place in the list."""
    credential = _answer(request, answer)
    if credential is None:
        return False
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, KeyError):
        return False
    number = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() + 1
    webauthn.WebAuthn.add(user, name.strip()[:LONGEST_NAME] or f"Passkey {number}", credential)
    return True


def passkey_to_show(request: HttpRequest) -> dict[str, Any]:
    """Return the options with which a browser shows any passkey of this portal (CredentialRequestOptions)."""
    request.session[ASKED_AT] = time.time()
    return _plain(webauthn.begin_authentication())


def holder_of(request: HttpRequest, answer: str) -> User | None:
    """Return whose passkey the browser showed, or nobody."""
    credential = _answer(request, answer)
    if credential is None:
        return None
    try:
        webauthn.parse_authentication_response(credential)
        user = webauthn.extract_user_from_response(credential)
        authenticator = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, KeyError, AttributeError):
        return None
    if not isinstance(user, User) or not user.is_active:
        return None
    authenticator.record_usage()
    return user


def remove(user: User, pk: int) -> bool:
    """Remove a factor if another one stays; say whether it was."""
    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update().filter(user=user, type__in=STRONG))
        gone = [row for row in rows if row.pk == pk]
        if not gone or len(rows) == 1:
            return False
        gone[0].delete()
    return True


def forget(user: User) -> None:
    """Remove every factor, so that the next sign-in sets them up anew."""
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def _accepts_code(user: User, code: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    counter = _matching_counter(get_adapter().decrypt(row.data["secret"]), code, after=row.data["last_counter"])
    if counter is None:
        return False
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    row.record_usage()
    return True


def _matching_counter(secret: str, code: str, *, after: int) -> int | None:
    """Return the step of time whose code this is, of those that were not used yet."""
    typed = "".join(code.split())
    for counter in totp.yield_hotp_counters_from_time():
        right = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and secrets.compare_digest(typed.encode(), right.encode()):
            return int(counter)
    return None


def _answer(request: HttpRequest, answer: str) -> dict[str, Any] | None:
    """Return what the browser sent, if it is an object and came in time; each question is answered once."""
    asked = request.session.pop(ASKED_AT, 0.0)
    try:
        credential = json.loads(answer)
    except ValueError:
        return None
    in_time = time.time() - asked < CHALLENGE_SECONDS
    return credential if in_time and isinstance(credential, dict) else None


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as JSON has them: mappings as objects, bytes in base64url."""
    return {name: _plain(value) if isinstance(value, Mapping) else value for name, value in options.items()}
