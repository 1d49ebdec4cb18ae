"""The standing cast of the consent tests: clinics, staff, patients and what they say, all invented."""

import datetime
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from consent.capacity import Claim
from consent.models import Grant, Purpose
from consent.services import ShownArtefact, live_wording, record_decision
from consent.states import Assent, Basis, GrantDecision, SigningMethod
from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import Role, joined
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import Identity, find_or_create

YEAR = datetime.timedelta(days=365)
SCOPE = uuid.UUID("5c09e000-0000-4000-8000-000000000001")
OTHER_SCOPE = uuid.UUID("5c09e000-0000-4000-8000-000000000002")


def a_clinic(name: str = "Riverside Ultrasound") -> Clinic:
    return Clinic.objects.create(name=name, contact="01632 960 100")


def a_member(clinic: Clinic, role: Role | Iterable[Role] = Role.CLINICIAN, name: str = "Robin Ash") -> User:
    user = User.objects.create_user(f"{uuid.uuid4().hex}@clinic.example", "", display_name=name)
    Membership.objects.create(user=user, clinic=clinic, roles=joined(role))
    return user


def a_patient(clinic: Clinic, name: str = "Willow^Marian", born: str = "19900214") -> Patient:
    identity = Identity(name=name, record_number=uuid.uuid4().hex[:8], birth_date=born)
    return find_or_create(clinic, identity)


def a_picture(content: bytes = b"picture", kind: str = "still_png") -> ShownArtefact:
    return ShownArtefact(
        picture_id=uuid.uuid4(),
        artefact_id=uuid.uuid4(),
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kind,
    )


def decide_as(
    patient: Patient,
    by: User,
    decision: GrantDecision = GrantDecision.PERMIT,
    purpose: str = "own_copy",
    **changes: object,
) -> Grant:
    """Record a decision that is in order, but for `changes`."""
    wanted: dict[str, object] = {
        "purpose": Purpose.objects.get(pk=purpose),
        "scope_id": SCOPE,
        "wording": live_wording(purpose),
        "decision": decision,
        "shown": [a_picture()],
        "signer_name": "Marian Willow",
        "method": SigningMethod.TYPED,
        "permanence_acknowledged": purpose == "social_media",
        "valid_until": timezone.now() + YEAR,
        **changes,
    }
    return record_decision(patient=patient, by=by, **wanted)  # type: ignore[arg-type]  # checked by record_decision


def a_month() -> dict[str, object]:
    """An end that every purpose allows."""
    return {"valid_until": timezone.now() + datetime.timedelta(days=30)}


def a_guardian(**changes: object) -> Claim:
    """A guardian's right that is in order, but for `changes`."""
    claim = Claim(
        basis=Basis.GUARDIAN,
        authority="Court order",
        proof="Order 12/3 of the family court",
        authority_until=timezone.localdate() + 2 * YEAR,
        statements=(True, True, True),
        assent=Assent.GIVEN,
    )
    return replace(claim, **changes)  # type: ignore[arg-type]  # the table of changes is wider than the signature


def a_pending(patient: Patient, by: User, **changes: object) -> Grant:
    """A guardian's yes that still waits for the patient's own name."""
    return decide_as(patient, by, claim=a_guardian(), signer_name="Rowan Elm", **changes)
