"""The guard of a remote sitting: who came in by its door looks at the study's pictures, one device at a time.

Every door raises LinkClosed and leaves an entry with the true reason; outside, every reason looks alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.services import release
from sharing import access, tokens
from sharing.albums import File, Picture
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Invitation
from sharing.services.invitations import record
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import VaultError


def actor_of(invitation: Invitation) -> str:
    """Return how the trail names who came in through an invitation."""
    return f"invitation:{invitation.pk}"


def attending(session: str) -> Invitation:
    """Return the invitation whose visit a session value belongs to; raises LinkClosed where it or the visit ended."""
    hashed = tokens.secret_hash(session)
    found = Invitation.objects.select_related("clinic", "patient", "study", "copy").filter(session_hash=hashed).first()
    if not session or found is None or not tokens.same_hash(found.session_hash, hashed):
        raise LinkClosed(ClosedReason.NO_SESSION)
    now = timezone.now()
    with _audited(found):
        check(found, now)
        if not found.visit_runs(now):
            raise LinkClosed(ClosedReason.SESSION_ENDED)
    if now - (found.session_seen_at or now) >= access.TOUCH_EVERY:
        Invitation.objects.filter(pk=found.pk, session_hash=hashed).update(session_seen_at=now)
        found.session_seen_at = now
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
def leave(invitation: Invitation) -> None:
    """End the visit."""
    Invitation.objects.filter(pk=invitation.pk).update(session_hash="")
    record(invitation, Event.INVITATION_LEFT, actor=actor_of(invitation))


def check(invitation: Invitation, now: datetime) -> None:
    """Raise LinkClosed where an invitation leads nowhere at a moment."""
    if invitation.revoked_at is not None:
        raise LinkClosed(ClosedReason.REVOKED)
    if now >= invitation.not_after:
        raise LinkClosed(ClosedReason.EXPIRED)
    if not access.released(invitation.study_id):
        raise LinkClosed(ClosedReason.NOT_RELEASED)


@contextmanager
def _audited(invitation: Invitation) -> Iterator[None]:
    """Run a question in one transaction; a refusal is recorded in a transaction of its own and raised on."""
    try:
        with transaction.atomic():
            yield
    except LinkClosed as closed:
        with transaction.atomic():
            note_refusal(invitation, closed)
        raise


def note_refusal(invitation: Invitation, closed: LinkClosed) -> None:
    """Write on the trail why a door of an invitation stayed shut."""
    record(
        invitation,
        Event.INVITATION_REFUSED,
        actor=actor_of(invitation),
        outcome="refused",
        reason=closed.reason.value,
    )
