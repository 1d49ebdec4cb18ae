"""One row per sealed object: its wrapped key, its place in the store, and nothing about its content; the index mark."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ultrasound_portal.vault.kinds import ObjectKind


class SealedObject(models.Model):
    """A sealed object; with `wrapped_key` empty and `destroyed_at` set, nobody can open it again.

    `sha256` is the hex digest of the plaintext, empty for small values such as identities, which could be
    guessed from a bare digest. `store_key` is empty where the sealed bytes live in a column of another table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in ObjectKind])
    clinic_id = models.UUIDField(db_index=True)
    wrapped_key = models.BinaryField()
    kek_id = models.CharField(max_length=32, db_index=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    store_key = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"wrapped_key"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "kind", "clinic_id", "kek_id", "size", "sha256", "store_key", "created_at", "destroyed_at"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vault_destroyed_has_no_key",
                condition=models.Q(destroyed_at__isnull=True) | models.Q(wrapped_key=b""),
            ),
            models.CheckConstraint(name="vault_size_not_negative", condition=models.Q(size__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class IndexMark(models.Model):
    """What names the index key that the match values of this database were made with; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key_id = models.CharField(max_length=32)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "key_id"})

    class Meta:
        constraints = [models.CheckConstraint(name="vault_one_index_mark", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.key_id
