"""What an answer must have before it is recorded."""

import datetime
import uuid
from collections.abc import Callable

import pytest

from consent.answers import Answer, Manner, NamedRecipient, check_answer
from consent.capacity import Claim
from consent.errors import ConsentRefused, RefusalReason
from consent.models import LATER_PARTS, PARTS, Purpose, Wording
from consent.offers import live_wording, offer
from consent.publishing import publish
from consent.states import Assent, Basis, GrantDecision, SignerRole, SigningMethod
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
            "claim": Claim(),
            "names": {SignerRole.PATIENT: "Marian Willow"},
            "recipient": None,
            "method": SigningMethod.TYPED,
            "permanence_acknowledged": False,
            "valid_until": NOW + YEAR,
            "by": clinician,
            "manner": Manner(),
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
    check_answer(answer(decision=GrantDecision.DENY, shown=[], names={}, valid_until=None), NOW)


@pytest.mark.requirement("R10")
def test_a_yes_without_a_picture_shown_is_refused(answer: MakeAnswer) -> None:
    assert why_not(answer(shown=[])) is RefusalReason.NO_PICTURE_SHOWN


def test_the_same_picture_twice_is_refused(answer: MakeAnswer) -> None:
    picture = a_picture()
    assert why_not(answer(shown=[picture, picture])) is RefusalReason.PICTURE_TWICE


@pytest.mark.parametrize("role", [None, SignerRole.WITNESS, SignerRole.PARENT])
def test_a_yes_without_the_name_of_who_decides_is_refused(role: SignerRole | None, answer: MakeAnswer) -> None:
    names = {role: "Rowan Elm"} if role else {}
    assert why_not(answer(names=names)) is RefusalReason.NAME_MISSING


def test_an_answer_said_aloud_needs_somebody_who_heard_it(answer: MakeAnswer) -> None:
    spoken = answer(method=SigningMethod.SPOKEN)
    assert why_not(spoken) is RefusalReason.WITNESS_MISSING
    heard = {SignerRole.PATIENT: "Marian Willow", SignerRole.WITNESS: "Rowan Elm"}
    check_answer(answer(method=SigningMethod.SPOKEN, names=heard), NOW)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("recipient", [None, NamedRecipient(" ", "register")])
def test_asking_a_colleague_needs_the_colleagues_name(recipient: NamedRecipient | None, answer: MakeAnswer) -> None:
    end = NOW + datetime.timedelta(days=30)
    assert why_not(answer("consult", recipient=recipient, valid_until=end)) is RefusalReason.RECIPIENT_MISSING
    check_answer(answer("consult", recipient=NamedRecipient("Dr Linden", "register"), valid_until=end), NOW)


@pytest.mark.requirement("R26")
def test_a_yes_lasts_no_longer_than_the_right_to_give_it(answer: MakeAnswer) -> None:
    claim = Claim(
        basis=Basis.GUARDIAN,
        authority="court order",
        proof="order 12/3",
        authority_until=datetime.date(2026, 12, 24),
        statements=(True, True, True),
        assent=Assent.NOT_POSSIBLE,
        assent_note="asleep",
    )
    changes = {"claim": claim, "names": {SignerRole.GUARDIAN: "Rowan Elm"}}
    last = datetime.datetime(2026, 12, 24, 23, 59, 59, tzinfo=datetime.UTC)
    check_answer(answer(valid_until=last, **changes), NOW)
    late = last + datetime.timedelta(seconds=1)
    assert why_not(answer(valid_until=late, **changes)) is RefusalReason.END_AFTER_RIGHT


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("names", [{}, {SignerRole.ASSENT: "Marian Willow"}])
def test_her_own_no_is_heard_whoever_says_yes(names: dict[SignerRole, str], answer: MakeAnswer) -> None:
    claim = Claim(basis=Basis.GUARDIAN, assent=Assent.REFUSED)
    refusal = answer(decision=GrantDecision.DENY, claim=claim, names={SignerRole.GUARDIAN: "Rowan Elm", **names})
    check_answer(refusal, NOW)
    assert refusal.speaker is (SignerRole.ASSENT if names else SignerRole.STAFF)


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
    parts = {part: getattr(live, part) for part in (*PARTS, *LATER_PARTS)}
    publish(Wording.objects.create(purpose=live.purpose, language="en", version=live.version + 1, **parts))
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
