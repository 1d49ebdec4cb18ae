"""Links are made for one purpose and revoked, each act with its audit entry in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent import gate
from consent.models import Grant
from consent.states import GateReason, GrantState
from deid.models import Instance, Study
from sharing import tokens
from sharing.contacts import seal_contact
from sharing.errors import LinkRefusal, LinkRefused
from sharing.models import Link, LinkImage, Message, Opening
from sharing.models.link import LONGEST_VISIT
from sharing.nicknames import seal_nickname
from sharing.recipients import named_recipient
from sharing.senders.choosing import open_channels
from sharing.services.limits import limits_of
from sharing.services.messages import stop_messages
from sharing.states import Channel, LinkState, MessageFault, RecipientCheck, SecondSecret
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.handbook import services as handbook

_REFUSALS = {
    GateReason.NOT_SHOWN: LinkRefusal.NOT_CONSENTED,
    GateReason.ALTERED: LinkRefusal.NOT_CONSENTED,
}


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """One file that the link is to give; `sha256` in hex."""

    picture_id: UUID
    artefact_id: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """What a member of staff asks for; files of one picture stand together.

    Without `not_before` the link opens at once. `contact` is where one-time codes go, where codes are sent.
    """

    study: Study
    grant: Grant
    files: Sequence[ChosenFile]
    nickname: str
    recipient_check: RecipientCheck
    not_after: datetime
    max_openings: int
    download_allowed: bool
    submission: UUID
    not_before: datetime | None = None
    second_secret: SecondSecret = SecondSecret.CARD
    contact: str = ""
    visit_minutes: int = LONGEST_VISIT


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link with its secrets, which nobody can read again; `code` is empty where codes are sent."""

    link: Link
    secret: str
    code: str


def create_link(order: LinkOrder, *, by: User | Link) -> NewLink:
    """Make a link for the purpose and the study of a grant; raises LinkRefused where it does not cover every file.

    `by` is who makes it: a member of staff, or the patient through her own link. Where the grant names a recipient, the
    link is for that one and has its name.
    """
    secret, code = tokens.new_secret(), tokens.new_code()
    code_hash = tokens.code_hash(code)
    now = timezone.now()
    with transaction.atomic():
        if isinstance(by, User) and not handbook.may_share(by, order.study.clinic):
            raise LinkRefused(LinkRefusal.HANDBOOK)
        _check_consent(order, now)
        if Link.objects.filter(submission=order.submission).exists():
            raise LinkRefused(LinkRefusal.ALREADY_MADE)
        opens = max(order.not_before or now, now)
        contact_object_id, contact_sealed = _sealed_contact(order)
        recipient = named_recipient(order.grant)
        if order.grant.purpose.needs_recipient and recipient is None:
            raise LinkRefused(LinkRefusal.NO_RECIPIENT)
        nickname = recipient.name if recipient else order.nickname
        nickname_object_id, nickname_sealed = seal_nickname(nickname, clinic_id=order.study.clinic_id)
        link = Link.objects.create(
            clinic_id=order.study.clinic_id,
            patient_id=order.study.patient_id,
            study=order.study,
            grant=order.grant,
            purpose_code=order.grant.purpose_id,
            nickname_object_id=nickname_object_id,
            nickname_sealed=nickname_sealed,
            recipient_check=order.recipient_check,
            submission=order.submission,
            token_hash=tokens.secret_hash(secret),
            code_hash=code_hash,
            second_secret=order.second_secret,
            contact_object_id=contact_object_id,
            contact_sealed=contact_sealed,
            visit_minutes=order.visit_minutes,
            not_before=opens,
            not_after=order.not_after,
            max_openings=order.max_openings,
            download_allowed=order.download_allowed,
            created_by=by if isinstance(by, User) else None,
            made_through=by if isinstance(by, Link) else None,
            created_at=now,
        )
        LinkImage.objects.bulk_create(_images(link, order.files))
        _record(
            link,
            Event.LINK_CREATED,
            actor=f"{'user' if isinstance(by, User) else 'link'}:{by.pk}",
            files=len(order.files),
            recipient_check=order.recipient_check.value,
            download_allowed=order.download_allowed,
            second_secret=order.second_secret.value,
        )
    return NewLink(link=link, secret=secret, code=code if order.second_secret is SecondSecret.CARD else "")


@transaction.atomic
def revoke_links(links: QuerySet[Link], *, actor: str) -> int:
    """Revoke those of the links that are not revoked yet and end their visits; return how many."""
    now = timezone.now()
    revoked = list(links.select_for_update().filter(revoked_at=None).order_by("pk"))
    for link in revoked:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
        Opening.objects.filter(link=link, ended_at=None).update(ended_at=now)
        stop_messages(Message.objects.filter(link=link), MessageFault.LINK_ENDED, actor=actor)
        _record(link, Event.LINK_REVOKED, actor=actor)
    return len(revoked)


def state_of(link: Link, at: datetime) -> LinkState:
    """Tell what a link is worth at a moment, with its consent and its openings; an order of looks, worst first."""
    own = link.state_at(at)
    if own is LinkState.REVOKED:
        return own
    standing = link.grant.state_at(at)
    if standing not in {GrantState.ACTIVE, GrantState.EXPIRED}:
        return LinkState.WITHDRAWN
    if standing is GrantState.EXPIRED:
        return LinkState.EXPIRED
    if own is LinkState.ACTIVE and link.openings >= link.max_openings:
        return LinkState.SPENT
    return own


def _check_consent(order: LinkOrder, now: datetime) -> None:
    grant, study = order.grant, order.study
    if not order.files:
        raise LinkRefused(LinkRefusal.NO_PICTURES)
    if (grant.scope_id, grant.patient_id, grant.clinic_id) != (study.pk, study.patient_id, study.clinic_id):
        raise LinkRefused(LinkRefusal.NO_CONSENT)
    pictures = {file.picture_id for file in order.files}
    if Instance.objects.filter(study=study, pk__in=pictures).count() < len(pictures):
        raise LinkRefused(LinkRefusal.NOT_CONSENTED)
    for file in order.files:
        decision = gate.decide(
            grant_id=grant.pk,
            purpose_code=grant.purpose_id,
            artefact_id=file.artefact_id,
            sha256=file.sha256,
            at=now,
        )
        if not decision.permit:
            raise LinkRefused(_REFUSALS.get(decision.reason, LinkRefusal.NO_CONSENT))
    if order.not_after <= max(order.not_before or now, now):
        raise LinkRefused(LinkRefusal.TOO_EARLY_AN_END)
    longest = limits_of(study.clinic_id, grant.purpose_id).longest
    if order.not_after > now + longest or grant.valid_until is None or order.not_after > grant.valid_until:
        raise LinkRefused(LinkRefusal.TOO_LONG)


def _sealed_contact(order: LinkOrder) -> tuple[UUID | None, bytes]:
    if order.second_secret is SecondSecret.CARD:
        return None, b""
    if not order.contact or Channel(order.second_secret.value) not in open_channels():
        raise LinkRefused(LinkRefusal.NO_WAY_TO_SEND)
    return seal_contact(order.contact, clinic_id=order.study.clinic_id)


def _images(link: Link, files: Sequence[ChosenFile]) -> list[LinkImage]:
    order = list(dict.fromkeys(file.picture_id for file in files))
    return [
        LinkImage(
            link=link,
            position=order.index(file.picture_id) + 1,
            picture_id=file.picture_id,
            artefact_id=file.artefact_id,
            sha256=file.sha256,
        )
        for file in files
    ]


def _record(link: Link, event: Event, *, actor: str, **detail: str | int | bool) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=link.clinic_id,
        object_kind="link",
        object_id=link.pk,
        patient_id=link.patient_id,
        purpose=link.purpose_code,
        grant_id=link.grant_id,
        detail=detail,
    )
