"""What the tables themselves refuse, whoever writes to them."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from consent.evidence import wording_digest, wording_text
from consent.models import (
    PARTS,
    ConsentRecord,
    Grant,
    GrantImage,
    OfferedPurpose,
    Purpose,
    Signature,
    Withdrawal,
    Wording,
)
from consent.services import live_wording, withdraw_consent
from consent.states import (
    MOVES,
    GrantDecision,
    GrantState,
    Place,
    SignerRole,
    SigningMethod,
    WithdrawalChannel,
)
from tests.consent.cast import OTHER_SCOPE, SCOPE, YEAR, a_clinic, a_member, a_patient, a_picture, decide_as
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PUBLISHED = {
    "own_copy": "6b62c6f72d3b7c613319aee800e6b6821385f22d3564dd7db312e92bbd851e5d",
    "family": "650d8577ad24b84332e9bf4d8f76fa4636eb9206922e02df5fe8fae6b901da5b",
    "social_media": "90d079d617cf990fc133d5652fab91e3bfe8ff103ed1b060aa0f47fdab1b4ff7",
}
"""The hashes of the first wordings: what patients have signed is never edited, a new version is written."""


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    return decide_as(patient, clinician)


@pytest.fixture
def withdrawn(given: Grant, clinician: User) -> Grant:
    withdraw_consent(given, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    return Grant.objects.get(pk=given.pk)


def refused(act: Callable[[], object]) -> None:
    """The database refuses the act, and nothing else goes wrong."""
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def unsigned(patient: Patient, by: User, **changes: Any) -> Grant:
    """A grant that nobody has signed, written around the services."""
    now = timezone.now()
    record = ConsentRecord.objects.create(clinic=patient.clinic, patient=patient, opened_by=by, opened_at=now)
    wording = live_wording("own_copy")
    fields: dict[str, Any] = {
        "record": record,
        "clinic": patient.clinic,
        "patient": patient,
        "purpose": wording.purpose,
        "scope_id": SCOPE,
        "wording": wording,
        "decision": GrantDecision.PERMIT,
        "state": GrantState.ACTIVE,
        "valid_from": now,
        "valid_until": now + YEAR,
    }
    return Grant.objects.create(**{**fields, **changes})


# --- purposes and wordings ---


def test_the_first_purposes() -> None:
    rows = Purpose.objects.values_list("code", "default_off", "permanence_required", "usual_days", "longest_days")
    assert list(rows) == [
        ("own_copy", False, False, 365, 1826),
        ("family", False, False, 365, 1826),
        ("social_media", True, True, 365, 1826),
    ]


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R6")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
@pytest.mark.parametrize("code", PUBLISHED)
def test_the_first_wordings_are_published_complete_and_as_they_were_signed(code: str) -> None:
    wording = live_wording(code)
    assert all(getattr(wording, part).strip() for part in PARTS)
    assert bool(wording.permanence) is wording.purpose.permanence_required
    assert wording.sha256 == wording_digest(wording_text(wording)) == PUBLISHED[code]


@pytest.mark.requirement("R9")
@pytest.mark.parametrize("code", PUBLISHED)
def test_every_wording_says_that_care_stays_the_same(code: str) -> None:
    assert "Your care stays just the same" in live_wording(code).care_unaffected


def test_sections_read_in_order_and_leave_out_what_is_not_needed() -> None:
    own_copy = [heading for heading, _ in live_wording("own_copy").sections()]
    assert own_copy == [
        "Why",
        "How the pictures are used",
        "Who will see them",
        "How long they are kept",
        "How they are stored",
        "What changing your mind can and cannot do",
        "Your care stays the same",
    ]
    posting = live_wording("social_media").sections()
    assert posting[-1][0] == "What is posted stays posted"
    assert "nobody can take it back for certain" in posting[-1][1]


@pytest.mark.parametrize("field", [*PARTS, "permanence", "sha256", "language", "version", "published_at", "purpose_id"])
def test_a_published_wording_does_not_change(field: str) -> None:
    wording = Wording.objects.filter(purpose="social_media")
    change = {"version": 9, "published_at": None, "purpose_id": "family"}.get(field, "x")
    refused(lambda: wording.update(**{field: change}))


def test_a_published_wording_is_not_deleted() -> None:
    refused(lambda: Wording.objects.filter(purpose="family").delete())


def test_a_retired_wording_does_not_come_back() -> None:
    wording = Wording.objects.filter(purpose="family")
    wording.update(retired_at=timezone.now())
    refused(lambda: wording.update(retired_at=None))


def test_a_draft_changes_and_goes() -> None:
    draft = Wording.objects.create(purpose_id="family", language="en", version=2, title="Draft")
    Wording.objects.filter(pk=draft.pk).update(title="Better")
    assert Wording.objects.filter(pk=draft.pk).delete()[0] == 1


def test_only_one_wording_of_a_purpose_and_language_is_in_force() -> None:
    live = live_wording("family")
    parts = {part: getattr(live, part) for part in PARTS}
    refused(
        lambda: Wording.objects.create(
            purpose=live.purpose,
            language="en",
            version=2,
            sha256="0" * 64,
            published_at=timezone.now(),
            **parts,
        )
    )


@pytest.mark.requirement("R7")
def test_the_database_refuses_a_published_wording_for_posting_without_permanence() -> None:
    live = live_wording("social_media")
    parts: dict[str, Any] = {part: getattr(live, part) for part in PARTS}
    parts |= {"purpose": live.purpose, "language": "cy", "version": 1, "sha256": "0" * 64}
    refused(lambda: Wording.objects.create(**parts, published_at=timezone.now()))
    draft = Wording.objects.create(**parts)
    refused(lambda: Wording.objects.filter(pk=draft.pk).update(published_at=timezone.now()))


def test_a_draft_does_not_retire() -> None:
    refused(
        lambda: Wording.objects.create(
            purpose_id="family", language="en", version=2, title="Draft", retired_at=timezone.now()
        )
    )


def test_a_purpose_ends_no_later_than_its_longest_time() -> None:
    refused(lambda: Purpose.objects.filter(pk="family").update(usual_days=F("longest_days") + 1))
    at = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    purpose = Purpose.objects.get(pk="family")
    assert purpose.usual_end(at) == datetime.datetime(2027, 11, 22, tzinfo=datetime.UTC)
    assert purpose.last_end(at) == datetime.datetime(2031, 11, 22, tzinfo=datetime.UTC)


# --- signatures, records, pictures, withdrawals ---


@pytest.mark.parametrize("model", [Signature, ConsentRecord, GrantImage, Withdrawal])
def test_what_was_signed_is_not_deleted(model: type[models.Model], withdrawn: Grant) -> None:
    rows = model._default_manager.all()
    assert rows.exists()
    refused(lambda: rows._raw_delete(rows.db))


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Signature, {"name_object_id": uuid.uuid4()}),
        (Signature, {"name_sealed": b"someone else"}),
        (Signature, {"name_match": "0" * 64}),
        (Signature, {"evidence_sha256": "0" * 64}),
        (Signature, {"permanence_acknowledged": True}),
        (ConsentRecord, {"place": Place.ELSEWHERE}),
        (GrantImage, {"sha256": "0" * 64}),
        (Withdrawal, {"channel": WithdrawalChannel.LINK}),
    ],
)
def test_what_was_signed_does_not_change(
    model: type[models.Model], change: dict[str, object], withdrawn: Grant
) -> None:
    refused(lambda: model._default_manager.update(**change))


@pytest.mark.requirement("R10")
def test_no_picture_is_added_after_signing(given: Grant) -> None:
    late = a_picture()
    refused(
        lambda: GrantImage.objects.create(
            grant=given,
            picture_id=late.picture_id,
            artefact_id=late.artefact_id,
            sha256=late.sha256,
            kind=late.kind,
            shown_at=timezone.now(),
        )
    )


def test_no_grant_is_added_to_a_signed_record(given: Grant, patient: Patient, clinician: User) -> None:
    family = live_wording("family")
    refused(lambda: unsigned(patient, clinician, record=given.record, purpose=family.purpose, wording=family))


@pytest.mark.parametrize("missing", [{"name_sealed": b""}, {"name_match": ""}])
def test_a_signature_has_a_name(missing: dict[str, object], patient: Patient, clinician: User) -> None:
    grant = unsigned(patient, clinician)
    refused(
        lambda: Signature.objects.create(
            record=grant.record,
            role=SignerRole.PATIENT,
            method=SigningMethod.TYPED,
            signed_at=timezone.now(),
            evidence_sha256="0" * 64,
            **{"name_object_id": uuid.uuid4(), "name_sealed": b"sealed", "name_match": "0" * 64, **missing},
        )
    )


# --- grants ---


@pytest.mark.requirement("R4")
@pytest.mark.parametrize(
    "field",
    ["purpose", "scope_id", "wording", "patient", "clinic", "record", "decision", "valid_from", "valid_until"],
)
def test_a_grant_keeps_what_was_agreed(field: str, given: Grant, clinician: User) -> None:
    elsewhere = a_clinic("Hillside Ultrasound")
    other = decide_as(a_patient(elsewhere), a_member(elsewhere), purpose="family", scope_id=OTHER_SCOPE)
    change = GrantDecision.DENY if field == "decision" else getattr(other, field)
    refused(lambda: Grant.objects.filter(pk=given.pk).update(**{field: change}))


def test_a_grant_is_not_deleted(patient: Patient, clinician: User) -> None:
    grants = Grant.objects.filter(pk=unsigned(patient, clinician).pk)
    refused(lambda: grants._raw_delete(grants.db))


@pytest.mark.requirement("R6")
def test_a_yes_without_an_end_is_refused(patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, valid_until=None))


def test_a_yes_ends_after_it_begins(patient: Patient, clinician: User) -> None:
    now = timezone.now()
    refused(lambda: unsigned(patient, clinician, valid_from=now, valid_until=now))


def test_a_no_has_no_end(patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, decision=GrantDecision.DENY, state=GrantState.REFUSED))


def test_a_no_is_never_active(patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, decision=GrantDecision.DENY, valid_until=None))


@pytest.mark.parametrize("state", sorted(set(GrantState) - {GrantState.ACTIVE, GrantState.REFUSED}))
def test_a_grant_starts_standing(state: GrantState, patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, state=state))


def test_only_one_answer_for_a_purpose_stands_within_a_scope(given: Grant, patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician))
    refused(
        lambda: unsigned(
            patient,
            clinician,
            decision=GrantDecision.DENY,
            state=GrantState.REFUSED,
            valid_until=None,
        )
    )


def test_answers_for_two_scopes_stand_side_by_side(given: Grant, patient: Patient, clinician: User) -> None:
    beside = unsigned(patient, clinician, scope_id=OTHER_SCOPE)
    assert set(Grant.objects.in_state(GrantState.ACTIVE, timezone.now())) == {given, beside}


def test_a_grant_has_a_scope(patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, scope_id=None))


@pytest.mark.requirement("R12")
def test_no_permit_stands_beside_a_refusal(patient: Patient, clinician: User) -> None:
    """Staff cannot outrank a refusal: neither by moving it, nor by a permit of their own beside it."""
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    refused(lambda: unsigned(patient, clinician))
    refused(lambda: Grant.objects.filter(pk=refusal.pk).update(state=GrantState.ACTIVE))
    refused(
        lambda: Grant.objects.filter(pk=refusal.pk).update(
            state=GrantState.ACTIVE, decision=GrantDecision.PERMIT, valid_until=timezone.now() + YEAR
        )
    )


@pytest.mark.parametrize("start", GrantState)
@pytest.mark.parametrize("end", GrantState)
def test_a_grant_moves_only_as_the_table_of_moves_says(
    start: GrantState, end: GrantState, patient: Patient, clinician: User
) -> None:
    answer = GrantDecision.DENY if start is GrantState.REFUSED else GrantDecision.PERMIT
    grant = decide_as(patient, clinician, answer)
    if start is GrantState.WITHDRAWN:
        withdraw_consent(grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    elif start not in {GrantState.ACTIVE, GrantState.REFUSED}:
        Grant.objects.filter(pk=grant.pk).update(state=start)
    if end is GrantState.WITHDRAWN and start is GrantState.ACTIVE:
        _withdrawal_of(grant, clinician)

    def move() -> None:
        Grant.objects.filter(pk=grant.pk).update(state=end)

    if end is start or end in MOVES[start]:
        move()
    else:
        refused(move)


def test_a_grant_is_withdrawn_only_with_a_withdrawal_on_record(given: Grant) -> None:
    refused(lambda: Grant.objects.filter(pk=given.pk).update(state=GrantState.WITHDRAWN))


def test_a_refusal_is_not_withdrawn(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    refused(lambda: _withdrawal_of(refusal, clinician))


def _withdrawal_of(grant: Grant, by: User) -> Withdrawal:
    return Withdrawal.objects.create(
        grant=grant,
        actor=f"user:{by.pk}",
        channel=WithdrawalChannel.PHONE,
        received_at=timezone.now(),
    )


# --- reading ---


def test_a_grant_past_its_end_reads_expired(given: Grant) -> None:
    assert given.valid_until is not None
    before = given.valid_until - datetime.timedelta(microseconds=1)
    assert given.state_at(before) is GrantState.ACTIVE
    assert given.state_at(given.valid_until) is GrantState.EXPIRED
    for at, state in ((before, GrantState.ACTIVE), (given.valid_until, GrantState.EXPIRED)):
        found = {each for each in GrantState if Grant.objects.in_state(each, at).exists()}
        assert found == {state}


def test_a_withdrawn_grant_reads_withdrawn_also_after_its_end(withdrawn: Grant) -> None:
    at = timezone.now() + 10 * YEAR
    assert withdrawn.state_at(at) is GrantState.WITHDRAWN
    assert list(Grant.objects.in_state(GrantState.WITHDRAWN, at)) == [withdrawn]


def test_names_of_rows_hold_no_patient(withdrawn: Grant, clinic: Clinic) -> None:
    offered = OfferedPurpose.objects.create(clinic=clinic, purpose_id="social_media")
    names = [
        str(row)
        for row in (
            withdrawn,
            withdrawn.record,
            withdrawn.purpose,
            withdrawn.wording,
            withdrawn.images.get(),
            withdrawn.record.signatures.get(),
            withdrawn.withdrawal,
            offered,
        )
    ]
    assert all(names)
    assert not any("Willow" in name or "Marian" in name for name in names)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("still_png", "Picture"), ("still_jpeg", "Small copy"), ("thumbnail", "Thumbnail"), ("film", "Film")],
)
def test_kinds_are_called_as_on_the_patients_page(kind: str, words: str) -> None:
    assert GrantImage(kind=kind).kind_in_words == words
