"""Relations between models only point down the floors."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

FLOORS = {
    "vault": 0,
    "audit": 1,
    "jobs": 2,
    "clinics": 3,
    "patients": 4,
    "handbook": 4,
    "deid": 5,
    "consent": 5,
    "sharing": 6,
}


def upward_relations(classes: Iterable[type[models.Model]]) -> list[str]:
    """Name each relation that leaves its app without going to a lower floor."""
    return [
        f"{field.model.__name__}.{field.name}"
        for model in classes
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and points_up(field)
    ]


def points_up(field: models.ForeignKey | models.ManyToManyField) -> bool:
    here, there = field.model._meta.app_label, field.related_model._meta.app_label
    if here not in FLOORS or here == there:
        return False
    return FLOORS.get(there, -1) >= FLOORS[here]


def file_fields(classes: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in classes
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]


def test_relations_only_point_down() -> None:
    assert upward_relations(apps.get_models()) == []


def test_no_model_holds_a_file() -> None:
    assert file_fields(apps.get_models()) == []


@isolate_apps("deid", "consent", "ultrasound_portal.vault")
def test_a_relation_sideways_or_up_and_a_file_are_seen() -> None:
    class Grantee(models.Model):
        class Meta:
            app_label = "consent"

    class Picture(models.Model):
        grantee = models.ForeignKey(Grantee, on_delete=models.CASCADE)
        scan = models.FileField()

        class Meta:
            app_label = "deid"

    class Key(models.Model):
        pictures = models.ManyToManyField(Picture)

        class Meta:
            app_label = "vault"

    assert upward_relations([Grantee, Picture, Key]) == ["Picture.grantee", "Key.pictures"]
    assert file_fields([Grantee, Picture, Key]) == ["Picture.scan"]
