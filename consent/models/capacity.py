"""By what right a decision was made, whose names it needs, and to whom by name the pictures go."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.models.jurisdiction import Profile
from consent.models.record import ConsentRecord
from consent.states import Assent, Basis, SignerRole


class Capacity(models.Model):
    """The basis of one record. `ends_at` is the moment at which the right ends by itself: the patient comes of age, or
    the authority runs out; `of_age` says which.

    What was written about people (reasoning, papers, wishes) is sealed as one JSON object in `details_sealed` and
    bound into the evidence by `details_match`; see `consent.sealed`.
    """

    record = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, primary_key=True, related_name="capacity")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, choices=Basis.choices)
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    necessary = models.BooleanField(default=False)
    assent = models.CharField(max_length=16, choices=Assent.choices, blank=True, default=Assent.NOT_ASKED)
    ends_at = models.DateTimeField(null=True, blank=True)
    of_age = models.BooleanField(default=False)
    details_object_id = models.UUIDField(null=True, blank=True)
    details_sealed = models.BinaryField(default=b"", blank=True)
    details_match = models.CharField(max_length=64, blank=True, default="")

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"details_sealed", "details_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "record",
            "profile",
            "basis",
            "assessor",
            "necessary",
            "assent",
            "ends_at",
            "of_age",
            "details_object_id",
        }
    )

    class Meta:
        indexes = [models.Index(fields=["basis"], name="consent_capacity_by_basis")]

    def __str__(self) -> str:
        return self.basis


class NeededSignature(models.Model):
    """A name without which the record's yes is not active."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="needed")
    role = models.CharField(max_length=16, choices=SignerRole.choices)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "record", "role"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "role"], name="consent_a_name_is_needed_once")]

    def __str__(self) -> str:
        return self.role


class Recipient(models.Model):
    """Who gets the pictures, where the purpose asks for a name: a verified clinician, or a publication by its title."""

    VERIFICATIONS: ClassVar[list[tuple[str, Promise]]] = [
        ("register", _("Looked up in the professional register")),
        ("called_back", _("Called back on a published number")),
        ("known", _("Known to me in person")),
        ("contract", _("Written agreement with the publisher or project")),
    ]

    record = models.OneToOneField(ConsentRecord, on_delete=models.PROTECT, primary_key=True, related_name="recipient")
    name_object_id = models.UUIDField()
    name_sealed = models.BinaryField()
    name_match = models.CharField(max_length=64)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_how = models.CharField(max_length=16, choices=VERIFICATIONS)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"name_sealed", "name_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"record", "name_object_id", "verified_by", "verified_how"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_recipient_has_a_name",
                condition=~models.Q(name_sealed=b"") & ~models.Q(name_match="") & ~models.Q(verified_how=""),
            )
        ]

    def __str__(self) -> str:
        return self.verified_how
