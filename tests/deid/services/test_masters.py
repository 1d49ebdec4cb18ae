"""A released picture's master is written for a purpose, out of what is still there."""

import io
from uuid import uuid4

import pytest
from django.utils import timezone
from pydicom import dcmread
from pydicom.dataset import FileDataset

from deid.engine.disclosure import Purpose
from deid.models import Instance
from deid.services.masters import made_for
from tests.factories.renders import give_original
from tests.factories.sharing import make_scene, unrelease
from ultrasound_portal.vault.errors import Missing

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R33")]


@pytest.fixture
def instance() -> Instance:
    found = make_scene().instances[0]
    give_original(found)
    found.refresh_from_db()
    return found


def read(instance: Instance, purpose: Purpose) -> FileDataset:
    return dcmread(io.BytesIO(made_for(instance.pk, purpose)))


def test_each_purpose_has_its_own_header(instance: Instance) -> None:
    research, consultation = read(instance, Purpose.RESEARCH), read(instance, Purpose.CONSULTATION)

    assert research.PatientAge == "035Y"
    assert research.StudyDate not in ("", "20260114")
    assert consultation.StudyDate == ""
    assert research.PatientID != consultation.PatientID


def test_where_the_original_was_destroyed_less_is_told(instance: Instance) -> None:
    Instance.objects.filter(pk=instance.pk).update(original_id=uuid4(), original_destroyed_at=timezone.now())

    research = read(instance, Purpose.RESEARCH)

    assert "PatientAge" not in research
    assert research.StudyDate == ""


def test_what_is_not_released_is_missing(instance: Instance) -> None:
    unrelease(instance)

    for picture_id in (instance.pk, uuid4()):
        with pytest.raises(Missing):
            made_for(picture_id, Purpose.TEACHING)
