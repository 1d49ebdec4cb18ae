"""A jurisdiction's rules as an administrator makes them: checked, in versions, and never loosened below what holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.text import slugify

from consent.errors import ConsentRefused, RefusalReason
from consent.models import CapacityRule, ClinicProfile, Profile
from consent.states import Basis, Fact
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, User

OLDEST = 120
LIVING = frozenset(Basis) - {Basis.DECEASED}
MINORS = frozenset({Basis.COMPETENT_MINOR, Basis.MINOR_WITH_PARENT})
NEEDED: dict[Basis, frozenset[Fact]] = {
    Basis.GUARDIAN: frozenset({Fact.AUTHORITY, Fact.PROOF, Fact.AUTHORITY_END}),
    Basis.DECEASED: frozenset({Fact.AUTHORITY, Fact.PROOF, Fact.WISHES}),
}
"""What a basis asks for wherever a clinic works (R26, R28)."""


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """Rules that are not in force yet; `rules` are unsaved and belong to no profile."""

    name: str
    source: str
    leap_birthday: str
    rules: Sequence[CapacityRule]


def newest() -> list[Profile]:
    """Return the newest version of every jurisdiction, by name."""
    of_family = Profile.objects.filter(family=OuterRef("family")).order_by("-version")
    found = Profile.objects.filter(pk=Subquery(of_family.values("pk")[:1]))
    return list(found.prefetch_related("rules"))


def faults_of(rules: Sequence[CapacityRule]) -> list[str]:
    """Return a sentence for everything that rules may not say; none where they can be put in force."""
    by_basis = {Basis(rule.basis): rule for rule in rules}
    adult = by_basis.get(Basis.ADULT)
    if adult is None or adult.from_age is None or not 14 <= adult.from_age <= 25:
        return ["Say from which age, between 14 and 25, a patient decides alone as an adult."]
    found = [fault for basis, rule in by_basis.items() for fault in _faults_of(basis, rule, adult.from_age)]
    gap = _gap([rule for basis, rule in by_basis.items() if basis in LIVING])
    return found if gap is None else [*found, f"Nobody could decide for a patient of {gap} years: open a basis."]


@transaction.atomic
def publish_rules(clinic: Clinic, draft: RulesDraft, *, by: User, after: Profile | None = None) -> Profile:
    """Put rules in force for a clinic, as the next version of `after` or as a jurisdiction of their own.

    Other clinics of the site keep what they chose, and what was decided keeps the version it was decided by. Raises
    ConsentRefused with RULES_INCOMPLETE for rules with a fault, or RULES_EXIST for a name that another has.
    """
    if faults_of(draft.rules) or not draft.name.strip() or not draft.source.strip():
        raise ConsentRefused(RefusalReason.RULES_INCOMPLETE)
    family = after.family if after else slugify(draft.name)[:32]
    version = _next_version(family)
    if not family or (after is None and version > 1):
        raise ConsentRefused(RefusalReason.RULES_EXIST)
    made = Profile.objects.create(
        code=family if version == 1 else f"{family}-v{version}",
        name=draft.name.strip(),
        source=draft.source.strip(),
        leap_birthday=draft.leap_birthday,
        family=family,
        version=version,
        made_by=by,
        made_at=timezone.now(),
    )
    for rule in draft.rules:
        rule.profile = made
    CapacityRule.objects.bulk_create(draft.rules)
    ClinicProfile.objects.update_or_create(clinic=clinic, defaults={"profile": made})
    record(
        Event.CONSENT_SETTINGS_CHANGED,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="clinic",
        object_id=clinic.pk,
        detail={"profile": made.pk, "version": version, "replaces": after.pk if after else ""},
    )
    return made


def _next_version(family: str) -> int:
    return (Profile.objects.filter(family=family).aggregate(newest=Max("version"))["newest"] or 0) + 1


def _faults_of(basis: Basis, rule: CapacityRule, adult: int) -> list[str]:
    asked = set(rule.facts)
    checks: list[tuple[bool, str]] = [
        (_in_order(rule), "the first age has to come before the last one."),
        (NEEDED.get(basis, frozenset()) <= asked, f"it has to ask for {_words(NEEDED.get(basis, frozenset()))}."),
    ]
    if basis in MINORS:
        checks += [
            (_up_to(rule.below_age, adult), f"it ends where an adult begins: below {adult} at most."),
            (_up_to(rule.ends_at_age, adult), f"the yes ends when she comes of age: at {adult} at most."),
        ]
    if basis is Basis.COMPETENT_MINOR:
        checks.append((rule.assess_below_age is not None, "somebody judges that she understands: below which age?"))
    if basis is Basis.MINOR_WITH_PARENT:
        checks.append((_up_to(rule.assent_from_age, adult), "she agrees with her own name: from which age on?"))
    return [f"{basis.label}: {fault}" for holds, fault in checks if not holds]


def _gap(rules: Sequence[CapacityRule]) -> int | None:
    return next((age for age in range(OLDEST + 1) if not any(_fits(rule, age) for rule in rules)), None)


def _words(facts: frozenset[Fact]) -> str:
    return "; ".join(fact.label for fact in Fact if fact in facts)


def _in_order(rule: CapacityRule) -> bool:
    return rule.from_age is None or rule.below_age is None or rule.from_age < rule.below_age


def _up_to(age: int | None, most: int) -> bool:
    return age is not None and age <= most


def _fits(rule: CapacityRule, age: int) -> bool:
    return (rule.from_age is None or rule.from_age <= age) and (rule.below_age is None or age < rule.below_age)
