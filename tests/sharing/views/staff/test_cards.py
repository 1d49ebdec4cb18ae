"""A card is read on the page of a study, a difference is shown, and nothing is put together unasked."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from deid.ingest.receive import receive
from deid.models import Instance, Study
from deid.services.matching import nobodys
from sharing.views.staff.cards import MATCHED, UNREAD
from tests.factories.pictures import make_picture, make_study, plain_bytes, ultrasound_bytes
from tests.factories.sharing import Scene
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.services import find_or_create, forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


@pytest.fixture
def plain(scene: Scene) -> Study:
    """A study of plain pictures that were cleaned and that nobody has matched."""
    patient = find_or_create(scene.clinic, nobodys("a" * 12))
    study = Study.objects.create(clinic=scene.clinic, patient=patient, study_match="f" * 64, nameless=True)
    make_picture(study)
    return study


def read(desk: Client, study: Study, card: str) -> str:
    return desk.post(reverse("sharing:card_read", args=[study.pk]), {"card": card}, follow=True).content.decode()


def say(desk: Client, study: Study, patient: object) -> str:
    address = reverse("sharing:card_matched", args=[study.pk])
    return desk.post(address, {"patient": str(patient)}, follow=True).content.decode()


def test_plain_pictures_are_matched_by_the_card_after_a_look(scene: Scene, desk: Client, plain: Study) -> None:
    page = read(desk, plain, f"https://portal.example/v/#{scene.secret}")
    assert "Are these pictures hers?" in page
    assert str(scene.patient.pk) in page
    plain.refresh_from_db()
    assert plain.unmatched
    assert MATCHED in say(desk, plain, scene.patient.pk)
    plain.refresh_from_db()
    assert (plain.patient, plain.unmatched) == (scene.patient, False)
    assert Entry.objects.get(event="study_matched").detail == {"by_card": True}


def test_the_card_agrees_with_the_files(scene: Scene, desk: Client) -> None:
    page = read(desk, scene.study, scene.secret)
    assert "name the same patient" in page
    assert "The pictures are hers" not in page


def test_a_difference_between_card_and_files_is_shown_and_nothing_is_put_together(scene: Scene, desk: Client) -> None:
    other = make_study(scene.clinic)
    make_picture(other)
    page = read(desk, other, scene.secret)
    assert "do not name the same patient" in page
    assert "The pictures are hers" not in page
    assert MATCHED not in say(desk, other, scene.patient.pk)
    assert Study.objects.get(pk=other.pk).patient == other.patient


def test_files_of_one_study_that_differ_are_two_studies_that_point_at_each_other(scene: Scene, desk: Client) -> None:
    sent = [ultrasound_bytes(name=name, study_uid="2.25.77") for name in ("Testwoman^Anna", "Otherwoman^Berta")]
    pictures = [receive(one, clinic=scene.clinic, actor="system:test", door="upload").instance_id for one in sent]
    first, second = (Instance.objects.get(pk=key).study for key in pictures)
    assert first != second
    for one, other in ((first, second), (second, first)):
        page = desk.get(reverse("deid:study", args=[one.pk])).content.decode()
        assert "were not put together" in page
        assert reverse("deid:study", args=[other.pk]) in page


def test_what_is_no_card_is_told_and_so_is_nonsense(scene: Scene, desk: Client, plain: Study) -> None:
    assert UNREAD in read(desk, plain, "WXYZ-BCDF")
    assert UNREAD in say(desk, plain, "nonsense")


def test_the_card_of_a_patient_who_was_forgotten_says_nothing(scene: Scene, desk: Client, plain: Study) -> None:
    forget(scene.patient, actor="system:test")
    assert UNREAD in read(desk, plain, scene.secret)
    assert UNREAD in say(desk, plain, scene.patient.pk)


def test_neither_card_nor_patient_stands_in_an_address(scene: Scene, desk: Client, plain: Study) -> None:
    page = desk.get(reverse("deid:study", args=[plain.pk]))
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert desk.get(reverse("sharing:card_read", args=[plain.pk]), {"card": scene.secret}).status_code == 405
    assert str(plain.patient_id) not in page.content.decode()


def test_plain_pictures_ask_for_the_card_where_they_were_uploaded(desk: Client) -> None:
    answer = desk.post("/desk/upload/", {"file": SimpleUploadedFile("a.png", plain_bytes())}, follow=True)
    page = answer.content.decode()
    assert "Whose plain pictures are these?" in page
    assert 'name="card"' in page
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
