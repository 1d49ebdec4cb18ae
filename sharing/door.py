"""The door of a link: two secrets lead in, tries are counted, and every closed door looks and takes the same."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sharing import access, throttle, tokens
from sharing.contacts import contact_of
from sharing.errors import ClosedReason, LinkClosed
from sharing.link_trail import note_refusal, record
from sharing.models import Link, OneTimeCode, Opening
from sharing.services import codes, notices
from sharing.states import Channel, SecondSecret
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError


def open_link(*, secret: str, code: str, address: str, asked: str = "") -> str:
    """Open a link with its two secrets and return the session value for the visitor's cookie; raises LinkClosed.

    `asked` is what `ask_for_code` returned to the page, where the code was sent. The hasher runs exactly once whatever
    happens, so that time tells nothing.
    """
    link = _link_of(secret)
    sent = codes.live_code(link.pk, asked, timezone.now()) if link else None
    code_is_right = tokens.code_matches(code, codes.expected(link, sent))
    address_match = throttle.address_match(address)
    session = tokens.new_secret()
    with transaction.atomic():
        closed = _try_to_open(link, sent, code_is_right, address_match=address_match, session=session)
        if closed:
            note_refusal(link, closed)
    if closed:
        raise closed
    return session


def ask_for_code(*, secret: str, address: str) -> str:
    """Send a one-time code if the link sends codes and may be opened now.

    Whatever happens, the value is returned that the page gives back beside the code; what happened stands on the trail.
    """
    link, asked = _link_of(secret), tokens.new_secret()
    address_match = throttle.address_match(address)
    with transaction.atomic():
        closed = _try_to_send(link, asked, address_match)
        if closed:
            note_refusal(link, closed)
    return asked


def _link_of(secret: str) -> Link | None:
    hashed = tokens.secret_hash(secret)
    link = Link.objects.filter(token_hash=hashed).first()
    return link if link and tokens.same_hash(link.token_hash, hashed) else None


def _try_to_open(
    link: Link | None, sent: OneTimeCode | None, code_is_right: bool, *, address_match: str, session: str
) -> LinkClosed | None:
    """Open the link or return why not."""
    at = timezone.now()
    try:
        locked = _at_the_door(link, address_match, at)
    except LinkClosed as closed:
        return closed
    if not code_is_right or (sent and not codes.use(sent, at)):
        if sent:
            codes.note_wrong(sent)
        if throttle.note_failure(address_match, at, link=locked):
            record(locked, Event.LINK_LOCKED, outcome="refused")
        return LinkClosed(ClosedReason.WRONG_CODE)
    _open(locked, session, at)
    return None


def _try_to_send(link: Link | None, asked: str, address_match: str) -> LinkClosed | None:
    at = timezone.now()
    try:
        locked = _at_the_door(link, address_match, at)
    except LinkClosed as closed:
        return closed
    if locked.second_secret == SecondSecret.CARD:
        return LinkClosed(ClosedReason.NO_CODE_TO_SEND)
    if not codes.may_ask(locked.pk, address_match, at):
        return LinkClosed(ClosedReason.TOO_MANY_CODES)
    try:
        contact = contact_of(locked)
    except VaultError:
        return LinkClosed(ClosedReason.UNREADABLE)
    request = codes.Request(
        door_id=locked.pk,
        asked=asked,
        address_match=address_match,
        patient=locked.patient,
        channel=Channel(locked.second_secret),
        to=contact,
        language=locked.patient.language or locked.grant.wording.language,
        link=locked,
    )
    codes.send_code(request, at, actor=f"link:{locked.pk}")
    return None


def _at_the_door(link: Link | None, address_match: str, at: datetime) -> Link:
    """Return the link with its row locked where a code may be tried; raises LinkClosed, and counts the try.

    The grant is locked before the link, as withdrawal does.
    """
    if throttle.address_is_tired(address_match, at):
        raise LinkClosed(ClosedReason.TOO_MANY_TRIES)
    try:
        if link is None:
            raise LinkClosed(ClosedReason.UNKNOWN)
        access.open_album(link, at)
        locked = Link.objects.select_for_update().get(pk=link.pk)
        access.check_link(locked, at)
        if locked.openings >= locked.max_openings:
            raise LinkClosed(ClosedReason.SPENT)
        if throttle.link_is_cooling(locked, address_match, at):
            raise LinkClosed(ClosedReason.COOLING_OFF)
    except LinkClosed:
        throttle.note_failure(address_match, at, link=None)
        raise
    return locked


def _open(link: Link, session: str, at: datetime) -> None:
    throttle.note_success(link)
    Link.objects.filter(pk=link.pk).update(openings=F("openings") + 1)
    opening = Opening.objects.create(link=link, session_hash=tokens.secret_hash(session), opened_at=at, last_seen_at=at)
    record(link, Event.LINK_OPENED, opening=str(opening.pk))
    notices.tell_first_opening(link)
