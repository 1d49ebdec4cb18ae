"""The page from which DICOM files are taken, and the ZIP."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydicom import dcmread

from tests.factories.clinics import make_clinic, make_staff
from tests.factories.renders import give_original
from tests.factories.sharing import Scene, make_scene, unrelease
from ultrasound_portal.clinics.models import SignIn
from ultrasound_portal.clinics.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R33")]


@pytest.fixture
def scene() -> Scene:
    made = make_scene(purpose="research")
    give_original(made.instances[0])
    return made


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def page(scene: Scene, purpose: str = "research") -> str:
    return reverse("sharing:handover", args=[scene.study.pk, purpose])


def zipped(answer: HttpResponseBase) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]  # a streaming answer


def test_the_page_says_what_the_files_tell_and_the_zip_holds_them(scene: Scene, desk: Client) -> None:
    assert page(scene) in desk.get(reverse("sharing:links", args=[scene.study.pk])).content.decode()
    said = desk.get(page(scene)).content.decode()
    assert "1 of 1 released picture may go" in said
    assert "all moved back by one secret number of days" in said

    answer = desk.post(page(scene))

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="research.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipped(answer) as bundle:
        assert bundle.namelist() == ["picture-001.dcm"]
        assert dcmread(io.BytesIO(bundle.read("picture-001.dcm"))).PatientAge == "035Y"


def test_without_a_fresh_proof_nothing_is_given(scene: Scene, desk: Client) -> None:
    desk.get(page(scene))
    SignIn.objects.update(proved_at=timezone.now() - timedelta(hours=1))

    answer = desk.post(page(scene))

    assert answer["Content-Type"].startswith("text/html")
    assert b"PK" not in answer.content[:4]


def test_where_nothing_may_go_the_page_says_so(scene: Scene, desk: Client) -> None:
    unrelease(scene.instances[0])

    said = desk.get(page(scene)).content.decode()
    late = desk.post(page(scene))

    assert "No picture may go" in said
    assert late.status_code == 409
    assert "Nothing was given" in late.content.decode()


@pytest.mark.parametrize("purpose", ["own_copy", "family", "social_media", "publication", "teaching", "consult", "x"])
def test_a_purpose_without_a_yes_or_without_files_is_not_there(scene: Scene, desk: Client, purpose: str) -> None:
    assert desk.get(page(scene, purpose)).status_code == 404
    assert desk.post(page(scene, purpose)).status_code == 404


def test_it_opens_to_who_may_share_in_this_clinic(scene: Scene) -> None:
    for person, status in (
        (make_staff(scene.clinic, role=Role.SONOGRAPHER), 403),
        (make_staff(scene.clinic, role=Role.AUDITOR), 403),
        (make_staff(make_clinic()), 404),
    ):
        browser = Client()
        browser.force_login(person)
        assert browser.get(page(scene)).status_code == status
        assert browser.post(page(scene)).status_code == status
