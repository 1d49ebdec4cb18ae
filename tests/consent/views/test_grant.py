"""One answer shows its evidence; the desk withdraws it in two steps."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Grant, Purpose, Signature
from consent.offers import offer
from consent.sealed import UNREADABLE
from consent.services import withdraw_consent
from consent.states import GrantDecision, GrantState, WithdrawalChannel
from tests.consent.cast import SCOPE, YEAR, a_clinic, a_member, a_patient, a_picture, decide_as
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db

CARE = "Your care stays just the same"
LIMITS = "Pictures that you have already saved stay where you saved them."


@pytest.fixture
def desk(client: Client, clinician: User) -> Client:
    client.force_login(clinician)
    return client


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    return decide_as(patient, clinician)


def read(desk: Client, grant: Grant, name: str = "consent:grant") -> str:
    answer = desk.get(reverse(name, args=[grant.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def withdraw(desk: Client, grant: Grant, **fields: str) -> str:
    """Send the form of the confirming page, and follow to the page after it."""
    url = reverse("consent:withdraw", args=[grant.pk])
    return desk.post(url, {"channel": "in_person", **fields}, follow=True).content.decode()


def test_it_works(desk: Client, given: Grant) -> None:
    page = read(desk, given)
    assert "Willow, Marian" in page
    assert "badge--active" in page
    assert reverse("consent:withdraw", args=[given.pk]) in page
    assert "Everything stored still matches what was signed." in page


def test_it_leads_to_the_study_it_is_about(desk: Client, given: Grant) -> None:
    assert f'<a href="{reverse("deid:study", args=[SCOPE])}">Open the study</a>' in read(desk, given)


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
def test_the_wording_stands_as_it_was_read(desk: Client, given: Grant) -> None:
    page = read(desk, given)
    assert given.wording.title in page
    for heading, text in given.wording.sections():
        assert heading in page
        assert text.strip().split(".")[0].replace("'", "&#x27;") in page
    assert "en, version 2" in page
    assert given.wording.sha256 in page


@pytest.mark.requirement("R10")
def test_pictures_are_named_by_hash_and_lead_to_their_review(desk: Client, patient: Patient, clinician: User) -> None:
    shown = [a_picture(), a_picture(b"film", "film")]
    grant = decide_as(patient, clinician, shown=shown)
    page = read(desk, grant)
    assert grant.images.count() == len(shown)
    for image in grant.images.all():
        assert image.sha256 in page
        assert f"<td>{image.kind_in_words}</td>" in page
        assert reverse("deid:review", args=[image.picture_id]) in page


def test_the_signature_and_its_evidence_are_shown(desk: Client, given: Grant) -> None:
    signature = given.record.signatures.get()
    page = read(desk, given)
    assert "Marian Willow" in page
    assert signature.get_method_display().replace("'", "&#x27;") in page
    assert signature.evidence_sha256 in page
    assert "Own tick" not in page


@pytest.mark.requirement("R7")
def test_the_own_tick_is_shown_where_there_was_one(desk: Client, patient: Patient, clinician: User) -> None:
    offer(Purpose.objects.get(pk="social_media"), patient.clinic)
    page = read(desk, decide_as(patient, clinician, purpose="social_media"))
    assert "Own tick" in page
    assert "nobody can take it back for certain" in page


@pytest.mark.requirement("R9")
def test_a_refusal_says_that_care_stays_the_same(desk: Client, patient: Patient, clinician: User) -> None:
    page = read(desk, decide_as(patient, clinician, GrantDecision.DENY, shown=[]))
    assert "What the patient was told holds: “You are free to say yes or no." in page
    assert "badge--refused" in page
    assert "The patient decides anew" in page
    assert "Withdraw this consent" not in page


def test_what_no_longer_matches_is_called_out(desk: Client, given: Grant) -> None:
    connection.check_constraints()
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_signature SET name_match = 'someone else'")
        connection.check_constraints()
    page = read(desk, given)
    assert "no longer matches what was signed" in page
    assert "Everything stored still matches" not in page


def test_a_name_that_was_tampered_with_is_called_out(desk: Client, given: Grant) -> None:
    connection.check_constraints()
    with without_triggers():
        Signature.objects.update(name_sealed=b"someone else")
        connection.check_constraints()
    page = read(desk, given)
    assert UNREADABLE in page
    assert "no longer matches what was signed" in page


def test_an_unsigned_answer_says_that_it_counts_for_nothing(desk: Client, given: Grant) -> None:
    connection.check_constraints()
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_signature")
        connection.check_constraints()
    assert "counts for nothing" in read(desk, given)


def test_reading_is_noted(desk: Client, given: Grant, clinician: User) -> None:
    read(desk, given)
    entry = Entry.objects.get(event=Event.CONSENT_LEDGER_READ)
    assert (entry.actor, entry.grant_id, entry.patient_id) == (
        f"user:{clinician.pk}",
        given.pk,
        given.patient_id,
    )


def test_the_ledger_is_linked_for_those_who_may_read_it(
    client: Client, desk: Client, given: Grant, clinic: Clinic
) -> None:
    assert f"{reverse('consent:ledger')}?patient" not in read(desk, given)
    client.force_login(a_member(clinic, Role.ADMINISTRATOR))
    assert f"{reverse('consent:ledger')}?patient={given.patient_id}" in read(client, given)


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_whoever_reads_the_ledger_reads_the_evidence_and_acts_on_nothing(
    client: Client, given: Grant, clinic: Clinic, role: Role
) -> None:
    client.force_login(a_member(clinic, role))
    page = read(client, given)
    assert "Everything stored still matches what was signed" in page
    for act in ("withdraw", "suspend", "correct", "standing"):
        assert reverse(f"consent:{act}", args=[given.pk]) not in page
    assert "/desk/study/" not in page
    assert "/desk/review/" not in page
    assert client.get(reverse("consent:withdraw", args=[given.pk])).status_code == 403


@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
@pytest.mark.requirement("R17")
def test_before_withdrawing_the_limits_and_the_care_are_told(desk: Client, given: Grant) -> None:
    page = read(desk, given, "consent:withdraw")
    assert LIMITS in page
    assert CARE in page
    given.refresh_from_db()
    assert given.state == GrantState.ACTIVE


@pytest.mark.requirement("R8")
def test_before_withdrawing_a_posting_its_permanence_is_told_again(
    desk: Client, patient: Patient, clinician: User
) -> None:
    offer(Purpose.objects.get(pk="social_media"), patient.clinic)
    grant = decide_as(patient, clinician, purpose="social_media")
    assert "nobody can take it back for certain" in read(desk, grant, "consent:withdraw")


@pytest.mark.requirement("R9")
@pytest.mark.requirement("R17")
def test_the_desk_withdraws(desk: Client, given: Grant, clinician: User) -> None:
    page = withdraw(desk, given, reason="changed her mind")
    given.refresh_from_db()
    assert given.state == GrantState.WITHDRAWN
    assert (given.withdrawal.actor, given.withdrawal.channel) == (f"user:{clinician.pk}", "in_person")
    assert "The consent is withdrawn, and its links are closed." in page
    assert "badge--withdrawn" in page
    assert CARE in page
    assert "“changed her mind”" in page


def test_without_a_channel_nothing_is_withdrawn(desk: Client, given: Grant) -> None:
    page = withdraw(desk, given, channel="")
    assert "field__error" in page
    given.refresh_from_db()
    assert given.state == GrantState.ACTIVE


def test_a_second_withdrawal_is_answered_kindly(desk: Client, given: Grant) -> None:
    withdraw_consent(given, actor=f"link:{uuid.uuid4()}", channel=WithdrawalChannel.LINK)
    assert "Nothing more needs to be done" in withdraw(desk, given)
    assert "nothing left to withdraw" in read(desk, given, "consent:withdraw")


def test_a_consent_past_its_end_offers_no_withdrawal(
    desk: Client, patient: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: now - 2 * YEAR)
        given = decide_as(patient, clinician, valid_until=now - YEAR)
    page = read(desk, given)
    assert "badge--expired" in page
    assert "Withdraw this consent" not in page


@pytest.mark.parametrize("name", ["consent:grant", "consent:withdraw"])
def test_another_clinics_answer_is_absent(name: str, desk: Client) -> None:
    elsewhere = a_clinic("Hillside Ultrasound")
    theirs = decide_as(a_patient(elsewhere), a_member(elsewhere))
    url = reverse(name, args=[theirs.pk])
    assert desk.get(url).status_code == 404
    assert desk.post(url, {"channel": "in_person"}).status_code in {404, 405}
    theirs.refresh_from_db()
    assert theirs.state == GrantState.ACTIVE


@pytest.mark.parametrize("name", ["consent:grant", "consent:withdraw"])
def test_an_answer_that_never_was_is_absent(name: str, desk: Client) -> None:
    assert desk.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", ["consent:grant", "consent:withdraw"])
def test_a_sonographer_does_not_open_consents(name: str, client: Client, clinic: Clinic, given: Grant) -> None:
    client.force_login(a_member(clinic, Role.SONOGRAPHER))
    assert client.get(reverse(name, args=[given.pk])).status_code == 403


@pytest.mark.parametrize("name", ["consent:grant", "consent:withdraw"])
def test_a_stranger_is_sent_to_sign_in(name: str, client: Client, given: Grant) -> None:
    answer = client.get(reverse(name, args=[given.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("clinics:sign_in"))
