"""What the tables themselves refuse, whoever writes to them."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from consent.ending import suspend
from consent.evidence import wording_digest, wording_text
from consent.models import (
    LATER_PARTS,
    PARTS,
    Capacity,
    CapacityRule,
    ConsentRecord,
    Grant,
    GrantImage,
    NeededSignature,
    OfferedPurpose,
    Profile,
    Purpose,
    Recipient,
    Signature,
    Standing,
    Suspension,
    Withdrawal,
    Wording,
)
from consent.moving import note
from consent.publishing import missing_parts
from consent.services import NamedRecipient, live_wording, missing_roles, withdraw_consent
from consent.standing import note_death
from consent.states import (
    MOVES,
    WITHDRAWABLE,
    Basis,
    GrantDecision,
    GrantState,
    Place,
    SignerRole,
    SigningMethod,
    SuspensionCause,
    SuspensionOutcome,
    WithdrawalChannel,
)
from tests.consent.cast import (
    OTHER_SCOPE,
    SCOPE,
    YEAR,
    a_clinic,
    a_member,
    a_month,
    a_patient,
    a_pending,
    a_picture,
    decide_as,
)
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PUBLISHED = {
    ("own_copy", 1): "6b62c6f72d3b7c613319aee800e6b6821385f22d3564dd7db312e92bbd851e5d",
    ("family", 1): "650d8577ad24b84332e9bf4d8f76fa4636eb9206922e02df5fe8fae6b901da5b",
    ("social_media", 1): "90d079d617cf990fc133d5652fab91e3bfe8ff103ed1b060aa0f47fdab1b4ff7",
    ("own_copy", 2): "63a9b3decfa6588d06ec7ba4b52c04977ff8d9af6298d85b14c8b3cb2d0ff7ad",
    ("family", 2): "ee2dca319acd8b261905c12f38f71d0769edbc61210673180a0b30421d499a4e",
    ("social_media", 2): "39ee29ce164191f7eb3047bc0bf1e979322a30eac5d7c6351a220f3d7ebe31e5",
    ("medical_record", 1): "b11785595ede1f19957be69a850fac491de344cf009406f49b6a62d95965609c",
    ("consult", 1): "9a3f017eb3ef9cdcd97d0a806fada4ae871e148a902ca17f1565b79e30a809b5",
    ("teaching", 1): "eaf3ebecb16578dec47ed135d81eca3ea9e5437c1bb0d930d72d0e3c4ea65884",
    ("publication", 1): "2f72fe43def0886a37e245f0ee536004b71c6490a61231ae1d02b50d273520fa",
    ("research", 1): "73f7c1a39bb008b9593a0b11087151941d8271627c6737d629f0e39e36d914f7",
}
SPANISH = {
    "own_copy": "13a6a93e16952e6d88151ca6c18de3694227a7cde12c9867d84c9114073bd6b0",
    "family": "ef8077eac9ab417acd68d369db6ef5be21d0f233253b3e23bf15c8ba6483e421",
    "social_media": "ef74d6a189cae81ea798c15203654b915c40f58ecb2c390da4724953edff0e1f",
    "medical_record": "91f9378a9fb27779ec04e92671e1b65e8970877a7fcdf50ee77c5d8f60946056",
    "consult": "178ec6b91152754a7d533cb808c4a08318363c64b0d9cdc9b3e96785525368a0",
    "teaching": "db0591396a56dd6521894fd260304621f95b505c2078d95577ece4f96bba91c3",
    "publication": "27d22b150cfed97d5e4a549ef976c323a6e4601ced8c4c46b83b45fa8b326273",
    "research": "4eec8abd9d9adbaf1057685ff7c80e21d0652c0c73e41e0a0ef90856c11c97d8",
}
"""The hashes of the wordings: what patients have signed is never edited, a new version is written."""
CODES = sorted({code for code, _ in PUBLISHED})


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
        "state": GrantState.PENDING,
        "valid_from": now,
        "valid_until": now + YEAR,
    }
    return Grant.objects.create(**{**fields, **changes})


# --- purposes and wordings ---


def test_the_first_purposes() -> None:
    rows = Purpose.objects.values_list("code", "default_off", "permanence_required", "needs_recipient", "longest_days")
    assert list(rows) == [
        ("own_copy", False, False, False, 1826),
        ("family", False, False, False, 1826),
        ("social_media", True, True, False, 1826),
        ("medical_record", False, False, False, 1826),
        ("consult", False, False, True, 365),
        ("teaching", False, False, False, 1826),
        ("publication", True, True, True, 1826),
        ("research", True, False, False, 1826),
    ]


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R6")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
@pytest.mark.parametrize(("code", "version"), sorted(PUBLISHED))
def test_the_wordings_are_published_complete_and_as_they_were_signed(code: str, version: int) -> None:
    wording = Wording.objects.get(purpose=code, language="en", version=version)
    assert all(getattr(wording, part).strip() for part in PARTS)
    assert bool(wording.permanence) is wording.purpose.permanence_required
    assert wording.sha256 == wording_digest(wording_text(wording)) == PUBLISHED[code, version]


@pytest.mark.requirement("R11")
@pytest.mark.parametrize("code", CODES)
def test_every_purpose_has_its_words_in_spanish_with_the_same_parts(code: str) -> None:
    english, spanish = live_wording(code), live_wording(code, "es")
    assert [bool(text) for text in wording_text(spanish).values()] == [
        bool(text) for text in wording_text(english).values()
    ]
    assert spanish.sha256 == wording_digest(wording_text(spanish)) == SPANISH[code]
    assert not {text for _, text in spanish.sections()} & {text for _, text in english.sections()}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("code", CODES)
def test_every_live_wording_says_who_gives_the_pictures_out_and_what_others_may_do(code: str, language: str) -> None:
    """45 CFR 164.508(c)(1)(ii) and (c)(2)(iii)."""
    wording = live_wording(code, language)
    assert all(getattr(wording, part).strip() for part in LATER_PARTS)
    assert not missing_parts(wording)


@pytest.mark.requirement("R9")
@pytest.mark.parametrize("code", CODES)
def test_every_wording_says_that_care_stays_the_same(code: str) -> None:
    assert "Your care stays just the same" in live_wording(code).care_unaffected
    assert "Su atención sigue siendo la misma" in live_wording(code, "es").care_unaffected


def test_sections_read_in_order_and_leave_out_what_is_not_needed() -> None:
    own_copy = [heading for heading, _ in live_wording("own_copy").sections()]
    assert own_copy == [
        "Why",
        "How the pictures are used",
        "Who gives the pictures out",
        "Who will see them",
        "How long they are kept",
        "How they are stored",
        "What changing your mind can and cannot do",
        "Once the pictures are out",
        "Your care stays the same",
    ]
    posting = live_wording("social_media").sections()
    assert posting[-1][0] == "What is posted stays posted"
    assert "nobody can take it back for certain" in posting[-1][1]


@pytest.mark.parametrize(
    "field",
    [*PARTS, *LATER_PARTS, "permanence", "sha256", "language", "version", "published_at", "purpose_id"],
)
def test_a_published_wording_does_not_change(field: str) -> None:
    wording = Wording.objects.filter(purpose="social_media", version=2)
    change = {"version": 9, "published_at": None, "purpose_id": "family"}.get(field, "x")
    refused(lambda: wording.update(**{field: change}))


def test_a_published_wording_is_not_deleted() -> None:
    refused(lambda: Wording.objects.filter(purpose="family").delete())


def test_a_retired_wording_does_not_come_back() -> None:
    wording = Wording.objects.filter(purpose="family", version=2)
    wording.update(retired_at=timezone.now())
    refused(lambda: wording.update(retired_at=None))


def test_a_draft_changes_and_goes() -> None:
    draft = Wording.objects.create(purpose_id="family", language="en", version=3, title="Draft")
    Wording.objects.filter(pk=draft.pk).update(title="Better")
    assert Wording.objects.filter(pk=draft.pk).delete()[0] == 1


def test_only_one_wording_of_a_purpose_and_language_is_in_force() -> None:
    live = live_wording("family")
    parts = {part: getattr(live, part) for part in (*PARTS, *LATER_PARTS)}
    refused(
        lambda: Wording.objects.create(
            purpose=live.purpose,
            language="en",
            version=3,
            sha256="0" * 64,
            published_at=timezone.now(),
            **parts,
        )
    )


@pytest.mark.requirement("R7")
def test_the_database_refuses_a_published_wording_for_posting_without_permanence() -> None:
    live = live_wording("social_media")
    parts: dict[str, Any] = {part: getattr(live, part) for part in (*PARTS, *LATER_PARTS)}
    parts |= {"purpose": live.purpose, "language": "cy", "version": 1, "sha256": "0" * 64}
    refused(lambda: Wording.objects.create(**parts, published_at=timezone.now()))
    draft = Wording.objects.create(**parts)
    refused(lambda: Wording.objects.filter(pk=draft.pk).update(published_at=timezone.now()))


def test_a_draft_does_not_retire() -> None:
    refused(
        lambda: Wording.objects.create(
            purpose_id="family", language="en", version=3, title="Draft", retired_at=timezone.now()
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
    grants = Grant.objects.filter(pk=decide_as(patient, clinician).pk)
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


@pytest.mark.parametrize("state", sorted(set(GrantState) - {GrantState.PENDING, GrantState.REFUSED}))
def test_a_grant_starts_standing(state: GrantState, patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, state=state))


def test_only_one_answer_for_a_purpose_stands_within_a_scope(given: Grant, patient: Patient, clinician: User) -> None:
    unsigned(patient, clinician)
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
    beside = decide_as(patient, clinician, scope_id=OTHER_SCOPE)
    assert set(Grant.objects.in_state(GrantState.ACTIVE, timezone.now())) == {given, beside}


def test_a_grant_has_a_scope(patient: Patient, clinician: User) -> None:
    refused(lambda: unsigned(patient, clinician, scope_id=None))


@pytest.mark.requirement("R12")
def test_no_permit_stands_beside_a_refusal(patient: Patient, clinician: User) -> None:
    """Staff cannot outrank a refusal: neither by moving it, nor by a permit of their own beside it."""
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    waiting = unsigned(patient, clinician)
    refused(lambda: moved(waiting, GrantState.ACTIVE))
    refused(lambda: Grant.objects.filter(pk=refusal.pk).update(state=GrantState.ACTIVE))
    refused(
        lambda: Grant.objects.filter(pk=refusal.pk).update(
            state=GrantState.ACTIVE, decision=GrantDecision.PERMIT, valid_until=timezone.now() + YEAR
        )
    )


EVENTS = {
    GrantState.ACTIVE: Event.CONSENT_GIVEN,
    GrantState.SUSPENDED: Event.CONSENT_SUSPENDED,
    GrantState.WITHDRAWN: Event.CONSENT_WITHDRAWN,
    GrantState.EXPIRED: Event.CONSENT_EXPIRED,
    GrantState.SUPERSEDED: Event.CONSENT_SUPERSEDED,
    GrantState.IN_ERROR: Event.CONSENT_IN_ERROR,
}


def moved(grant: Grant, state: GrantState) -> None:
    """Move a grant with its entry on the trail and with nothing else that the move asks for."""
    resumes = state is GrantState.ACTIVE and grant.state == GrantState.SUSPENDED
    event = Event.CONSENT_RESUMED if resumes else EVENTS.get(state, Event.CONSENT_IN_ERROR)
    note(grant, event, actor="system:test")
    Grant.objects.filter(pk=grant.pk).update(state=state)


def in_state(state: GrantState, patient: Patient, by: User) -> Grant:
    """A grant that came into its state by the services' own ways."""
    if state is GrantState.REFUSED:
        return decide_as(patient, by, GrantDecision.DENY)
    if state is GrantState.PENDING:
        return a_pending(patient, by)
    grant = decide_as(patient, by)
    if state is GrantState.SUSPENDED:
        suspend(grant, SuspensionCause.FAMILY, actor=f"user:{by.pk}")
    elif state is GrantState.WITHDRAWN:
        withdraw_consent(grant, actor=f"user:{by.pk}", channel=WithdrawalChannel.PHONE)
    elif state is not GrantState.ACTIVE:
        moved(grant, state)
    return Grant.objects.get(pk=grant.pk)


@pytest.mark.parametrize("start", GrantState)
@pytest.mark.parametrize("end", GrantState)
def test_a_grant_moves_only_as_the_table_of_moves_says(
    start: GrantState, end: GrantState, patient: Patient, clinician: User
) -> None:
    grant = in_state(start, patient, clinician)
    if end is GrantState.WITHDRAWN and start in WITHDRAWABLE:
        _withdrawal_of(grant, clinician)
    if end is GrantState.SUSPENDED and start is GrantState.ACTIVE:
        Suspension.objects.create(grant=grant, cause=SuspensionCause.DOUBT, actor="system:test", at=timezone.now())
    if end is GrantState.ACTIVE:
        grant.suspensions.update(closed_at=timezone.now(), outcome=SuspensionOutcome.RESUMED)
        for role in missing_roles(grant):
            _signature_of(grant, role)
    if end is start or end in MOVES[start]:
        moved(grant, end)
    else:
        refused(lambda: moved(grant, end))


@pytest.mark.parametrize("end", sorted(MOVES[GrantState.ACTIVE]))
def test_no_move_goes_unrecorded(end: GrantState, given: Grant, clinician: User) -> None:
    """Neither without an entry, nor on one about another grant, another move, or an act in between."""
    elsewhere = decide_as(given.patient, clinician, scope_id=OTHER_SCOPE)
    if end is GrantState.WITHDRAWN:
        _withdrawal_of(given, clinician)
    if end is GrantState.SUSPENDED:
        Suspension.objects.create(grant=given, cause=SuspensionCause.DOUBT, actor="system:test", at=timezone.now())
    rows = Grant.objects.filter(pk=given.pk)
    refused(lambda: rows.update(state=end))
    note(elsewhere, EVENTS[end], actor="system:test")
    refused(lambda: rows.update(state=end))
    note(given, Event.CONSENT_GIVEN, actor="system:test")
    refused(lambda: rows.update(state=end))
    note(given, EVENTS[end], actor="system:test")
    note(elsewhere, Event.CONSENT_COPY_READ, actor="system:test")
    refused(lambda: rows.update(state=end))
    note(given, EVENTS[end], actor="system:test")
    assert rows.update(state=end) == 1


def test_a_grant_is_withdrawn_only_with_a_withdrawal_on_record(given: Grant) -> None:
    refused(lambda: moved(given, GrantState.WITHDRAWN))


def test_a_grant_rests_only_with_a_cause_and_resumes_only_when_somebody_decided(given: Grant, clinician: User) -> None:
    refused(lambda: moved(given, GrantState.SUSPENDED))
    suspend(given, SuspensionCause.DOUBT, actor=f"user:{clinician.pk}")
    resting = Grant.objects.get(pk=given.pk)
    refused(lambda: moved(resting, GrantState.ACTIVE))


def test_a_refusal_is_not_withdrawn(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    refused(lambda: _withdrawal_of(refusal, clinician))


@pytest.mark.requirement("R24")
def test_the_database_activates_no_yes_that_lacks_a_name(patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    refused(lambda: moved(pending, GrantState.ACTIVE))
    _signature_of(pending, missing_roles(pending)[0])
    moved(pending, GrantState.ACTIVE)


def test_the_database_activates_no_yes_without_a_right_or_beyond_its_end(patient: Patient, clinician: User) -> None:
    bare = unsigned(patient, clinician)
    _signature_of(bare, SignerRole.PATIENT)
    refused(lambda: moved(bare, GrantState.ACTIVE))
    profile = Profile.objects.get(is_default=True)
    short = unsigned(patient, clinician, scope_id=OTHER_SCOPE)
    Capacity.objects.create(record=short.record, profile=profile, basis=Basis.ADULT, ends_at=timezone.now())
    _signature_of(short, SignerRole.PATIENT)
    refused(lambda: moved(short, GrantState.ACTIVE))


def test_the_database_activates_no_yes_on_a_retired_wording(patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    _signature_of(pending, missing_roles(pending)[0])
    Wording.objects.filter(pk=pending.wording_id).update(retired_at=timezone.now())
    refused(lambda: moved(pending, GrantState.ACTIVE))


@pytest.mark.requirement("R14")
def test_the_database_activates_no_consultation_without_a_name(patient: Patient, clinician: User) -> None:
    wording = live_wording("consult")
    grant = unsigned(patient, clinician, purpose=wording.purpose, wording=wording)
    Capacity.objects.create(record=grant.record, profile=Profile.objects.get(is_default=True), basis=Basis.ADULT)
    _signature_of(grant, SignerRole.PATIENT)
    refused(lambda: moved(grant, GrantState.ACTIVE))


@pytest.mark.requirement("R28")
def test_the_database_activates_nothing_of_a_patient_who_has_died(patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    _signature_of(pending, missing_roles(pending)[0])
    note_death(patient, by=clinician)
    refused(lambda: moved(pending, GrantState.ACTIVE))
    Standing.objects.filter(patient=patient).update(noted_by=clinician)
    refused(lambda: Standing.objects.filter(patient=patient).update(died_noted_at=None))


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Capacity, {"basis": Basis.GUARDIAN}),
        (NeededSignature, {"role": SignerRole.WITNESS}),
        (Recipient, {"verified_how": "known"}),
        (Suspension, {"cause": SuspensionCause.DOUBT}),
        (Standing, {"died_noted_at": None}),
    ],
)
def test_what_stands_behind_a_decision_neither_changes_nor_goes(
    model: type[models.Model], change: dict[str, object], patient: Patient, clinician: User
) -> None:
    decide_as(patient, clinician, purpose="consult", recipient=NamedRecipient("Dr Linden", "register"), **a_month())
    note_death(patient, by=clinician)
    rows = model._default_manager.all()
    assert rows.exists()
    refused(lambda: rows.update(**change))
    refused(lambda: rows._raw_delete(rows.db))


@pytest.mark.parametrize("model", [Capacity, NeededSignature, Recipient])
def test_nothing_is_added_behind_a_signed_decision(model: type[models.Model], given: Grant, clinician: User) -> None:
    fields: dict[type[models.Model], dict[str, object]] = {
        Capacity: {"profile": Profile.objects.get(is_default=True), "basis": Basis.ADULT},
        NeededSignature: {"role": SignerRole.WITNESS},
        Recipient: {
            "name_object_id": uuid.uuid4(),
            "name_sealed": b"x",
            "name_match": "x",
            "verified_by": clinician,
            "verified_how": "known",
        },
    }
    if model is Capacity:
        given = unsigned(given.patient, clinician, scope_id=OTHER_SCOPE)
        _signature_of(given, SignerRole.PATIENT)
    refused(lambda: model._default_manager.create(record=given.record, **fields[model]))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["grant", "capacity", "neededsignature", "recipient", "suspension", "standing"])
def test_no_table_is_emptied_at_a_stroke(table: str, given: Grant) -> None:
    connection.check_constraints()

    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE consent_{table} CASCADE")

    refused(empty)


def test_a_profiles_ages_are_in_order_and_one_is_the_default() -> None:
    refused(lambda: CapacityRule.objects.filter(basis="competent_minor").update(from_age=18))
    refused(lambda: Profile.objects.update(is_default=True))


def _signature_of(grant: Grant, role: SignerRole) -> Signature:
    return Signature.objects.create(
        record=grant.record,
        role=role,
        method=SigningMethod.TYPED,
        signed_at=timezone.now(),
        evidence_sha256="0" * 64,
        name_object_id=uuid.uuid4(),
        name_sealed=b"sealed",
        name_match="0" * 64,
    )


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
            withdrawn.record.capacity,
            withdrawn.record.needed.get(),
            CapacityRule.objects.first(),
            Profile.objects.first(),
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
