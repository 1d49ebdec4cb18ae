"""Invitations to decide from afar are made and revoked, each act with its audit entry in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.capacity import Claim, judge, profile_of
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Purpose, Wording
from consent.services import live_wording, offered_purposes
from consent.states import DECIDERS, Place, SignerRole
from deid.models import Study
from sharing import tokens
from sharing.briefs import Brief, seal_brief
from sharing.models import Invitation
from sharing.senders.choosing import open_channels
from sharing.states import Channel, SecondSecret
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

SIGN_FROM_AFAR = (SignerRole.ASSENT, SignerRole.PARENT, SignerRole.GUARDIAN)
"""Whose missing name can be asked for from afar; a witness hears, and a representative is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationOrder:
    """What a member of staff asks, of whom and by what right (`brief.claim`), and how the second secret comes."""

    study: Study
    purposes: Sequence[Purpose]
    language: str
    not_after: datetime
    brief: Brief = field(default_factory=Brief)
    second_secret: SecondSecret = SecondSecret.CARD


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its two secrets, which nobody can read again; `code` is empty where codes are sent."""

    invitation: Invitation
    secret: str
    code: str


def invite(order: InvitationOrder, *, by: User, actor: str = "") -> list[NewInvitation]:
    """Invite who decides about a study; an open invitation about it makes room. `actor` asks where that is not `by`.

    Where the patient has to agree with who decides, a second invitation is for her own name, with a code on a card.
    Raises ConsentRefused where the claim does not hold or may not be used from afar, a purpose has no words in the
    language, a recipient is missing, or there is no way to send codes.
    """
    claim = order.brief.claim
    with transaction.atomic():
        patient = Patient.objects.select_for_update(no_key=True).get(pk=order.study.patient_id)
        right = judge(claim, patient, timezone.now(), Place.ELSEWHERE)
        _check_the_questions(order)
        asks = actor or f"user:{by.pk}"
        revoke_invitations(Invitation.objects.filter(study=order.study), actor=asks)
        made = [_make(order, DECIDERS[claim.basis], by=by, actor=asks)]
        if SignerRole.ASSENT in right.needs:
            own = replace(order, brief=Brief(claim=Claim(basis=claim.basis)), second_secret=SecondSecret.CARD)
            made.append(_make(own, SignerRole.ASSENT, by=by, actor=asks, cosigns=True))
    return made


def invite_to_sign(order: InvitationOrder, role: SignerRole, *, by: User) -> NewInvitation:
    """Invite somebody to put the name that is missing under every yes of a study that waits for it.

    The order's purposes are those of that yes. Raises ConsentRefused where nothing waits for such a name, or the right
    behind it may not be used from afar.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update(no_key=True).get(pk=order.study.patient_id)
        rule = profile_of(patient.clinic).rules.filter(basis=order.brief.claim.basis).first()
        if rule is None or not rule.from_afar:
            raise ConsentRefused(RefusalReason.NOT_FROM_AFAR)
        if not order.purposes:
            raise ConsentRefused(RefusalReason.NOT_NEEDED)
        _check_the_way(order)
        revoke_invitations(Invitation.objects.filter(study=order.study, role=role), actor=f"user:{by.pk}")
        return _make(order, role, by=by, actor=f"user:{by.pk}", cosigns=True)


def _make(order: InvitationOrder, role: SignerRole, *, by: User, actor: str, cosigns: bool = False) -> NewInvitation:
    secret, code = tokens.new_secret(), tokens.new_code()
    object_id, sealed = seal_brief(order.brief, clinic_id=order.study.clinic_id)
    invitation = Invitation.objects.create(
        clinic_id=order.study.clinic_id,
        patient_id=order.study.patient_id,
        study=order.study,
        asked=[purpose.pk for purpose in order.purposes],
        language=order.language,
        role=role,
        basis=order.brief.claim.basis,
        cosigns=cosigns,
        second_secret=order.second_secret,
        brief_object_id=object_id,
        brief_sealed=sealed,
        token_hash=tokens.secret_hash(secret),
        code_hash=tokens.code_hash(code),
        not_after=order.not_after,
        created_by=by,
        created_at=timezone.now(),
    )
    record(
        invitation,
        Event.INVITATION_MADE,
        actor=actor,
        purposes=len(order.purposes),
        role=role.value,
        second_secret=order.second_secret.value,
    )
    return NewInvitation(invitation, secret, code if order.second_secret is SecondSecret.CARD else "")


@transaction.atomic
def revoke_invitations(invitations: QuerySet[Invitation], *, actor: str) -> int:
    """Revoke those of the invitations that are open, and return how many; a page that is open shows nothing more."""
    found = list(invitations.select_for_update(of=("self",)).filter(revoked_at=None, answered_at=None).order_by("pk"))
    for invitation in found:
        invitation.revoked_at = timezone.now()
        invitation.session_hash = ""
        invitation.save(update_fields=["revoked_at", "session_hash"])
        record(invitation, Event.INVITATION_REVOKED, actor=actor)
    return len(found)


def questions(invitation: Invitation) -> list[Wording]:
    """Return the words in force for every purpose asked, in order; one without offer or words is left out."""
    found = []
    for purpose in offered_purposes(invitation.clinic).filter(pk__in=invitation.asked).order_by("order", "code"):
        try:
            found.append(live_wording(purpose.pk, invitation.language))
        except ConsentRefused:
            continue
    return found


def record(invitation: Invitation, event: Event, *, actor: str, outcome: str = "success", **detail: str | int) -> None:
    """Write what happened to an invitation on the trail."""
    trail.record(
        event,
        actor=actor,
        clinic_id=invitation.clinic_id,
        object_kind="invitation",
        object_id=invitation.pk,
        patient_id=invitation.patient_id,
        outcome=outcome,
        detail=detail,
    )


def _check_the_questions(order: InvitationOrder) -> None:
    _check_the_way(order)
    for purpose in order.purposes:
        live_wording(purpose.pk, order.language)
        named = order.brief.recipients.get(purpose.pk)
        if purpose.needs_recipient and not (named and named.name.strip() and named.verified_how):
            raise ConsentRefused(RefusalReason.RECIPIENT_MISSING)


def _check_the_way(order: InvitationOrder) -> None:
    if order.second_secret is SecondSecret.CARD:
        return
    if not order.brief.contact or Channel(order.second_secret.value) not in open_channels():
        raise ConsentRefused(RefusalReason.NO_WAY_TO_SEND)
