"""A patient's answer as the ceremony hands it over, and the rules it must meet before it is recorded."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from consent.errors import ConsentRefused, RefusalReason
from consent.models import Purpose, Wording
from consent.offers import live_wording, offered_purposes
from consent.states import GrantDecision, Place, SigningMethod
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.patients.models import Patient


@dataclass(frozen=True, slots=True)
class ShownArtefact:
    """One picture as the patient saw it: its keys, the SHA-256 (hex) of its bytes, and its kind."""

    picture_id: uuid.UUID
    artefact_id: uuid.UUID
    sha256: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything a patient said in one sitting about one purpose within one scope."""

    patient: Patient
    purpose: Purpose
    scope_id: uuid.UUID
    wording: Wording
    decision: GrantDecision
    shown: Sequence[ShownArtefact]
    signer_name: str
    method: SigningMethod
    permanence_acknowledged: bool
    valid_until: datetime.datetime | None
    by: User
    place: Place

    @property
    def permits(self) -> bool:
        """Whether the patient said yes."""
        return self.decision == GrantDecision.PERMIT


def check_answer(answer: Answer, at: datetime.datetime) -> None:
    """Raise ConsentRefused where `answer` cannot be recorded at `at`.

    A yes needs pictures shown (R10), the patient's name, an end (R6), and where the purpose asks for it the
    patient's own acknowledgement of permanence (R7). A no needs none of them.
    """
    _check_the_form(answer)
    _check_the_offer(answer)
    if answer.permits:
        _check_the_yes(answer)
        _check_the_end(answer, at)


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
    if not answer.signer_name.strip():
        raise ConsentRefused(RefusalReason.NAME_MISSING)
    if answer.purpose.permanence_required and not answer.permanence_acknowledged:
        raise ConsentRefused(RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED)


def _check_the_end(answer: Answer, at: datetime.datetime) -> None:
    if answer.valid_until is None:
        raise ConsentRefused(RefusalReason.NO_END)
    if answer.valid_until <= at:
        raise ConsentRefused(RefusalReason.END_TOO_EARLY)
    if answer.valid_until > answer.purpose.last_end(at):
        raise ConsentRefused(RefusalReason.END_TOO_LATE)
