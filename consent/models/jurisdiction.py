"""Where a clinic stands in law, as data: who may consent at what age, and what each basis asks for."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.states import Basis
from ultrasound_portal.clinics.models import Clinic


class Profile(models.Model):
    """The rules of one jurisdiction in one version; a site adds its own, and a clinic chooses one.

    A version never changes: whoever changes the rules makes the next one of the `family`, and what was decided before
    keeps those it was decided by. `made_by` is empty for those that the portal brings.

    `leap_birthday` says whether somebody born on 29 February comes of age, in a year without that day, on 28
    February or on 1 March. `is_default` marks the one that holds where a clinic has chosen none.
    """

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    source = models.TextField(help_text="Where the rules come from, so that somebody can check them.")
    leap_birthday = models.CharField(max_length=5, choices=[("02-28", "28 February"), ("03-01", "1 March")])
    is_default = models.BooleanField(default=False)
    family = models.SlugField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(null=True, blank=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"code", "name", "source", "leap_birthday", "is_default", "family", "version", "made_by", "made_at"}
    )

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="consent_one_default_profile"
            ),
            models.UniqueConstraint(fields=["family", "version"], name="consent_one_version_of_rules"),
        ]

    def __str__(self) -> str:
        return self.name


class CapacityRule(models.Model):
    """What one basis asks for within a profile; a basis without a rule is not open there.

    Ages are in whole years: `from_age` is reached, `below_age` is not. Below `assess_below_age` somebody judges whether
    the patient understands; from `assent_from_age` on she agrees with her own name; at `ends_at_age` the yes ends.
    `facts` are codes of consent.states.Fact. `from_afar`: who decides may do so on a device of their own, once
    staff have seen what the facts ask for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="rules")
    basis = models.CharField(max_length=20, choices=Basis.choices)
    from_age = models.PositiveSmallIntegerField(null=True, blank=True)
    below_age = models.PositiveSmallIntegerField(null=True, blank=True)
    assess_below_age = models.PositiveSmallIntegerField(null=True, blank=True)
    assent_from_age = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_at_age = models.PositiveSmallIntegerField(null=True, blank=True)
    facts = models.JSONField(default=list, blank=True)
    from_afar = models.BooleanField(default=False)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "profile",
            "basis",
            "from_age",
            "below_age",
            "assess_below_age",
            "assent_from_age",
            "ends_at_age",
            "facts",
            "from_afar",
        }
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "basis"], name="consent_one_rule_for_a_basis"),
            models.CheckConstraint(
                name="consent_ages_in_order",
                condition=Q(from_age__isnull=True) | Q(below_age__isnull=True) | Q(below_age__gt=F("from_age")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.basis}"


class ClinicProfile(models.Model):
    """The jurisdiction a clinic works under."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"clinic", "profile"})

    def __str__(self) -> str:
        return self.profile_id
