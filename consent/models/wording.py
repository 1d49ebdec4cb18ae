"""What the patient reads before deciding; a published text never changes."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consent.models.purpose import Purpose

PARTS = (
    "title",
    "purpose_text",
    "uses",
    "audience",
    "retention",
    "storage",
    "withdrawal_limits",
    "care_unaffected",
)
"""The parts that every wording fills before it is published (R5, R6, R8, R9); `permanence` joins them where
the purpose requires it (R7)."""

LATER_PARTS = ("disclosed_by", "redisclosure")
"""Parts that every wording fills since evidence of format 2: who gives the pictures out, and that whoever has them is
not bound as the clinic is (45 CFR 164.508(c)(1)(ii) and (c)(2)(iii)). Earlier wordings have none, and their digests
cover none."""

READING_ORDER = (
    "purpose_text",
    "uses",
    "disclosed_by",
    "audience",
    "retention",
    "storage",
    "withdrawal_limits",
    "redisclosure",
    "care_unaffected",
    "permanence",
)

ALWAYS_SEEN = ("audience", "withdrawal_limits", "care_unaffected")
"""What stands on a card beside its first words and the permanence, also where the rest is folded (R5, R8, R9)."""


class Wording(models.Model):
    """One version of the text for one purpose in one language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=12, help_text="BCP 47 tag, such as en.")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    purpose_text = models.TextField(_("why"), blank=True)
    uses = models.TextField(_("how the pictures are used"), blank=True)
    audience = models.TextField(_("who will see them"), blank=True)
    retention = models.TextField(_("how long they are kept"), blank=True)
    storage = models.TextField(_("how they are stored"), blank=True)
    withdrawal_limits = models.TextField(_("what changing your mind can and cannot do"), blank=True)
    care_unaffected = models.TextField(_("your care stays the same"), blank=True)
    permanence = models.TextField(_("what is posted stays posted"), blank=True)
    disclosed_by = models.TextField(_("who gives the pictures out"), blank=True, default="")
    redisclosure = models.TextField(_("once the pictures are out"), blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "purpose", "language", "version", "permanence", "sha256", "published_at", "retired_at"}
        | {*PARTS, *LATER_PARTS}
    )

    class Meta:
        ordering = ["purpose", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "language", "version"], name="consent_wording_version_once"),
            models.UniqueConstraint(
                fields=["purpose", "language"],
                condition=Q(published_at__isnull=False, retired_at__isnull=True),
                name="consent_one_live_wording",
            ),
            models.CheckConstraint(
                name="consent_published_wording_is_complete",
                condition=Q(published_at__isnull=True)
                | ~(
                    Q(title="")
                    | Q(purpose_text="")
                    | Q(uses="")
                    | Q(audience="")
                    | Q(retention="")
                    | Q(storage="")
                    | Q(withdrawal_limits="")
                    | Q(care_unaffected="")
                    | Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="consent_only_published_wording_retires",
                condition=Q(retired_at__isnull=True) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.language} v{self.version}"

    def sections(self, parts: Sequence[str] = READING_ORDER) -> list[tuple[str, str]]:
        """The parts in reading order, each with its heading in the language of the page; an empty part is left out."""
        headings = {field.name: capfirst(str(field.verbose_name)) for field in self._meta.concrete_fields}
        texts = [(headings[part], str(getattr(self, part))) for part in parts]
        return [(heading, text) for heading, text in texts if text]

    def always_seen(self) -> list[tuple[str, str]]:
        """The parts that stay in sight where the rest is folded, as `sections` gives them."""
        return self.sections(ALWAYS_SEEN)
