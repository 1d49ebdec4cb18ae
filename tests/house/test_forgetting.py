"""Whatever is kept sealed of a patient goes when she is forgotten, also what a new room keeps tomorrow."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from consent.ending import suspend
from consent.services import NamedRecipient, add_signature, withdraw_consent
from consent.states import SignerRole, SigningMethod, SuspensionCause, WithdrawalChannel
from deid.ingest.receive import receive
from deid.models import Instance, Machine
from deid.services import processing
from sharing.services import notices
from sharing.services.incidents import open_incident
from sharing.states import Channel, IncidentKind
from tests.consent.cast import a_month, a_pending
from tests.factories.patients import make_patient
from tests.factories.pictures import ultrasound_bytes
from tests.factories.sharing import ADDRESS, make_invitation, make_link, make_message, make_scene, make_sent_link
from tests.house.test_field_classification import OURS
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.care import CareStatus, note_status
from ultrasound_portal.patients.erasing import _ERASERS
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import forget
from ultrasound_portal.vault.models import SealedObject

# of a clinic; and of nobody yet, for a day at most
NOT_OF_A_PATIENT = {"clinics.BrandKit.logo_id", "deid.Machine.label_object_id", "deid.Piece.sealed_id"}


def sealed_relations() -> set[str]:
    """Name every field that points at a sealed object, by finding objects' keys in the rows themselves."""
    known = set(SealedObject.objects.values_list("pk", flat=True))
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS - {"vault", "audit", "jobs"}
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.UUIDField) and not field.is_relation and not field.primary_key
        if known & set(model._default_manager.values_list(field.name, flat=True))
    }


def declared_relations() -> set[str]:
    """Name the key that belongs to every sealed column, whether a row uses it or not."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name.removesuffix('sealed')}object_id"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and field.name.endswith("sealed")
    }


def living_of(names: set[str]) -> Iterator[tuple[str, UUID]]:
    living = set(SealedObject.objects.filter(destroyed_at=None).values_list("pk", flat=True))
    for name in sorted(names):
        label, field = name.rsplit(".", 1)
        for key in apps.get_model(label)._default_manager.values_list(field, flat=True):
            if key in living:
                yield name, key


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.requirement("R50")
def test_every_sealed_relation_to_a_patient_is_erased(settings: Settings) -> None:
    scene = make_scene(film_padding=10)
    make_link(scene.grant, scene.study, scene.clinician)
    make_message(scene, link=True)
    make_invitation(scene)
    make_sent_link(scene, settings)
    notices.ask(scene.link, Channel.EMAIL, "marian@example.net", address=ADDRESS)
    note_status(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
    withdraw_consent(
        scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE, reason="my sister asked"
    )
    open_incident(
        scene.study, kind=IncidentKind.POSTED, account="Philippa posted it", known_at=timezone.now(), by=scene.clinician
    )
    grant = a_pending(
        scene.patient, scene.clinician, purpose="consult", recipient=NamedRecipient("Dr Linden", "known"), **a_month()
    )
    add_signature(grant, SignerRole.ASSENT, "Marian", method=SigningMethod.TYPED, by=scene.clinician)
    suspend(grant, SuspensionCause.FAMILY, actor=f"user:{scene.clinician.pk}", reason="Her sister Philippa rang")
    receipt = receive(ultrasound_bytes(), clinic=scene.clinic, actor="system:test", door="test")
    processing.process(Job.objects.get(object_id=receipt.instance_id).pk)
    named = Instance.objects.get(pk=receipt.instance_id).study.patient
    relations = sealed_relations()
    assert relations >= declared_relations() | {"deid.Instance.original_id", "deid.Artefact.object_id"}
    assert "consent.Withdrawal.reason_object_id" in declared_relations()
    for patient in (scene.patient, named):
        forget(patient, actor="system:test")
    of_patients = relations - NOT_OF_A_PATIENT
    assert list(living_of(of_patients)) == []
    # and no sealed object is kept that no row points at
    labels = Machine.objects.values("label_object_id")
    kept = set(SealedObject.objects.filter(destroyed_at=None).exclude(pk__in=labels).values_list("kind", flat=True))
    assert kept <= {"logo"}


@pytest.mark.django_db
def test_an_eraser_that_is_missing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    monkeypatch.delitem(_ERASERS, "sharing.erasing.end_links")
    forget(scene.patient, actor="system:test")
    assert {name for name, _ in living_of(sealed_relations())} == {"sharing.Link.nickname_object_id"}


@pytest.mark.django_db
def test_others_lose_nothing() -> None:
    scene, other = make_scene(), make_scene()
    before = SealedObject.objects.filter(clinic_id=other.clinic.pk, destroyed_at=None).count()
    forget(scene.patient, actor="system:test")
    assert SealedObject.objects.filter(clinic_id=other.clinic.pk, destroyed_at=None).count() == before
    assert Patient.objects.filter(pk=make_patient().pk).exists()
