"""A patient's answer as the ceremony hands it over, and the rules it must meet before it is recorded."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consent.capacity import Claim, Right, judge
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Purpose, Wording
from consent.offers import live_wording, offered_purposes
from consent.states import DECIDERS, Assent, GrantDecision, Place, SecondSecret, SignerRole, SigningMethod
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.patients.models import Patient


@dataclass(frozen=True, slots=True)
class ShownArtefact:
    """One picture as the patient saw it: its keys, the SHA-256 (hex) of its bytes, and its kind."""

    picture_id: uuid.UUID
    artefact_id: uuid.UUID
    sha256: str
    kind: str


@dataclass(frozen=True, slots=True)
class NamedRecipient:
    """Who gets the pictures, and how staff made sure of it (a choice of consent.models.Recipient)."""

    name: str
    verified_how: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How a sitting was held: where, behind which second secret, and who acted, as the trail names it; staff if empty.

    `drawings` are the strokes of signatures that were drawn beside a typed name, by role.
    """

    place: Place = Place.CLINIC
    second_secret: SecondSecret = SecondSecret.NONE
    actor: str = ""
    drawings: Mapping[SignerRole, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything a patient said in one sitting about one purpose within one scope.

    `names` are the names under it by role, stripped and without empty ones.
    """

    patient: Patient
    purpose: Purpose
    scope_id: uuid.UUID
    wording: Wording
    decision: GrantDecision
    shown: Sequence[ShownArtefact]
    claim: Claim
    names: Mapping[SignerRole, str]
    recipient: NamedRecipient | None
    method: SigningMethod
    permanence_acknowledged: bool
    valid_until: datetime.datetime | None
    by: User
    manner: Manner

    @property
    def actor(self) -> str:
        """Who acted, as the trail names it."""
        return self.manner.actor or f"user:{self.by.pk}"

    @property
    def permits(self) -> bool:
        """Whether the patient said yes."""
        return self.decision == GrantDecision.PERMIT

    @property
    def speaker(self) -> SignerRole:
        """In which role the decision is signed: who decides, the patient who objects, or the staff who heard it."""
        if not self.permits and self.claim.assent == Assent.REFUSED:
            return SignerRole.ASSENT if SignerRole.ASSENT in self.names else SignerRole.STAFF
        decider = DECIDERS[self.claim.basis]
        return decider if self.permits or decider in self.names else SignerRole.STAFF


def check_answer(answer: Answer, at: datetime.datetime) -> Right | None:
    """Return the right by which a yes is given at `at`, nothing for a no; raise ConsentRefused where it cannot be.

    A yes needs pictures shown (R10), a name, an end (R6), a right to give it (R23 to R29), and where the purpose asks
    for it an acknowledgement of permanence (R7) and a named recipient (R14). A no needs none of them.
    """
    _check_the_form(answer)
    _check_the_offer(answer)
    if not answer.permits:
        return None
    _check_the_yes(answer)
    right = judge(answer.claim, answer.patient, at, answer.manner.place)
    if not right.needs & set(answer.names):
        raise ConsentRefused(RefusalReason.NAME_MISSING)
    _check_the_end(answer, right, at)
    return right


def _check_the_form(answer: Answer) -> None:
    if answer.decision not in GrantDecision.values:
        raise ConsentRefused(RefusalReason.UNKNOWN_ANSWER)
    if answer.method not in SigningMethod.values:
        raise ConsentRefused(RefusalReason.UNKNOWN_METHOD)
    if len({item.artefact_id for item in answer.shown}) < len(answer.shown):
        raise ConsentRefused(RefusalReason.PICTURE_TWICE)


def _check_the_offer(answer: Answer) -> None:
    clinic = answer.patient.clinic
    if not Membership.objects.filter(user=answer.by, clinic=clinic).exists():
        raise ConsentRefused(RefusalReason.NOT_A_MEMBER)
    if not offered_purposes(clinic).filter(pk=answer.purpose.pk).exists():
        raise ConsentRefused(RefusalReason.NOT_OFFERED)
    if live_wording(answer.purpose.pk, answer.wording.language).pk != answer.wording.pk:
        raise ConsentRefused(RefusalReason.WORDING_NOT_LIVE)


def _check_the_yes(answer: Answer) -> None:
    if not answer.shown:
        raise ConsentRefused(RefusalReason.NO_PICTURE_SHOWN)
    if answer.method == SigningMethod.SPOKEN and SignerRole.WITNESS not in answer.names:
        raise ConsentRefused(RefusalReason.WITNESS_MISSING)
    if answer.purpose.needs_recipient and not (answer.recipient and answer.recipient.name.strip()):
        raise ConsentRefused(RefusalReason.RECIPIENT_MISSING)
    if answer.purpose.permanence_required and not answer.permanence_acknowledged:
        raise ConsentRefused(RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED)


def _check_the_end(answer: Answer, right: Right, at: datetime.datetime) -> None:
    if answer.valid_until is None:
        raise ConsentRefused(RefusalReason.NO_END)
    if answer.valid_until <= at:
        raise ConsentRefused(RefusalReason.END_TOO_EARLY)
    if answer.valid_until > answer.purpose.last_end(at):
        raise ConsentRefused(RefusalReason.END_TOO_LATE)
    if right.ends_at is not None and answer.valid_until > right.ends_at:
        raise ConsentRefused(RefusalReason.END_AFTER_RIGHT)
