"""Who may decide: the rules are rows, and what a row asks for is asked."""

import datetime
from dataclasses import replace

import pytest
from django.utils import timezone

from consent.capacity import Claim, Right, birth_date_of, judge, open_bases, profile_of
from consent.errors import ConsentRefused, RefusalReason
from consent.models import CapacityRule, ClinicProfile, Profile
from consent.standing import note_death, note_incapacity
from consent.states import Assent, Basis, SignerRole
from tests.consent.cast import a_guardian, a_patient
from tests.triggers import without_triggers
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
ADULT = Claim()
PARENT = Claim(basis=Basis.MINOR_WITH_PARENT)
DECEASED = Claim(basis=Basis.DECEASED, authority="executor", proof="will", wishes="She posted every scan herself.")


def aged(clinic: Clinic, years: int, days: int = 0) -> Patient:
    """A patient who turned `years` so many days ago."""
    born = (NOW - datetime.timedelta(days=days)).date()
    return a_patient(clinic, born=born.replace(year=born.year - years).strftime("%Y%m%d"))


def competent(clinician: User) -> Claim:
    return Claim(basis=Basis.COMPETENT_MINOR, assessor=clinician, reasoning="She explained it in her own words.")


def why_not(claim: Claim, patient: Patient, at: datetime.datetime = NOW) -> RefusalReason:
    with pytest.raises(ConsentRefused) as refused:
        judge(claim, patient, at)
    return refused.value.reason


def choose(clinic: Clinic, code: str) -> Profile:
    profile = Profile.objects.get(pk=code)
    ClinicProfile.objects.update_or_create(clinic=clinic, defaults={"profile": profile})
    return profile


@pytest.mark.requirement("R23")
def test_an_adult_decides_alone_and_without_end(patient: Patient) -> None:
    assert judge(ADULT, patient, NOW) == Right(
        Profile.objects.get(pk="us"), frozenset({SignerRole.PATIENT}), None, False
    )


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("code", ["us", "uk", "au"])
def test_eighteen_is_reached_on_the_birthday(code: str, clinic: Clinic) -> None:
    choose(clinic, code)
    assert judge(ADULT, aged(clinic, 18), NOW).needs == {SignerRole.PATIENT}
    assert why_not(ADULT, aged(clinic, 18, days=-1)) is RefusalReason.AGE_DOES_NOT_FIT
    assert why_not(PARENT, aged(clinic, 18)) is RefusalReason.AGE_DOES_NOT_FIT


@pytest.mark.requirement("R23")
def test_somebody_born_on_29_february_comes_of_age_as_the_profile_says(clinic: Clinic) -> None:
    leapling = a_patient(clinic, born="20080229")
    eve = datetime.datetime(2026, 2, 28, 12, 0, tzinfo=datetime.UTC)
    assert why_not(ADULT, leapling, eve) is RefusalReason.AGE_DOES_NOT_FIT
    assert judge(ADULT, leapling, eve + datetime.timedelta(days=1))
    with without_triggers():
        Profile.objects.filter(pk="us").update(leap_birthday="02-28")
    assert judge(ADULT, leapling, eve)


def test_an_age_is_data(clinic: Clinic) -> None:
    """A site adds a profile, and nothing in the code knows its ages."""
    scotland = Profile.objects.create(
        code="scotland", name="Scotland", leap_birthday="03-01", source="1995 c. 36", family="scotland"
    )
    CapacityRule.objects.create(profile=scotland, basis=Basis.ADULT, from_age=16)
    young = aged(clinic, 16)
    assert why_not(ADULT, young) is RefusalReason.AGE_DOES_NOT_FIT
    choose(clinic, "scotland")
    assert profile_of(clinic) == scotland
    assert judge(ADULT, young, NOW).profile == scotland
    assert why_not(PARENT, young) is RefusalReason.BASIS_NOT_OPEN


def test_a_birth_date_that_nobody_knows_is_asked_for(clinic: Clinic) -> None:
    unknown = a_patient(clinic, born="")
    assert birth_date_of(unknown) is None
    assert why_not(ADULT, unknown) is RefusalReason.AGE_UNKNOWN
    assert judge(replace(ADULT, born=datetime.date(1990, 2, 14)), unknown, NOW)
    assert why_not(replace(ADULT, born=datetime.date(2010, 2, 14)), unknown) is RefusalReason.AGE_DOES_NOT_FIT


def test_what_staff_typed_does_not_outrank_the_study(clinic: Clinic) -> None:
    assert why_not(replace(ADULT, born=datetime.date(1990, 2, 14)), aged(clinic, 15)) is RefusalReason.AGE_DOES_NOT_FIT


@pytest.mark.requirement("R24")
def test_under_age_a_parent_and_the_patient_both_agree(clinic: Clinic) -> None:
    right = judge(PARENT, aged(clinic, 15), NOW)
    assert right.needs == {SignerRole.PARENT, SignerRole.ASSENT}
    assert judge(PARENT, aged(clinic, 7), NOW).needs == right.needs
    assert judge(PARENT, aged(clinic, 7, days=-1), NOW).needs == {SignerRole.PARENT}


@pytest.mark.requirement("R24")
def test_with_a_parent_her_own_agreement_cannot_be_left_out(clinic: Clinic) -> None:
    claim = replace(PARENT, assent=Assent.NOT_POSSIBLE, assent_note="shy")
    assert why_not(claim, aged(clinic, 15)) is RefusalReason.ASSENT_MISSING


@pytest.mark.requirement("R22")
def test_what_a_minor_agreed_to_ends_when_she_comes_of_age(clinic: Clinic, clinician: User) -> None:
    girl = aged(clinic, 17, days=300)
    for claim in (PARENT, competent(clinician)):
        right = judge(claim, girl, NOW)
        assert right.of_age
        assert right.ends_at is not None
        assert judge(ADULT, girl, right.ends_at)
        assert why_not(ADULT, girl, right.ends_at - datetime.timedelta(seconds=1)) is RefusalReason.AGE_DOES_NOT_FIT


@pytest.mark.requirement("R25")
def test_a_competent_minor_needs_no_parent_but_somebody_who_judged_and_why(clinic: Clinic, clinician: User) -> None:
    girl = aged(clinic, 15)
    claim = competent(clinician)
    assert judge(claim, girl, NOW).needs == {SignerRole.PATIENT}
    assert why_not(replace(claim, assessor=None), girl) is RefusalReason.ASSESSMENT_MISSING
    assert why_not(replace(claim, reasoning=" "), girl) is RefusalReason.ASSESSMENT_MISSING


@pytest.mark.requirement("R25")
def test_where_the_law_presumes_it_nobody_judges(clinic: Clinic) -> None:
    """Family Law Reform Act 1969, s. 8: at 16 and 17 consent is as effective as at full age."""
    choose(clinic, "uk")
    claim = Claim(basis=Basis.COMPETENT_MINOR)
    assert judge(claim, aged(clinic, 16), NOW)
    assert why_not(claim, aged(clinic, 16, days=-1)) is RefusalReason.ASSESSMENT_MISSING


@pytest.mark.requirement("R26")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"authority": ""}, RefusalReason.AUTHORITY_MISSING),
        ({"proof": " "}, RefusalReason.AUTHORITY_MISSING),
        ({"authority_until": None}, RefusalReason.AUTHORITY_MISSING),
        ({"authority_until": datetime.date(2026, 11, 21)}, RefusalReason.AUTHORITY_ENDED),
        ({"assent": Assent.NOT_POSSIBLE}, RefusalReason.ASSENT_MISSING),
        ({"assent": Assent.REFUSED}, RefusalReason.ASSENT_REFUSED),
    ],
)
def test_a_guardian_shows_an_authority_that_holds(
    change: dict[str, object], reason: RefusalReason, patient: Patient
) -> None:
    assert why_not(a_guardian(**change), patient) is reason


@pytest.mark.requirement("R26")
def test_a_guardians_right_ends_with_the_authority_or_the_patients_majority(clinic: Clinic, patient: Patient) -> None:
    today = a_guardian(authority_until=datetime.date(2026, 11, 22))
    right = judge(today, patient, NOW)
    assert (right.ends_at, right.of_age) == (datetime.datetime(2026, 11, 22, 23, 59, 59, tzinfo=datetime.UTC), False)
    assert right.needs == {SignerRole.GUARDIAN, SignerRole.ASSENT}
    nearly = judge(a_guardian(), aged(clinic, 17, days=364), NOW)
    assert nearly.of_age
    asleep = a_guardian(assent=Assent.NOT_POSSIBLE, assent_note="She is under sedation.")
    assert judge(asleep, patient, NOW).needs == {SignerRole.GUARDIAN}


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_without_capacity_all_three_statements_are_made(missing: int, patient: Patient) -> None:
    statements = tuple(number != missing for number in range(3))
    assert why_not(a_guardian(statements=statements), patient) is RefusalReason.NECESSITY_MISSING


@pytest.mark.requirement("R28")
def test_for_a_patient_who_has_died_a_representative_decides(patient: Patient, clinician: User) -> None:
    assert why_not(DECEASED, patient) is RefusalReason.PATIENT_LIVES
    note_death(patient, by=clinician)
    at = timezone.now()
    assert judge(DECEASED, patient, at).needs == {SignerRole.REPRESENTATIVE}
    assert why_not(ADULT, patient, at) is RefusalReason.PATIENT_DIED
    assert why_not(replace(DECEASED, wishes=""), patient, at) is RefusalReason.WISHES_MISSING
    assert why_not(replace(DECEASED, proof=""), patient, at) is RefusalReason.AUTHORITY_MISSING


def test_a_patient_who_cannot_decide_any_more_does_not(patient: Patient, clinician: User) -> None:
    note_incapacity(patient, by=clinician)
    assert why_not(ADULT, patient) is RefusalReason.PATIENT_UNABLE
    assert judge(a_guardian(), patient, NOW)


@pytest.mark.parametrize(
    ("years", "open_"),
    [
        (30, ["adult", "guardian"]),
        (15, ["competent_minor", "minor_with_parent", "guardian"]),
    ],
)
def test_only_what_fits_the_patient_is_offered(years: int, open_: list[str], clinic: Clinic) -> None:
    assert [one.basis for one in open_bases(aged(clinic, years), NOW.date())] == open_


def test_the_page_says_what_each_basis_asks_for(clinic: Clinic, patient: Patient, clinician: User) -> None:
    asks = {one.basis: one.asks for one in open_bases(aged(clinic, 15), NOW.date())}
    assert asks[Basis.COMPETENT_MINOR] == ["who judged that she understands, and when", "why"]
    assert asks[Basis.MINOR_WITH_PARENT] == ["the patient’s own agreement"]
    assert "until when it lasts" in asks[Basis.GUARDIAN]
    note_death(patient, by=clinician)
    assert [one.basis for one in open_bases(patient, NOW.date())] == ["deceased"]


def test_details_leave_out_what_was_left_empty() -> None:
    assert a_guardian(assent_note=" ", authority_until=datetime.date(2027, 1, 2)).details() == {
        "authority": "Court order",
        "proof": "Order 12/3 of the family court",
        "authority_until": "2027-01-02",
    }
    assert ADULT.details() == {}
