"""What an answer must have before it is recorded."""

import datetime
import uuid
from collections.abc import Callable

import pytest

from consent.answers import Answer, check_answer
from consent.errors import ConsentRefused, RefusalReason
from consent.models import PARTS, Purpose, Wording
from consent.offers import live_wording, offer
from consent.publishing import publish
from consent.states import GrantDecision, Place, SigningMethod
from tests.consent.cast import SCOPE, YEAR, a_clinic, a_member, a_picture
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
MakeAnswer = Callable[..., Answer]


@pytest.fixture
def answer(patient: Patient, clinician: User) -> MakeAnswer:
    """Make an answer that is in order, but for the changes named."""

    def make(purpose: str = "own_copy", **changes: object) -> Answer:
        fields: dict[str, object] = {
            "patient": patient,
            "purpose": Purpose.objects.get(pk=purpose),
            "scope_id": SCOPE,
            "wording": live_wording(purpose),
            "decision": GrantDecision.PERMIT,
            "shown": [a_picture()],
            "signer_name": "Marian Willow",
            "method": SigningMethod.TYPED,
            "permanence_acknowledged": False,
            "valid_until": NOW + YEAR,
            "by": clinician,
            "place": Place.CLINIC,
            **changes,
        }
        return Answer(**fields)  # type: ignore[arg-type]  # the table of changes is wider than the signature

    return make


def why_not(answer: Answer) -> RefusalReason:
    with pytest.raises(ConsentRefused) as refused:
        check_answer(answer, NOW)
    return refused.value.reason


def test_it_works(answer: MakeAnswer) -> None:
    check_answer(answer(), NOW)


@pytest.mark.requirement("R9")
def test_a_no_needs_no_picture_no_name_and_no_end(answer: MakeAnswer) -> None:
    check_answer(answer(decision=GrantDecision.DENY, shown=[], signer_name="", valid_until=None), NOW)


@pytest.mark.requirement("R10")
def test_a_yes_without_a_picture_shown_is_refused(answer: MakeAnswer) -> None:
    assert why_not(answer(shown=[])) is RefusalReason.NO_PICTURE_SHOWN


def test_the_same_picture_twice_is_refused(answer: MakeAnswer) -> None:
    picture = a_picture()
    assert why_not(answer(shown=[picture, picture])) is RefusalReason.PICTURE_TWICE


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_yes_without_a_name_is_refused(name: str, answer: MakeAnswer) -> None:
    assert why_not(answer(signer_name=name)) is RefusalReason.NAME_MISSING


@pytest.mark.requirement("R6")
def test_a_yes_without_an_end_is_refused(answer: MakeAnswer) -> None:
    assert why_not(answer(valid_until=None)) is RefusalReason.NO_END


@pytest.mark.parametrize("end", [NOW, NOW - YEAR])
def test_a_yes_that_ends_before_it_begins_is_refused(end: datetime.datetime, answer: MakeAnswer) -> None:
    assert why_not(answer(valid_until=end)) is RefusalReason.END_TOO_EARLY


@pytest.mark.requirement("R6")
def test_a_yes_ends_within_the_time_the_purpose_allows(answer: MakeAnswer) -> None:
    last = Purpose.objects.get(pk="own_copy").last_end(NOW)
    check_answer(answer(valid_until=last), NOW)
    late = answer(valid_until=last + datetime.timedelta(seconds=1))
    assert why_not(late) is RefusalReason.END_TOO_LATE


@pytest.mark.requirement("R7")
@pytest.mark.requirement("R13")
def test_posting_needs_its_own_tick(answer: MakeAnswer, patient: Patient) -> None:
    offer(Purpose.objects.get(pk="social_media"), patient.clinic)
    assert why_not(answer("social_media")) is RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED
    check_answer(answer("social_media", permanence_acknowledged=True), NOW)
    check_answer(answer("social_media", decision=GrantDecision.DENY), NOW)


@pytest.mark.requirement("R13")
def test_a_purpose_that_the_clinic_does_not_offer_is_refused(answer: MakeAnswer) -> None:
    unasked = answer("social_media", permanence_acknowledged=True)
    assert why_not(unasked) is RefusalReason.NOT_OFFERED


@pytest.mark.parametrize("decision", GrantDecision)
def test_staff_of_another_clinic_are_refused(decision: GrantDecision, answer: MakeAnswer) -> None:
    stranger = a_member(a_clinic("Hillside Ultrasound"))
    assert why_not(answer(by=stranger, decision=decision)) is RefusalReason.NOT_A_MEMBER


def test_a_wording_that_was_replaced_is_refused(answer: MakeAnswer) -> None:
    read = answer()
    live = read.wording
    parts = {part: getattr(live, part) for part in PARTS}
    publish(Wording.objects.create(purpose=live.purpose, language="en", version=2, **parts))
    assert why_not(read) is RefusalReason.WORDING_NOT_LIVE


def test_the_wording_of_another_purpose_is_refused(answer: MakeAnswer) -> None:
    assert why_not(answer(wording=live_wording("family"))) is RefusalReason.WORDING_NOT_LIVE


def test_a_draft_in_a_language_without_wording_is_refused(answer: MakeAnswer) -> None:
    draft = Wording.objects.create(id=uuid.uuid4(), purpose_id="own_copy", language="cy", version=1, title="x")
    assert why_not(answer(wording=draft)) is RefusalReason.NO_WORDING


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("decision", ["", "yes", "PERMIT", "all"])
def test_an_answer_is_yes_or_no_and_nothing_is_taken_for_granted(decision: str, answer: MakeAnswer) -> None:
    assert why_not(answer(decision=decision)) is RefusalReason.UNKNOWN_ANSWER


def test_an_unknown_way_of_signing_is_refused(answer: MakeAnswer) -> None:
    assert why_not(answer(method="guessed")) is RefusalReason.UNKNOWN_METHOD


def test_only_a_yes_permits(answer: MakeAnswer) -> None:
    assert answer().permits
    assert not answer(decision=GrantDecision.DENY).permits
