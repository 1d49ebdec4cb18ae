"""One sitting at the desk: the patient's answers for several purposes are recorded together or not at all."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from consent.models import Grant, Purpose, Wording
from consent.services import ShownArtefact, record_decision
from consent.states import GrantDecision, SigningMethod
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Answer:
    """The patient's word on one purpose; `valid_until` is set for a yes."""

    purpose: Purpose
    wording: Wording
    decision: GrantDecision
    permanence_acknowledged: bool
    valid_until: datetime | None


@transaction.atomic
def record_sitting(
    answers: Sequence[Answer],
    *,
    patient: Patient,
    shown: Sequence[ShownArtefact],
    signer_name: str,
    method: SigningMethod,
    by: User,
) -> list[Grant]:
    """Record every answer of a sitting; raises ConsentRefused, and then nothing is recorded."""
    return [
        record_decision(
            patient=patient,
            purpose=answer.purpose,
            wording=answer.wording,
            decision=answer.decision,
            shown=shown,
            signer_name=signer_name,
            method=method,
            permanence_acknowledged=answer.permanence_acknowledged,
            valid_until=answer.valid_until,
            by=by,
        )
        for answer in answers
    ]


def digest_of(shown: Iterable[ShownArtefact], wordings: Iterable[Wording]) -> str:
    """Return a fingerprint (hex) of what a sitting showed, so that a change before the answers count is noticed."""
    parts = sorted(f"{item.artefact_id} {item.sha256}" for item in shown)
    parts += sorted(f"{wording.pk} {wording.sha256}" for wording in wordings)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
