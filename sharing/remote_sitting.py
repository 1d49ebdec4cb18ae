"""What is recorded of a remote sitting, once: who decides answers, or a second person signs what waits for a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.answers import Manner, ShownArtefact
from consent.capacity import Claim
from consent.ending import withdraw_consent
from consent.errors import ConsentRefused, RefusalReason
from consent.models import ConsentDocument, Grant
from consent.services import add_signature
from consent.states import (
    WITHDRAWABLE,
    Assent,
    Basis,
    GrantDecision,
    Place,
    SecondSecret,
    SignerRole,
    SigningMethod,
    WithdrawalChannel,
)
from sharing import tokens
from sharing.briefs import brief_of
from sharing.invited import actor_of
from sharing.keeping import check_the_table, keep_copy, record_and_copy
from sharing.models import Invitation, Link
from sharing.services.invitations import record
from sharing.services.links import revoke_links
from sharing.services.sitting import Answer, record_sitting, waits_for
from ultrasound_portal.audit.events import Event


@dataclass(frozen=True, slots=True)
class Table:
    """What the answers are about: the files shown, and the keys of the answers that stood when the page was made."""

    shown: Sequence[ShownArtefact]
    seen: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands under the answers: a typed name, a drawing beside it, and where the copy goes if that was asked."""

    name: str
    drawing: bytes = b""
    copy_to: str = ""


@transaction.atomic
def decide(invitation: Invitation, answers: Sequence[Answer], *, table: Table, signed: Signed) -> None:
    """Record the answers of who decides, with their copy; raises ConsentRefused, and then nothing is recorded.

    ANSWERED_MEANWHILE where they were recorded before, on this device or another one.
    """
    locked = _locked(invitation)
    role = SignerRole(locked.role)
    copy = record_and_copy(
        answers,
        study=locked.study,
        shown=table.shown,
        seen=table.seen,
        names={role: signed.name},
        claim=brief_of(locked).claim,
        method=SigningMethod.REMOTE,
        by=locked.created_by,
        manner=_manner(locked, signed),
        copy_to=signed.copy_to,
    )
    _close(locked, copy, len(answers))


@transaction.atomic
def sign(invitation: Invitation, answers: Sequence[Answer], *, table: Table, signed: Signed) -> None:
    """Put a second name under every yes that waits for it, or record the no that this person says instead (R29).

    Raises ConsentRefused as `decide` does, and PICTURE_REPLACED where a yes covers a picture that is not shown now.
    """
    locked = _locked(invitation)
    role, manner = SignerRole(locked.role), _manner(locked, signed)
    check_the_table(locked.study, table.shown, table.seen)
    waiting = {grant.purpose_id: grant for grant in waiting_for(locked)}
    grants = []
    for answer in answers:
        grant = waiting.get(answer.purpose.pk)
        if grant is None:
            raise ConsentRefused(RefusalReason.NOT_NEEDED)
        if answer.decision == GrantDecision.PERMIT:
            _check_pictures(grant, table.shown)
            by = locked.created_by
            grants.append(add_signature(grant, role, signed.name, method=SigningMethod.REMOTE, by=by, manner=manner))
        else:
            grants += record_sitting(
                [answer],
                study=locked.study,
                shown=table.shown,
                names={role: signed.name},
                claim=_objection(locked),
                method=SigningMethod.REMOTE,
                by=locked.created_by,
                manner=manner,
            )
    copy = keep_copy(grants, locked.study, actor=actor_of(locked), copy_to=signed.copy_to)
    _close(locked, copy, len(answers))


def waiting_for(invitation: Invitation) -> list[Grant]:
    """Return every yes of the study that waits for the name of who is invited, in the order of the purposes."""
    waiting = waits_for(invitation.study, invitation.role)
    return [grant for grant in waiting if grant.purpose_id in invitation.asked]


def answers_of(invitation: Invitation) -> list[Grant]:
    """Return what was decided or signed in this sitting, in the order of the purposes."""
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


def _locked(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not locked.is_open or not tokens.same_hash(locked.session_hash, invitation.session_hash):
        raise ConsentRefused(RefusalReason.ANSWERED_MEANWHILE)
    return locked


def _manner(invitation: Invitation, signed: Signed) -> Manner:
    drawings = {SignerRole(invitation.role): signed.drawing} if signed.drawing else {}
    return Manner(Place.ELSEWHERE, SecondSecret(invitation.second_secret), actor_of(invitation), drawings)


def _objection(invitation: Invitation) -> Claim:
    """Return the right by which a no is said: the patient's own holds whoever else says yes."""
    assent = Assent.REFUSED if invitation.role == SignerRole.ASSENT else Assent.NOT_ASKED
    return Claim(basis=Basis(invitation.basis), assent=assent)


def _check_pictures(grant: Grant, shown: Sequence[ShownArtefact]) -> None:
    present = {(item.artefact_id, item.sha256) for item in shown}
    if not {(image.artefact_id, image.sha256) for image in grant.images.all()} <= present:
        raise ConsentRefused(RefusalReason.PICTURE_REPLACED)


def _close(invitation: Invitation, copy: ConsentDocument, answers: int) -> None:
    invitation.copy, invitation.answered_at = copy, timezone.now()
    invitation.save(update_fields=["copy", "answered_at"])
    record(invitation, Event.INVITATION_ANSWERED, actor=actor_of(invitation), answers=answers)
