"""A patient is found without her name in an address, and views are a person's own."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import SavedView, Study
from tests.factories.patients import make_identity
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.services import identity_of

pytestmark = pytest.mark.django_db
URL = "/desk/"


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_picture(make_study(clinic)).study


def find(browser: Client, text: str) -> object:
    return browser.post(reverse("deid:search"), {"text": text})


def test_a_patient_is_found_and_never_named_in_an_address(sonographer: Client, clinic: Clinic, study: Study) -> None:
    other = make_picture(make_study(clinic)).study
    identity = identity_of(study.patient)
    for text in (identity.name.split("^")[0], identity.record_number):
        answer = find(sonographer, text)
        assert answer["Location"] == f"{URL}?patient={study.patient_id}"
        page = sonographer.get(answer["Location"]).content.decode()
        assert str(study.pk) in page
        assert str(other.pk) not in page


@pytest.mark.parametrize("text", ["", "Nobody", "x" * 200])
def test_nobody_found_leads_back(sonographer: Client, study: Study, text: str) -> None:
    assert find(sonographer, text)["Location"] == URL
    assert str(study.pk) in sonographer.get(URL).content.decode()


@pytest.mark.requirement("R42")
def test_another_clinic_finds_nobody(outsider: Client, study: Study) -> None:
    assert find(outsider, identity_of(study.patient).record_number)["Location"] == URL
    page = outsider.get(URL, {"patient": str(study.patient_id)}).content.decode()
    assert str(study.pk) not in page
    assert "No study fits" in page


def test_a_view_is_kept_shown_used_and_dropped(sonographer: Client, study: Study) -> None:
    chosen = {"show": "held", "since": "7", "day": "2030-01-05", "patient": str(study.patient_id)}
    answer = sonographer.post(reverse("deid:keep_view"), chosen)
    assert answer["Location"] == f"{URL}?show=held&since=7"
    sonographer.post(reverse("deid:keep_view"), chosen)
    kept = SavedView.objects.get()
    assert str(study.patient_id) not in kept.query
    assert "Held, The last 7 days" in sonographer.get(URL).content.decode()
    assert "No study fits" in sonographer.get(f"{URL}?{kept.query}").content.decode()
    sonographer.post(reverse("deid:drop_view", args=[kept.pk]))
    assert not SavedView.objects.exists()


def test_views_are_a_persons_own_and_not_endless(
    sonographer: Client, clinician: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deid.views.saved_views.MOST", 1)
    for show in ("held", "clean", ""):
        sonographer.post(reverse("deid:keep_view"), {"show": show})
    kept = SavedView.objects.get()
    assert "Remove the view" not in clinician.get(URL).content.decode()
    assert clinician.post(reverse("deid:drop_view", args=[kept.pk])).status_code == 404


def test_a_name_in_a_view_is_no_choice(sonographer: Client) -> None:
    sonographer.post(reverse("deid:keep_view"), {"show": make_identity().name})
    assert not SavedView.objects.exists()
