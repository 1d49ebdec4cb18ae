"""The door of an invitation: two secrets lead in, tries are counted, and every closed door looks the same."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from consent.states import SecondSecret
from sharing import invited, throttle, tokens
from sharing.briefs import brief_of
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Invitation, OneTimeCode
from sharing.services import codes
from sharing.services.invitations import record
from sharing.states import Channel
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError

TRIES = 5
COOL_OFF = timedelta(minutes=5)


def come_in(*, secret: str, code: str, address: str, asked: str = "") -> str:
    """Open an invitation with its two secrets and return the session value for the visitor's cookie; raises LinkClosed.

    `asked` is what `ask_for_code` returned to the page, where the code was sent. The hasher runs exactly once whatever
    happens. A visit on another device ends.
    """
    found = _found(secret)
    sent = codes.live_code(found.pk, asked, timezone.now()) if found else None
    code_is_right = tokens.code_matches(code, codes.expected(found, sent))
    match, session = throttle.address_match(address), tokens.new_secret()
    with transaction.atomic():
        closed = _try(found, sent, code_is_right, match=match, session=session)
    if closed:
        raise closed
    return session


def let_in(invitation: Invitation) -> str:
    """Open an invitation to who has shown two secrets at another door, as `come_in`; raises LinkClosed."""
    session, now = tokens.new_secret(), timezone.now()
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    invited.check(locked, now)
    _begin(locked, session, now)
    return session


def ask_for_code(*, secret: str, address: str) -> str:
    """Send a one-time code if the invitation sends codes and is open; as `sharing.door.ask_for_code` in all else."""
    found, asked = _found(secret), tokens.new_secret()
    match = throttle.address_match(address)
    with transaction.atomic():
        closed = _try_to_send(found, asked, match)
        if closed:
            throttle.note_failure(match, timezone.now(), link=None)
            if found:
                invited.note_refusal(found, closed)
    return asked


def _found(secret: str) -> Invitation | None:
    return Invitation.objects.filter(token_hash=tokens.secret_hash(secret)).first()


def _try(
    found: Invitation | None, sent: OneTimeCode | None, code_is_right: bool, *, match: str, session: str
) -> LinkClosed | None:
    now = timezone.now()
    if throttle.address_is_tired(match, now):
        return LinkClosed(ClosedReason.TOO_MANY_TRIES)
    locked = _locked(found)
    closed = _why_not(locked, now)
    if closed is None and locked is not None:
        if code_is_right and (sent is None or codes.use(sent, now)):
            _begin(locked, session, now)
            return None
        closed = LinkClosed(ClosedReason.WRONG_CODE)
        _count(locked, now)
        if sent:
            codes.note_wrong(sent)
    throttle.note_failure(match, now, link=None)
    if locked is not None and closed is not None:
        invited.note_refusal(locked, closed)
    return closed


def _try_to_send(found: Invitation | None, asked: str, match: str) -> LinkClosed | None:
    now = timezone.now()
    if throttle.address_is_tired(match, now):
        return LinkClosed(ClosedReason.TOO_MANY_TRIES)
    locked = _locked(found)
    closed = _why_not(locked, now)
    if closed or locked is None:
        return closed
    if locked.second_secret == SecondSecret.CARD:
        return LinkClosed(ClosedReason.NO_CODE_TO_SEND)
    if not codes.may_ask(locked.pk, match, now):
        return LinkClosed(ClosedReason.TOO_MANY_CODES)
    try:
        contact = brief_of(locked).contact
    except VaultError:
        return LinkClosed(ClosedReason.UNREADABLE)
    request = codes.Request(
        door_id=locked.pk,
        asked=asked,
        address_match=match,
        patient=locked.patient,
        channel=Channel(locked.second_secret),
        to=contact,
        language=locked.language,
    )
    codes.send_code(request, now, actor=invited.actor_of(locked))
    return None


def _locked(found: Invitation | None) -> Invitation | None:
    return Invitation.objects.select_for_update(of=("self",)).filter(pk=found.pk).first() if found else None


def _why_not(invitation: Invitation | None, now: datetime) -> LinkClosed | None:
    if invitation is None:
        return LinkClosed(ClosedReason.UNKNOWN)
    if invitation.locked_until and now < invitation.locked_until:
        return LinkClosed(ClosedReason.COOLING_OFF)
    try:
        invited.check(invitation, now)
    except LinkClosed as closed:
        return closed
    return None


def _count(invitation: Invitation, now: datetime) -> None:
    """Count a wrong code; every fifth in a row starts a pause."""
    invitation.failed_attempts += 1
    if invitation.failed_attempts % TRIES == 0:
        invitation.locked_until = now + COOL_OFF
    invitation.save(update_fields=["failed_attempts", "locked_until"])


def _begin(invitation: Invitation, session: str, now: datetime) -> None:
    invitation.failed_attempts, invitation.locked_until = 0, None
    invitation.session_hash = tokens.secret_hash(session)
    invitation.session_began_at = invitation.session_seen_at = now
    invitation.save()
    record(invitation, Event.INVITATION_OPENED, actor=invited.actor_of(invitation))
