"""A decision is recorded whole, with its evidence and its audit entry; a withdrawal ends it at once."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from consent import evidence, moving
from consent.capacity import Claim
from consent.errors import ConsentRefused, RefusalReason
from consent.models import ConsentRecord, Grant, Signature, Task, Withdrawal, Wording
from consent.sealed import name_of, reason_of
from consent.services import active_grant, add_signature, missing_roles, withdraw_consent
from consent.signals import consent_given, consent_withdrawn
from consent.states import (
    STANDING,
    Assent,
    Basis,
    GrantDecision,
    GrantState,
    SignerRole,
    SigningMethod,
    TaskKind,
    WithdrawalChannel,
)
from tests.consent.cast import OTHER_SCOPE, SCOPE, YEAR, a_patient, a_picture, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import verify
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def withdraw(grant: Grant, by: User) -> Withdrawal:
    return withdraw_consent(grant, actor=f"user:{by.pk}", channel=WithdrawalChannel.IN_PERSON)


@pytest.mark.requirement("R1")
def test_it_works(patient: Patient, clinician: User) -> None:
    shown = [a_picture(), a_picture(b"film", "film")]
    grant = decide_as(patient, clinician, shown=shown)
    stored = Grant.objects.get(pk=grant.pk)
    assert (stored.state, stored.decision) == (GrantState.ACTIVE, GrantDecision.PERMIT)
    assert {(each.artefact_id, each.sha256) for each in stored.images.all()} == {
        (each.artefact_id, each.sha256) for each in shown
    }
    assert active_grant(patient, "own_copy", SCOPE) == stored


@pytest.mark.requirement("R2")
def test_a_yes_to_one_purpose_is_no_yes_to_another(patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician, purpose="family")
    assert active_grant(patient, "own_copy", SCOPE) is None
    assert active_grant(a_patient(patient.clinic, "Rowan^Iris"), "family", SCOPE) is None


@pytest.mark.requirement("R9")
def test_a_refusal_is_a_result_of_its_own(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    assert (refusal.state, refusal.valid_until) == (GrantState.REFUSED, None)
    assert active_grant(patient, "own_copy", SCOPE) is None
    entry = Entry.objects.get(grant_id=refusal.pk)
    assert entry.event == Event.CONSENT_REFUSED


def test_a_refusal_without_a_name_is_stood_for_by_who_heard_it(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY, signer_name=" ", shown=[])
    signature = refusal.record.signatures.get()
    assert (signature.role, name_of(signature)) == (SignerRole.STAFF, clinician.display_name)


@pytest.mark.requirement("R12")
def test_a_refusal_holds_until_the_patient_signs_anew(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY)
    with pytest.raises(ConsentRefused) as refused:
        decide_as(patient, clinician, signer_name="")
    assert refused.value.reason is RefusalReason.NAME_MISSING
    assert active_grant(patient, "own_copy", SCOPE) is None
    anew = decide_as(patient, clinician)
    refusal.refresh_from_db()
    assert refusal.state == GrantState.SUPERSEDED
    assert active_grant(patient, "own_copy", SCOPE) == anew


def test_a_refusal_ends_a_yes(patient: Patient, clinician: User) -> None:
    given = decide_as(patient, clinician)
    decide_as(patient, clinician, GrantDecision.DENY)
    given.refresh_from_db()
    assert given.state == GrantState.SUPERSEDED
    assert active_grant(patient, "own_copy", SCOPE) is None


def test_a_newer_yes_replaces_the_older(patient: Patient, clinician: User) -> None:
    older = decide_as(patient, clinician)
    newer = decide_as(patient, clinician)
    older.refresh_from_db()
    assert older.state == GrantState.SUPERSEDED
    assert active_grant(patient, "own_copy", SCOPE) == newer
    detail = Entry.objects.get(grant_id=newer.pk).detail
    assert detail["replaces"] == str(older.pk)


@pytest.mark.requirement("R2")
def test_an_answer_within_one_scope_leaves_the_other_alone(patient: Patient, clinician: User) -> None:
    """Two scans, two answers: neither a newer yes, nor a no, nor taking back the one reaches the other."""
    early = decide_as(patient, clinician)
    assert active_grant(patient, "own_copy", OTHER_SCOPE) is None
    late = decide_as(patient, clinician, scope_id=OTHER_SCOPE)
    assert Entry.objects.get(grant_id=late.pk).detail["replaces"] == ""
    assert active_grant(patient, "own_copy", SCOPE) == early
    decide_as(patient, clinician, GrantDecision.DENY, scope_id=OTHER_SCOPE)
    assert active_grant(patient, "own_copy", OTHER_SCOPE) is None
    assert active_grant(patient, "own_copy", SCOPE) == early
    anew = decide_as(patient, clinician, scope_id=OTHER_SCOPE)
    withdraw(early, clinician)
    assert active_grant(patient, "own_copy", SCOPE) is None
    assert active_grant(patient, "own_copy", OTHER_SCOPE) == anew


def test_a_yes_that_had_ended_is_noted_as_expired(
    patient: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = decide_as(patient, clinician)
    later = timezone.now() + 2 * YEAR
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert active_grant(patient, "own_copy", SCOPE) is None
    decide_as(patient, clinician, valid_until=later + YEAR)
    older.refresh_from_db()
    assert older.state == GrantState.EXPIRED


def test_a_grant_of_the_future_is_not_active_yet(
    patient: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_as(patient, clinician)
    earlier = timezone.now() - datetime.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: earlier)
    assert active_grant(patient, "own_copy", SCOPE) is None


def test_the_trail_tells_of_the_yes_without_a_name(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    entry = Entry.objects.get(event=Event.CONSENT_GIVEN)
    assert entry.actor == f"user:{clinician.pk}"
    assert (entry.object_id, entry.grant_id, entry.patient_id) == (grant.pk, grant.pk, patient.pk)
    assert (entry.purpose, entry.clinic_id) == ("own_copy", patient.clinic_id)
    assert entry.detail == {
        "wording_version": 2,
        "language": "en",
        "wording_sha256": grant.wording.sha256,
        "evidence_sha256": grant.record.signatures.get().evidence_sha256,
        "images": 1,
        "scope": str(SCOPE),
        "replaces": "",
    }
    assert verify().whole


def test_a_refused_call_leaves_nothing_behind(patient: Patient, clinician: User) -> None:
    given = decide_as(patient, clinician)
    entries = Entry.objects.count()
    with pytest.raises(ConsentRefused):
        decide_as(patient, clinician, valid_until=None)
    given.refresh_from_db()
    assert given.state == GrantState.ACTIVE
    assert (ConsentRecord.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_failing_trail_undoes_the_decision(
    patient: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Act and entry stand or fall together."""

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(moving, "record", broken)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        decide_as(patient, clinician)
    assert not Grant.objects.exists()
    assert not Signature.objects.exists()


@pytest.mark.requirement("R17")
def test_withdrawing_works(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdrawal = withdraw_consent(
        grant, actor=f"link:{uuid.uuid4()}", channel=WithdrawalChannel.LINK, reason=" I changed my mind "
    )
    grant.refresh_from_db()
    assert grant.state == GrantState.WITHDRAWN
    assert (withdrawal.grant_id, withdrawal.channel, reason_of(withdrawal)) == (
        grant.pk,
        "link",
        "I changed my mind",
    )
    assert active_grant(patient, "own_copy", SCOPE) is None
    entry = Entry.objects.get(event=Event.CONSENT_WITHDRAWN)
    assert (entry.actor, entry.grant_id, entry.detail) == (withdrawal.actor, grant.pk, {"channel": "link"})


@pytest.mark.requirement("R17")
def test_withdrawing_needs_no_reason_and_works_straight_after(patient: Patient, clinician: User) -> None:
    withdrawal = withdraw(decide_as(patient, clinician), clinician)
    assert (withdrawal.reason_object_id, withdrawal.reason_sealed, reason_of(withdrawal)) == (None, b"", "")


def test_withdrawing_twice_says_so(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw(grant, clinician)
    with pytest.raises(ConsentRefused) as refused:
        withdraw(grant, clinician)
    assert refused.value.reason is RefusalReason.ALREADY_WITHDRAWN
    assert Withdrawal.objects.count() == 1


@pytest.mark.parametrize("decision", GrantDecision)
def test_what_is_not_active_is_not_withdrawn(decision: GrantDecision, patient: Patient, clinician: User) -> None:
    first = decide_as(patient, clinician, decision)
    second = decide_as(patient, clinician, GrantDecision.DENY)
    for grant in (first, second):
        with pytest.raises(ConsentRefused) as refused:
            withdraw(grant, clinician)
        assert refused.value.reason is RefusalReason.NOT_ACTIVE


def test_an_unknown_channel_is_refused(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    with pytest.raises(ConsentRefused) as refused:
        withdraw_consent(grant, actor=f"user:{clinician.pk}", channel="pigeon")  # type: ignore[arg-type]
    assert refused.value.reason is RefusalReason.UNKNOWN_CHANNEL


def test_after_a_withdrawal_the_patient_may_agree_anew(patient: Patient, clinician: User) -> None:
    withdraw(decide_as(patient, clinician), clinician)
    anew = decide_as(patient, clinician)
    assert active_grant(patient, "own_copy", SCOPE) == anew


@pytest.mark.parametrize(("signal", "withdraws"), [(consent_given, False), (consent_withdrawn, True)])
def test_news_goes_up_after_the_commit_and_a_broken_listener_harms_nothing(
    signal: Signal,
    withdraws: bool,
    patient: Patient,
    clinician: User,
    django_capture_on_commit_callbacks: object,
) -> None:
    heard: list[uuid.UUID] = []

    def listen(sender: type[Grant], grant_id: uuid.UUID, **kwargs: object) -> None:
        heard.append(grant_id)
        raise RuntimeError("a listener failed")

    signal.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture
            grant = decide_as(patient, clinician)
            if withdraws:
                withdraw(grant, clinician)
            assert heard == []
    finally:
        signal.disconnect(listen)
    assert heard == [grant.pk]


def test_a_refusal_is_no_news_of_a_yes(
    patient: Patient, clinician: User, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[object] = []

    def listen(sender: type[Grant], **kwargs: object) -> None:
        heard.append(kwargs)

    consent_given.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture
            decide_as(patient, clinician, GrantDecision.DENY)
    finally:
        consent_given.disconnect(listen)
    assert heard == []


# --- rights and signatures ---


def a_childs(clinic: Clinic, years: int = 15) -> Patient:
    today = timezone.localdate()
    return a_patient(clinic, "Willow^Junia", born=f"{today.year - years}0101")


def with_parent(child: Patient, by: User, **changes: object) -> Grant:
    claim = Claim(basis=Basis.MINOR_WITH_PARENT)
    return decide_as(child, by, claim=claim, **{"signer_name": "Rowan Elm", **changes})


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("first", [SignerRole.PARENT, SignerRole.ASSENT])
def test_one_of_two_names_waits_and_the_second_activates(first: SignerRole, clinic: Clinic, clinician: User) -> None:
    child = a_childs(clinic)
    names = {SignerRole.PARENT: "Rowan Elm", SignerRole.ASSENT: "Junia"}
    second = next(role for role in names if role is not first)
    grant = with_parent(child, clinician, signer_name="", also={first: names[first]})
    assert grant.state == GrantState.PENDING
    assert active_grant(child, "own_copy", SCOPE) is None
    assert Task.objects.get(done_at=None).kind == TaskKind.SIGNATURE
    assert missing_roles(grant) == [second]
    signed = add_signature(grant, second, names[second], method=SigningMethod.TYPED, by=clinician)
    assert signed.state == GrantState.ACTIVE
    assert active_grant(child, "own_copy", SCOPE) == grant
    assert evidence.is_whole(Grant.objects.get(pk=grant.pk))
    assert not Task.objects.filter(done_at=None).exists()


@pytest.mark.requirement("R25")
def test_a_pregnant_minor_decides_and_nothing_tells_a_parent(clinic: Clinic, clinician: User) -> None:
    claim = Claim(basis=Basis.COMPETENT_MINOR, assessor=clinician, reasoning="She explained it in her own words.")
    grant = decide_as(a_childs(clinic), clinician, claim=claim)
    assert grant.state == GrantState.ACTIVE
    assert [signature.role for signature in grant.record.signatures.all()] == [SignerRole.PATIENT]
    assert list(grant.record.needed.values_list("role", flat=True)) == [SignerRole.PATIENT]
    assert not Task.objects.exists()
    assert mail.outbox == []


def test_what_stands_holds_until_the_last_name_is_there(clinic: Clinic, clinician: User) -> None:
    child = a_childs(clinic)
    older = with_parent(child, clinician, also={SignerRole.ASSENT: "Junia"})
    newer = with_parent(child, clinician)
    assert active_grant(child, "own_copy", SCOPE) == older
    add_signature(newer, SignerRole.ASSENT, "Junia", method=SigningMethod.TYPED, by=clinician)
    older.refresh_from_db()
    assert older.state == GrantState.SUPERSEDED
    assert active_grant(child, "own_copy", SCOPE) == newer


@pytest.mark.requirement("R29")
def test_a_childs_no_ends_what_waits_and_what_holds(clinic: Clinic, clinician: User) -> None:
    child = a_childs(clinic)
    held = with_parent(child, clinician, also={SignerRole.ASSENT: "Junia"})
    waiting = with_parent(child, clinician)
    claim = Claim(basis=Basis.MINOR_WITH_PARENT, assent=Assent.REFUSED)
    refusal = decide_as(
        child, clinician, GrantDecision.DENY, claim=claim, signer_name="", also={SignerRole.ASSENT: "Junia"}
    )
    assert refusal.record.signatures.get().role == SignerRole.ASSENT
    states = {grant.state for grant in Grant.objects.filter(pk__in=[held.pk, waiting.pk])}
    assert states == {GrantState.SUPERSEDED}
    with pytest.raises(ConsentRefused, match="assent_refused"):
        decide_as(child, clinician, claim=claim, signer_name="Rowan Elm")
    with pytest.raises(ConsentRefused, match="not_pending"):
        add_signature(waiting, SignerRole.ASSENT, "Junia", method=SigningMethod.TYPED, by=clinician)
    assert active_grant(child, "own_copy", SCOPE) is None


def test_a_newer_question_takes_the_place_of_one_that_waits(clinic: Clinic, clinician: User) -> None:
    child = a_childs(clinic)
    first, second = with_parent(child, clinician), with_parent(child, clinician)
    first.refresh_from_db()
    assert (first.state, second.state) == (GrantState.SUPERSEDED, GrantState.PENDING)
    assert Task.objects.get(done_at=None).grant == second


def test_a_name_is_taken_once_and_only_where_it_is_needed(clinic: Clinic, clinician: User) -> None:
    grant = with_parent(a_childs(clinic), clinician)
    for role, name, reason in (
        (SignerRole.PARENT, "Rowan Elm", "not_needed"),
        (SignerRole.WITNESS, "Rowan Elm", "not_needed"),
        (SignerRole.ASSENT, "  ", "name_missing"),
    ):
        with pytest.raises(ConsentRefused, match=reason):
            add_signature(grant, role, name, method=SigningMethod.TYPED, by=clinician)
    assert grant.record.signatures.count() == 1


def test_words_that_were_replaced_are_not_signed(clinic: Clinic, clinician: User) -> None:
    grant = with_parent(a_childs(clinic), clinician)
    Wording.objects.filter(pk=grant.wording_id).update(retired_at=timezone.now())
    with pytest.raises(ConsentRefused, match="wording_not_live"):
        add_signature(grant, SignerRole.ASSENT, "Junia", method=SigningMethod.TYPED, by=clinician)
    assert Grant.objects.get(pk=grant.pk).state == GrantState.PENDING


def test_a_name_that_comes_too_late_activates_nothing(
    clinic: Clinic, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = with_parent(a_childs(clinic), clinician)
    late = timezone.now() + 2 * YEAR
    monkeypatch.setattr(timezone, "now", lambda: late)
    with pytest.raises(ConsentRefused, match="authority_ended"):
        add_signature(grant, SignerRole.ASSENT, "Junia", method=SigningMethod.TYPED, by=clinician)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_two_staff_who_record_at_once_leave_one_answer(patient: Patient, clinician: User) -> None:
    def answer(decision: GrantDecision) -> Grant:
        try:
            return decide_as(patient, clinician, decision)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as staff:
        answers = list(staff.map(answer, [GrantDecision.PERMIT, GrantDecision.DENY] * 5))
    standing = Grant.objects.filter(state__in=STANDING)
    assert standing.count() == 1
    assert Grant.objects.filter(state=GrantState.SUPERSEDED).count() == len(answers) - 1
    assert verify().whole
