"""The guard of a remote sitting: two secrets lead in, one device at a time, and the answers are recorded once.

Every door raises LinkClosed and leaves an entry with the true reason; outside, every reason looks alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.answers import Manner, ShownArtefact
from consent.capacity import Claim
from consent.ending import withdraw_consent
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant
from consent.states import (
    WITHDRAWABLE,
    Place,
    SecondSecret,
    SignerRole,
    SigningMethod,
    WithdrawalChannel,
)
from deid.services import release
from sharing import access, throttle, tokens
from sharing.albums import File, Picture
from sharing.errors import ClosedReason, LinkClosed
from sharing.keeping import record_and_copy
from sharing.models import Invitation, Link
from sharing.services.invitations import record
from sharing.services.links import revoke_links
from sharing.services.sitting import Answer
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError

TRIES = 5
COOL_OFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Table:
    """What the answers are about: the files shown, and the keys of the answers that stood when the page was made."""

    shown: Sequence[ShownArtefact]
    seen: Sequence[UUID]


def actor_of(invitation: Invitation) -> str:
    """Return how the trail names who came in through an invitation."""
    return f"invitation:{invitation.pk}"


def come_in(*, secret: str, code: str, address: str) -> str:
    """Open an invitation with its two secrets and return the session value for the visitor's cookie; raises LinkClosed.

    The hasher runs exactly once whatever happens. A visit on another device ends.
    """
    hashed = tokens.secret_hash(secret)
    found = Invitation.objects.filter(token_hash=hashed).first()
    code_is_right = tokens.code_matches(code, found.code_hash if found else None)
    match, session = throttle.address_match(address), tokens.new_secret()
    with transaction.atomic():
        closed = _try(found, code_is_right, match=match, session=session)
    if closed:
        raise closed
    return session


def attending(session: str) -> Invitation:
    """Return the invitation whose visit a session value belongs to; raises LinkClosed where it or the visit ended."""
    hashed = tokens.secret_hash(session)
    found = Invitation.objects.select_related("clinic", "patient", "study", "copy").filter(session_hash=hashed).first()
    if not session or found is None or not tokens.same_hash(found.session_hash, hashed):
        raise LinkClosed(ClosedReason.NO_SESSION)
    now = timezone.now()
    with _audited(found):
        _check(found, now)
        if not found.visit_runs(now):
            raise LinkClosed(ClosedReason.SESSION_ENDED)
    if now - (found.session_seen_at or now) >= access.TOUCH_EVERY:
        Invitation.objects.filter(pk=found.pk, session_hash=hashed).update(session_seen_at=now)
    return found


def pictures(invitation: Invitation) -> list[Picture]:
    """Return the released pictures that the questions are about."""
    return access.released(invitation.study_id)


def picture(invitation: Invitation, artefact_id: UUID) -> tuple[File, int]:
    """Return one file of those pictures and its picture's position; raises LinkClosed for any other."""
    for shown in pictures(invitation):
        for file in shown.files:
            if file.artefact_id == artefact_id:
                return file, shown.position
    with _audited(invitation):
        raise LinkClosed(ClosedReason.NOT_IN_LINK)


def read(session: str, artefact_id: UUID, start: int, stop: int, *, event: Event | None) -> bytes:
    """Return the bytes `start` to `stop` of a file; the invitation is asked anew for every piece. Raises LinkClosed."""
    invitation = attending(session)
    file, _ = picture(invitation, artefact_id)
    with _audited(invitation):
        if event:
            record(
                invitation, event, actor=actor_of(invitation), artefact=str(file.artefact_id), start=start, stop=stop
            )
        try:
            return b"".join(release.open_artefact(file.artefact_id).read_range(start, stop))
        except VaultError as fault:
            raise LinkClosed(ClosedReason.UNREADABLE) from fault


@transaction.atomic
def decide(
    invitation: Invitation,
    answers: Sequence[Answer],
    *,
    table: Table,
    name: str,
    drawing: bytes = b"",
    copy_to: str = "",
) -> None:
    """Record her answers with their copy, once; raises ConsentRefused, and then nothing is recorded.

    ANSWERED_MEANWHILE where they were recorded before, on this device or another one.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not locked.is_open or not tokens.same_hash(locked.session_hash, invitation.session_hash):
        raise ConsentRefused(RefusalReason.ANSWERED_MEANWHILE)
    drawings: Mapping[SignerRole, bytes] = {SignerRole.PATIENT: drawing} if drawing else {}
    locked.copy = record_and_copy(
        answers,
        study=locked.study,
        shown=table.shown,
        seen=table.seen,
        names={SignerRole.PATIENT: name},
        claim=Claim(),
        method=SigningMethod.REMOTE,
        by=locked.created_by,
        manner=Manner(Place.ELSEWHERE, _secret_of(locked), actor_of(locked), drawings),
        copy_to=copy_to,
    )
    locked.answered_at = timezone.now()
    locked.save(update_fields=["copy", "answered_at"])
    record(locked, Event.INVITATION_ANSWERED, actor=actor_of(locked), answers=len(answers))


def answers_of(invitation: Invitation) -> list[Grant]:
    """Return what she decided in this sitting, in the order of the purposes."""
    if invitation.copy is None:
        return []
    grants = Grant.objects.filter(record__in=invitation.copy.records.all()).select_related("wording", "purpose")
    return list(grants.order_by("purpose__order"))


@transaction.atomic
def take_back(invitation: Invitation, grant_id: UUID) -> None:
    """Withdraw a yes of this very sitting and revoke its links; raises ConsentRefused(NOT_YOURS) for another one."""
    if grant_id not in {grant.pk for grant in answers_of(invitation) if grant.state in WITHDRAWABLE}:
        raise ConsentRefused(RefusalReason.NOT_YOURS)
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    links = Link.objects.filter(grant=grant)
    list(links.select_for_update().order_by("pk"))
    withdraw_consent(grant, actor=actor_of(invitation), channel=WithdrawalChannel.LINK)
    revoke_links(links, actor=actor_of(invitation))


@transaction.atomic
def leave(invitation: Invitation) -> None:
    """End the visit."""
    Invitation.objects.filter(pk=invitation.pk).update(session_hash="")
    record(invitation, Event.INVITATION_LEFT, actor=actor_of(invitation))


def _secret_of(invitation: Invitation) -> SecondSecret:
    return SecondSecret(invitation.second_secret)


def _try(found: Invitation | None, code_is_right: bool, *, match: str, session: str) -> LinkClosed | None:
    now = timezone.now()
    if throttle.address_is_tired(match, now):
        return LinkClosed(ClosedReason.TOO_MANY_TRIES)
    locked = Invitation.objects.select_for_update(of=("self",)).filter(pk=found.pk).first() if found else None
    closed = _why_not(locked, code_is_right, now)
    if closed is None and locked is not None:
        _begin(locked, session, now)
        return None
    throttle.note_failure(match, now, link=None)
    if locked is not None and closed is not None:
        if closed.reason is ClosedReason.WRONG_CODE:
            _count(locked, now)
        _note(locked, closed)
    return closed


def _why_not(invitation: Invitation | None, code_is_right: bool, now: datetime) -> LinkClosed | None:
    if invitation is None:
        return LinkClosed(ClosedReason.UNKNOWN)
    if invitation.locked_until and now < invitation.locked_until:
        return LinkClosed(ClosedReason.COOLING_OFF)
    try:
        _check(invitation, now)
    except LinkClosed as closed:
        return closed
    return None if code_is_right else LinkClosed(ClosedReason.WRONG_CODE)


def _check(invitation: Invitation, now: datetime) -> None:
    if invitation.revoked_at is not None:
        raise LinkClosed(ClosedReason.REVOKED)
    if now >= invitation.not_after:
        raise LinkClosed(ClosedReason.EXPIRED)
    if not access.released(invitation.study_id):
        raise LinkClosed(ClosedReason.NOT_RELEASED)


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
    record(invitation, Event.INVITATION_OPENED, actor=actor_of(invitation))


@contextmanager
def _audited(invitation: Invitation) -> Iterator[None]:
    """Run a question in one transaction; a refusal is recorded in a transaction of its own and raised on."""
    try:
        with transaction.atomic():
            yield
    except LinkClosed as closed:
        with transaction.atomic():
            _note(invitation, closed)
        raise


def _note(invitation: Invitation, closed: LinkClosed) -> None:
    record(
        invitation,
        Event.INVITATION_REFUSED,
        actor=actor_of(invitation),
        outcome="refused",
        reason=closed.reason.value,
    )
