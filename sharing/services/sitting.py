"""One sitting at the desk: the patient's answers for several purposes are recorded together or not at all."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from consent.models import Grant, Purpose, Wording
from consent.services import ShownArtefact, record_decision
from consent.states import GrantDecision, SigningMethod
from deid.models import Study
from ultrasound_portal.clinics.models import User


@dataclass(frozen=True, slots=True)
class Answer:
    """The patient's word on one purpose; `valid_until` is set for a yes."""

    purpose: Purpose
    wording: Wording
    decision: GrantDecision
    permanence_acknowledged: bool
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The answer that stands for one purpose, and how many of the pictures on the table it does not cover."""

    grant: Grant
    uncovered: int


@transaction.atomic
def record_sitting(
    answers: Sequence[Answer],
    *,
    study: Study,
    shown: Sequence[ShownArtefact],
    signer_name: str,
    method: SigningMethod,
    by: User,
) -> list[Grant]:
    """Record every answer of a sitting about one study; raises ConsentRefused, and then nothing is recorded."""
    return [
        record_decision(
            patient=study.patient,
            purpose=answer.purpose,
            scope_id=study.pk,
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


def on_record(grant: Grant, shown: Iterable[ShownArtefact]) -> OnRecord:
    """Compare a standing answer with what a sitting shows: a file that is new or has changed uncovers its picture."""
    covered = {(image.artefact_id, image.sha256) for image in grant.images.all()}
    missing = {item.picture_id for item in shown if (item.artefact_id, item.sha256) not in covered}
    return OnRecord(grant, len(missing))


def digest_of(shown: Iterable[ShownArtefact], wordings: Iterable[Wording]) -> str:
    """Return a fingerprint (hex) of what a sitting showed, so that a change before the answers count is noticed."""
    parts = sorted(f"{item.artefact_id} {item.sha256}" for item in shown)
    parts += sorted(f"{wording.pk} {wording.sha256}" for wording in wordings)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
