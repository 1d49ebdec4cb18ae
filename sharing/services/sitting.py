"""One sitting, at the desk or from afar: answers for several purposes are recorded together or not at all."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from consent.answers import Manner
from consent.capacity import Claim
from consent.models import Grant, Purpose, Wording
from consent.services import NamedRecipient, ShownArtefact, missing_roles, record_decision
from consent.states import STANDING, GrantDecision, GrantState, SignerRole, SigningMethod
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
    recipient: NamedRecipient | None = None


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
    names: Mapping[SignerRole, str],
    claim: Claim,
    method: SigningMethod,
    by: User,
    manner: Manner | None = None,
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
            signer_name="",
            also=names,
            claim=claim,
            recipient=answer.recipient,
            method=method,
            permanence_acknowledged=answer.permanence_acknowledged,
            valid_until=answer.valid_until,
            by=by,
            manner=manner,
        )
        for answer in answers
    ]


def standing(study: Study) -> list[Grant]:
    """Return the answers that stand about a study, in the order of their purposes; also a yes whose time is over."""
    return list(
        Grant.objects.filter(patient_id=study.patient_id, scope_id=study.pk, state__in=[*STANDING, GrantState.PENDING])
        .select_related("wording__purpose", "record")
        .prefetch_related("images")
        .order_by("purpose__order", "-valid_from")
    )


def waits_for(study: Study, role: str) -> list[Grant]:
    """Return every yes about a study that waits for the name of a role, in the order of the purposes."""
    pending = [grant for grant in standing(study) if grant.state == GrantState.PENDING]
    return [grant for grant in pending if role in missing_roles(grant)]


def on_record(grant: Grant, shown: Iterable[ShownArtefact]) -> OnRecord:
    """Compare a standing answer with what a sitting shows: a file that is new or has changed uncovers its picture."""
    covered = {(image.artefact_id, image.sha256) for image in grant.images.all()}
    missing = {item.picture_id for item in shown if (item.artefact_id, item.sha256) not in covered}
    return OnRecord(grant, len(missing))


def digest_of(shown: Iterable[ShownArtefact], wordings: Iterable[Wording], present: Iterable[Grant] = ()) -> str:
    """Return a fingerprint (hex) of what a sitting showed, and of the answers that stood when it began, so that a
    change before the answers count, or a form that is sent twice, is noticed.
    """
    parts = sorted(f"{item.artefact_id} {item.sha256}" for item in shown)
    parts += sorted(f"{wording.pk} {wording.sha256}" for wording in wordings)
    parts += sorted(f"{grant.pk} {grant.state}" for grant in present)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
