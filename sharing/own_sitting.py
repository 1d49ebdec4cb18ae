"""She decides about one more use from her own page: the two secrets that let her in there let her into a sitting too.

It is a sitting like every one from afar: by her own right, where the clinic's rules let it be used from afar, on the
very pictures, answered once. One that staff have asked for and that is open is answered first.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.capacity import Claim, judge
from consent.errors import ConsentRefused
from consent.models import Purpose
from consent.services import live_wording, offered_purposes
from consent.states import Place, SignerRole
from sharing import access, invitation_door, invited, tokens
from sharing.briefs import Brief
from sharing.contacts import contact_of
from sharing.models import Invitation, Link, Opening
from sharing.services.invitations import InvitationOrder, invite
from sharing.services.withdrawal import is_her_own
from sharing.shelves import Missing, Shelf
from sharing.states import SecondSecret
from ultrasound_portal.patients.models import Patient

LIFE = timedelta(hours=2)
OPEN_TO_HER = frozenset({Missing.NOT_ASKED, Missing.REFUSED, Missing.ENDED, Missing.TAKEN_BACK, Missing.NO_PICTURES})


def may_decide(own: Link, shelf: Shelf) -> bool:
    """Say whether she can decide about a locked shelf here and now; what names a recipient is asked for by staff."""
    if shelf.missing not in OPEN_TO_HER or shelf.purpose.needs_recipient or not access.released(own.study_id):
        return False
    try:
        judge(Claim(), own.patient, timezone.now(), Place.ELSEWHERE)
        live_wording(shelf.purpose.pk, _language(own))
    except ConsentRefused:
        return False
    return offered_purposes(own.clinic).filter(pk=shelf.purpose.pk).exists()


@transaction.atomic
def begin(own: Link, purpose: Purpose) -> str:
    """Begin a sitting and return the session value for her cookie.

    Raises ConsentRefused where she may not decide, LinkClosed where the sitting is closed, VaultError where the
    contact of her link cannot be read.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=own.patient_id)
    return invitation_door.let_in(_open(own) or _invited(own, purpose))


@transaction.atomic
def leave(session: str) -> None:
    """End the visit of her own page, or of a guest, and with hers every sitting about the same study."""
    opening = Opening.objects.select_related("link").filter(session_hash=tokens.secret_hash(session)).first()
    if opening and opening.ended_at is None and is_her_own(opening.link):
        for sitting in _sittings(opening.link).exclude(session_hash=""):
            invited.leave(sitting)
    access.leave(session)


def _open(own: Link) -> Invitation | None:
    return _sittings(own).filter(answered_at=None, revoked_at=None, not_after__gt=timezone.now()).first()


def _invited(own: Link, purpose: Purpose) -> Invitation:
    assert own.created_by is not None, "her own link is made by staff"
    order = InvitationOrder(
        study=own.study,
        purposes=[purpose],
        language=_language(own),
        not_after=timezone.now() + LIFE,
        brief=Brief(contact=contact_of(own) if own.contact_object_id else ""),
        second_secret=SecondSecret(own.second_secret),
    )
    return invite(order, by=own.created_by, actor=f"link:{own.pk}")[0].invitation


def _sittings(own: Link) -> QuerySet[Invitation]:
    return Invitation.objects.filter(study=own.study_id, patient=own.patient_id, role=SignerRole.PATIENT, cosigns=False)


def _language(own: Link) -> str:
    return own.patient.language or own.grant.wording.language
