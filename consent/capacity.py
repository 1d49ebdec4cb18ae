"""By what right somebody decides: the rules of the clinic's jurisdiction, asked of what staff were told and shown."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from consent.ages import age_on, birthday, end_of, parsed, start_of
from consent.errors import ConsentRefused, RefusalReason
from consent.models import CapacityRule, ClinicProfile, Profile, Standing
from consent.states import DECIDERS, Assent, Basis, Fact, Place, SignerRole
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import identity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right that somebody claims, with what stands behind it; texts are as typed, and may name people.

    `statements` are the three of Fact.NECESSITY: necessary, in her interest, no other way. `born` is the date that
    staff read in a document, and counts only where the study gives none.
    """

    basis: Basis = Basis.ADULT
    assessor: User | None = None
    reasoning: str = ""
    authority: str = ""
    proof: str = ""
    authority_until: datetime.date | None = None
    wishes: str = ""
    statements: tuple[bool, bool, bool] = (False, False, False)
    assent: Assent = Assent.NOT_ASKED
    assent_note: str = ""
    born: datetime.date | None = None

    def details(self) -> dict[str, str]:
        """What was written, by name; what was left empty is left out."""
        written = {
            "reasoning": self.reasoning,
            "authority": self.authority,
            "proof": self.proof,
            "authority_until": self.authority_until.isoformat() if self.authority_until else "",
            "wishes": self.wishes,
            "assent_note": self.assent_note,
            "born": self.born.isoformat() if self.born else "",
        }
        return {name: text.strip() for name, text in written.items() if text.strip()}


@dataclass(frozen=True, slots=True)
class Right:
    """What follows from a claim that holds: the names it needs and the moment, if any, at which it ends by itself."""

    profile: Profile
    needs: frozenset[SignerRole]
    ends_at: datetime.datetime | None
    of_age: bool


@dataclass(frozen=True, slots=True)
class OpenBasis:
    """One basis that is open for a patient, and what it asks for, for the page that asks who decides."""

    basis: Basis
    rule: CapacityRule = field(repr=False)
    assessed: bool
    assents: bool

    @property
    def from_afar(self) -> bool:
        """Whether who decides may do so on a device of their own."""
        return self.rule.from_afar

    @property
    def asks(self) -> list[str]:
        """What has to be known, in words."""
        known = [fact.label for fact in Fact if fact in self.rule.facts]
        if self.assessed:
            known = [Fact.ASSESSOR.label, Fact.REASONING.label, *known]
        return [*known, "the patient’s own agreement"] if self.assents else known


def profile_of(clinic: Clinic) -> Profile:
    """The rules a clinic works under: its own choice, or the default of the site."""
    chosen = ClinicProfile.objects.select_related("profile").filter(clinic=clinic).first()
    return chosen.profile if chosen else Profile.objects.get(is_default=True)


def birth_date_of(patient: Patient) -> datetime.date | None:
    """The birth date that the patient's studies give, if they give one."""
    return parsed(identity_of(patient).birth_date)


def open_bases(patient: Patient, day: datetime.date) -> list[OpenBasis]:
    """The bases that the rules open for a patient on a day; where her age is not known, all that are written."""
    profile = profile_of(patient.clinic)
    born = birth_date_of(patient)
    age = None if born is None else age_on(born, day, profile.leap_birthday)
    died = Standing.objects.filter(patient=patient, died_noted_at__isnull=False).exists()
    rules = {Basis(rule.basis): rule for rule in profile.rules.all()}
    return [
        OpenBasis(basis, rules[basis], _is_assessed(rules[basis], age), _asks_assent(rules[basis], age))
        for basis in Basis
        if basis in rules and _age_fits(rules[basis], age) is not False and (basis is Basis.DECEASED) == died
    ]


def judge(claim: Claim, patient: Patient, at: datetime.datetime, place: Place = Place.CLINIC) -> Right:
    """Return what follows from `claim` at `at`, or raise ConsentRefused with what is missing.

    `place` is where the sitting is held: not every right may be used outside the clinic.
    """
    profile = profile_of(patient.clinic)
    rule = profile.rules.filter(basis=claim.basis).first()
    if rule is None:
        raise ConsentRefused(RefusalReason.BASIS_NOT_OPEN)
    if place == Place.ELSEWHERE and not rule.from_afar:
        raise ConsentRefused(RefusalReason.NOT_FROM_AFAR)
    _check_standing(claim, patient)
    born = birth_date_of(patient) or claim.born
    age = None if born is None else age_on(born, timezone.localdate(at), profile.leap_birthday)
    _check_age(rule, age)
    _check_facts(rule, claim, age)
    needs = {DECIDERS[Basis(rule.basis)]} | _assent(rule, claim, age)
    ends_at, of_age = _end(rule, claim, born, age)
    if ends_at is not None and ends_at <= at:
        raise ConsentRefused(RefusalReason.AUTHORITY_ENDED)
    return Right(profile, frozenset(needs), ends_at, of_age)


def _check_standing(claim: Claim, patient: Patient) -> None:
    standing = Standing.objects.filter(patient=patient).first()
    died = standing is not None and standing.died_noted_at is not None
    if died and claim.basis != Basis.DECEASED:
        raise ConsentRefused(RefusalReason.PATIENT_DIED)
    if not died and claim.basis == Basis.DECEASED:
        raise ConsentRefused(RefusalReason.PATIENT_LIVES)
    if standing and standing.unable_noted_at and DECIDERS[claim.basis] is SignerRole.PATIENT:
        raise ConsentRefused(RefusalReason.PATIENT_UNABLE)


def _check_age(rule: CapacityRule, age: int | None) -> None:
    fits = _age_fits(rule, age)
    if fits is None:
        raise ConsentRefused(RefusalReason.AGE_UNKNOWN)
    if not fits:
        raise ConsentRefused(RefusalReason.AGE_DOES_NOT_FIT)


def _age_fits(rule: CapacityRule, age: int | None) -> bool | None:
    """Whether the rule is open at an age; None where it depends on an age that nobody knows."""
    if rule.from_age is None and rule.below_age is None:
        return True
    if age is None:
        return None
    return (rule.from_age is None or age >= rule.from_age) and (rule.below_age is None or age < rule.below_age)


def _check_facts(rule: CapacityRule, claim: Claim, age: int | None) -> None:
    told = {
        Fact.ASSESSOR: (claim.assessor is not None, RefusalReason.ASSESSMENT_MISSING),
        Fact.REASONING: (bool(claim.reasoning.strip()), RefusalReason.ASSESSMENT_MISSING),
        Fact.AUTHORITY: (bool(claim.authority.strip()), RefusalReason.AUTHORITY_MISSING),
        Fact.PROOF: (bool(claim.proof.strip()), RefusalReason.AUTHORITY_MISSING),
        Fact.AUTHORITY_END: (claim.authority_until is not None, RefusalReason.AUTHORITY_MISSING),
        Fact.WISHES: (bool(claim.wishes.strip()), RefusalReason.WISHES_MISSING),
        Fact.NECESSITY: (all(claim.statements), RefusalReason.NECESSITY_MISSING),
    }
    asked = set(rule.facts)
    if _is_assessed(rule, age):
        asked |= {Fact.ASSESSOR, Fact.REASONING}
    for fact, (known, missing) in told.items():
        if fact in asked and not known:
            raise ConsentRefused(missing)


def _is_assessed(rule: CapacityRule, age: int | None) -> bool:
    return rule.assess_below_age is not None and (age is None or age < rule.assess_below_age)


def _asks_assent(rule: CapacityRule, age: int | None) -> bool:
    return rule.assent_from_age is not None and (age is None or age >= rule.assent_from_age)


def _assent(rule: CapacityRule, claim: Claim, age: int | None) -> set[SignerRole]:
    """The patient's own name, where it is needed; her no is heard at every age."""
    if claim.assent == Assent.REFUSED:
        raise ConsentRefused(RefusalReason.ASSENT_REFUSED)
    if not _asks_assent(rule, age):
        return set()
    if claim.assent == Assent.NOT_POSSIBLE:
        if Fact.ASSENT_MAY_LACK not in rule.facts or not claim.assent_note.strip():
            raise ConsentRefused(RefusalReason.ASSENT_MISSING)
        return set()
    return {SignerRole.ASSENT}


def _end(
    rule: CapacityRule, claim: Claim, born: datetime.date | None, age: int | None
) -> tuple[datetime.datetime | None, bool]:
    """When the right ends by itself, and whether that is because the patient comes of age."""
    ends = end_of(claim.authority_until) if claim.authority_until else None
    if born is None or age is None or rule.ends_at_age is None or age >= rule.ends_at_age:
        return ends, False
    grown = start_of(birthday(born, rule.ends_at_age, rule.profile.leap_birthday))
    return (grown, True) if ends is None or grown <= ends else (ends, False)
