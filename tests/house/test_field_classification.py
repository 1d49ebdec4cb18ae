"""Every field of every model is declared sensitive or plain, exactly once."""

from typing import ClassVar

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

OURS = {"vault", "audit", "jobs", "clinics", "patients", "handbook", "deid", "consent", "sharing"}


def misdeclared(model: type[models.Model]) -> set[str]:
    """Name the fields that are declared in neither set, in both, or that do not exist."""
    sensitive = getattr(model, "sensitive_fields", frozenset())
    plain = getattr(model, "plain_fields", frozenset())
    fields = {field.name for field in model._meta.local_concrete_fields} | {
        field.name for field in model._meta.get_fields() if field.concrete
    }
    return (fields ^ (sensitive | plain)) | (sensitive & plain)


def test_every_field_is_declared() -> None:
    wrong = {model._meta.label: misdeclared(model) for model in apps.get_models() if model._meta.app_label in OURS}
    assert {label: fields for label, fields in wrong.items() if fields} == {}


@isolate_apps("deid")
def test_an_undeclared_or_doubly_declared_field_is_seen() -> None:
    class Note(models.Model):
        sensitive_fields: ClassVar[frozenset[str]] = frozenset({"text", "id"})
        plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "gone"})
        text = models.TextField()
        forgotten = models.TextField()

        class Meta:
            app_label = "deid"

    assert misdeclared(Note) == {"id", "gone", "forgotten"}
