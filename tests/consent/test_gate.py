"""The gate denies unless everything fits."""

import datetime
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from consent import gate
from consent.ending import mark_in_error, resume, suspend
from consent.gate import Decision, decide
from consent.models import Grant, NeededSignature, Signature
from consent.moving import SYSTEM, move
from consent.services import ShownArtefact, add_signature, withdraw_consent
from consent.states import (
    GateReason,
    GrantDecision,
    GrantState,
    SignerRole,
    SigningMethod,
    SuspensionCause,
    WithdrawalChannel,
)
from tests.consent.cast import OTHER_SCOPE, YEAR, a_pending, a_picture, decide_as
from tests.consent.histories import Histories
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import verify
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECOND = datetime.timedelta(seconds=1)


def ask(grant: Grant | uuid.UUID, shown: ShownArtefact, **changes: object) -> Decision:
    asked = {
        "grant_id": grant.pk if isinstance(grant, Grant) else grant,
        "purpose_code": "own_copy",
        "artefact_id": shown.artefact_id,
        "sha256": shown.sha256,
        "at": timezone.now(),
        **changes,
    }
    return decide(**asked)  # type: ignore[arg-type]  # the table of changes is wider than the signature


@contextmanager
def behind_the_guards() -> Iterator[None]:
    """Change rows as the tables would never allow; nothing may be pending on PostgreSQL when triggers are lifted."""
    connection.check_constraints()
    with without_triggers():
        yield
        connection.check_constraints()


@pytest.fixture
def shown() -> ShownArtefact:
    return a_picture()


@pytest.fixture
def given(patient: Patient, clinician: User, shown: ShownArtefact) -> Grant:
    return decide_as(patient, clinician, shown=[shown, a_picture(b"another")])


@pytest.mark.requirement("R1")
def test_a_signed_yes_opens_the_gate_for_the_picture_that_was_shown(given: Grant, shown: ShownArtefact) -> None:
    assert ask(given, shown) == Decision(permit=True, reason=GateReason.PERMITTED)


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R3")
def test_without_a_grant_nothing_opens(shown: ShownArtefact) -> None:
    assert ask(uuid.uuid4(), shown) == Decision(permit=False, reason=GateReason.NO_GRANT)


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R4")
@pytest.mark.parametrize("other", ["family", "social_media", "", "OWN_COPY", "teaching"])
def test_a_yes_opens_its_own_purpose_only(given: Grant, shown: ShownArtefact, other: str) -> None:
    assert ask(given, shown, purpose_code=other).reason is GateReason.WRONG_PURPOSE


@pytest.mark.requirement("R10")
def test_a_picture_that_was_not_shown_stays_closed(given: Grant, shown: ShownArtefact) -> None:
    assert ask(given, shown, artefact_id=uuid.uuid4()).reason is GateReason.NOT_SHOWN


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("other", ["0" * 64, "", "é"])
def test_a_picture_with_other_bytes_stays_closed(given: Grant, shown: ShownArtefact, other: str) -> None:
    assert ask(given, shown, sha256=other).reason is GateReason.ALTERED


@pytest.mark.requirement("R17")
def test_a_withdrawn_yes_is_closed_at_once(given: Grant, shown: ShownArtefact, clinician: User) -> None:
    withdraw_consent(given, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.IN_PERSON)
    assert ask(given, shown).reason is GateReason.WITHDRAWN


def test_a_refusal_is_closed(patient: Patient, clinician: User, shown: ShownArtefact) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY, shown=[shown])
    assert ask(refusal, shown).reason is GateReason.REFUSED


def test_a_replaced_yes_is_closed(given: Grant, shown: ShownArtefact, patient: Patient, clinician: User) -> None:
    newer = decide_as(patient, clinician, shown=[shown])
    assert ask(given, shown).reason is GateReason.SUPERSEDED
    assert ask(newer, shown).permit


def test_an_answer_within_another_scope_changes_nothing(
    given: Grant, shown: ShownArtefact, patient: Patient, clinician: User
) -> None:
    for decision in (GrantDecision.PERMIT, GrantDecision.DENY):
        decide_as(patient, clinician, decision, scope_id=OTHER_SCOPE, shown=[a_picture(b"later scan")])
        assert ask(given, shown).permit


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("order", ["permit, deny", "deny, permit, deny"])
def test_within_its_scope_a_refusal_closes_every_yes_before_it(
    order: str, shown: ShownArtefact, patient: Patient, clinician: User
) -> None:
    answers = [decide_as(patient, clinician, GrantDecision(said), shown=[shown]) for said in order.split(", ")]
    assert not any(ask(answer, shown).permit for answer in answers)


@pytest.mark.requirement("R6")
def test_the_end_is_closed_and_the_moment_before_is_open(given: Grant, shown: ShownArtefact) -> None:
    assert given.valid_until is not None
    assert ask(given, shown, at=given.valid_until - SECOND).permit
    assert ask(given, shown, at=given.valid_until).reason is GateReason.EXPIRED
    assert ask(given, shown, at=given.valid_until + YEAR).reason is GateReason.EXPIRED


def test_a_yes_that_was_marked_expired_is_closed(given: Grant, shown: ShownArtefact) -> None:
    move(given, GrantState.EXPIRED, Event.CONSENT_EXPIRED, actor=SYSTEM)
    assert ask(given, shown).reason is GateReason.EXPIRED


def test_the_start_is_open_and_the_moment_before_is_closed(given: Grant, shown: ShownArtefact) -> None:
    assert ask(given, shown, at=given.valid_from).permit
    assert ask(given, shown, at=given.valid_from - SECOND).reason is GateReason.NOT_YET


def test_a_yes_that_nobody_signed_is_closed(patient: Patient, clinician: User, shown: ShownArtefact) -> None:
    grant = decide_as(patient, clinician, shown=[shown])
    with behind_the_guards():
        Signature.objects.all()._raw_delete("default")
    assert ask(grant, shown).reason is GateReason.NOT_SIGNED


def test_a_yes_signed_before_rights_were_kept_needs_the_patients_own_name(
    patient: Patient, clinician: User, shown: ShownArtefact
) -> None:
    grant = decide_as(patient, clinician, shown=[shown])
    with behind_the_guards():
        NeededSignature.objects.all()._raw_delete("default")
    assert ask(grant, shown).permit
    with behind_the_guards():
        Signature.objects.update(role=SignerRole.STAFF)
    assert ask(grant, shown).reason is GateReason.NOT_SIGNED


@pytest.mark.requirement("R24")
def test_a_yes_that_waits_for_a_name_is_closed_and_opens_with_the_last(
    patient: Patient, clinician: User, shown: ShownArtefact
) -> None:
    pending = a_pending(patient, clinician, shown=[shown])
    assert ask(pending, shown).reason is GateReason.PENDING
    add_signature(pending, SignerRole.ASSENT, "Marian", method=SigningMethod.TYPED, by=clinician)
    assert ask(pending, shown).permit
    with behind_the_guards():
        Signature.objects.filter(role=SignerRole.ASSENT)._raw_delete("default")
    assert ask(pending, shown).reason is GateReason.NOT_SIGNED


@pytest.mark.requirement("R20")
def test_a_suspended_yes_is_closed_until_somebody_decides(given: Grant, shown: ShownArtefact, clinician: User) -> None:
    suspend(given, SuspensionCause.FAMILY, actor=f"user:{clinician.pk}")
    assert ask(given, shown).reason is GateReason.SUSPENDED
    resume(given, by=clinician)
    assert ask(given, shown).permit


def test_what_was_entered_in_error_is_closed(given: Grant, shown: ShownArtefact, clinician: User) -> None:
    mark_in_error(given, by=clinician, reason="Another patient's study")
    assert ask(given, shown).reason is GateReason.IN_ERROR


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_gate_does_not_answer(shown: ShownArtefact) -> None:
    with pytest.raises(TransactionManagementError):
        ask(uuid.uuid4(), shown)


def test_the_row_is_shared_until_the_end_where_transactions_run_side_by_side(
    given: Grant, shown: ShownArtefact
) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask(given, shown)
    locks = [query["sql"] for query in queries if query["sql"].endswith("FOR SHARE")]
    assert len(locks) == (1 if connection.vendor == "postgresql" else 0)


@pytest.mark.requirement("R17")
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_waits_for_the_picture_being_opened_and_then_closes_the_gate(
    given: Grant, shown: ShownArtefact, clinician: User
) -> None:
    """Whoever asked first finishes first: no byte is judged by a consent that has ended meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        with transaction.atomic():
            assert ask(given, shown).permit
            withdrawal = elsewhere.submit(_withdraw_on_another_connection, given, clinician)
            with pytest.raises(TimeoutError):
                withdrawal.result(timeout=0.5)
        withdrawal.result(timeout=20)
    with transaction.atomic():
        assert ask(given, shown).reason is GateReason.WITHDRAWN


def _withdraw_on_another_connection(grant: Grant, by: User) -> None:
    try:
        withdraw_consent(grant, actor=f"user:{by.pk}", channel=WithdrawalChannel.PHONE)
    finally:
        connection.close()


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R2")
@pytest.mark.requirement("R4")
@pytest.mark.requirement("R10")
@pytest.mark.requirement("R12")
@pytest.mark.requirement("R17")
@pytest.mark.django_db(transaction=True)
def test_in_every_history_the_gate_opens_only_for_what_the_patient_last_agreed_to(
    clinic: Clinic, clinician: User
) -> None:
    """At least 5,000 steps on PostgreSQL; SQLite, which the same code runs on, gets a tenth of them."""
    wanted = 5_000 if connection.vendor == "postgresql" else 500

    class Here(Histories):
        steps = 0

    Here.clinic, Here.by = clinic, clinician
    while Here.steps < wanted:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=10,
                stateful_step_count=50,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert verify().whole


def test_a_yes_without_an_end_is_over_even_if_a_table_let_it_through() -> None:
    endless = Grant(purpose_id="own_copy", state=GrantState.ACTIVE, valid_from=timezone.now(), valid_until=None)
    assert gate._of_the_grant(endless, "own_copy", timezone.now()) is GateReason.EXPIRED
