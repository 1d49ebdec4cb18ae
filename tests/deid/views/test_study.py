"""The study page: its pictures and what comes next."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Instance, Study
from deid.states import InstanceState
from tests.factories.patients import make_identity, make_patient
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
LIVE = {"HX-Request": "true"}


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_study(clinic)


def url(study: Study) -> str:
    return reverse("deid:study", args=[study.pk])


def test_it_works(clinician: Client, study: Study) -> None:
    instances = [make_picture(study, state) for state in InstanceState]
    response = clinician.get(url(study))
    page = response.content.decode()
    assert response.status_code == 200
    assert all(reverse("deid:review", args=[one.pk]) in page for one in instances)
    assert "born 4 July 1990" in page
    assert reverse("sharing:ceremony", args=[study.pk]) in page
    assert reverse("sharing:links", args=[study.pk]) in page


def test_the_next_step_is_the_first_picture_that_waits(clinician: Client, study: Study) -> None:
    make_picture(study, InstanceState.RELEASED)
    waiting = make_picture(study, InstanceState.HELD)
    make_picture(study, InstanceState.CLEAN)
    assert clinician.get(url(study)).context["next_picture"] == waiting


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InstanceState.PROCESSING, "are being cleaned"),
        (InstanceState.RELEASED, "1 picture can be shared"),
        (InstanceState.REJECTED, "nothing to share"),
        (InstanceState.CLEAN, "Review picture 1"),
    ],
)
def test_each_situation_says_what_comes_next(clinician: Client, study: Study, state: InstanceState, words: str) -> None:
    make_picture(study, state)
    assert words in clinician.get(url(study)).content.decode()


def test_a_sonographer_is_offered_no_consent_and_no_links(sonographer: Client, study: Study) -> None:
    page = sonographer.get(url(study)).content.decode()
    assert reverse("sharing:links", args=[study.pk]) not in page
    assert reverse("sharing:ceremony", args=[study.pk]) not in page


def test_only_who_may_read_the_ledger_is_led_to_the_patients_consents(
    administrator: Client, clinician: Client, study: Study
) -> None:
    ledger = f"{reverse('consent:ledger')}?patient={study.patient_id}"
    assert ledger in administrator.get(url(study)).content.decode()
    assert ledger not in clinician.get(url(study)).content.decode()
    assert administrator.get(ledger).status_code == 200


def test_consent_is_the_next_step_once_everything_is_reviewed(clinician: Client, study: Study) -> None:
    ceremony = reverse("sharing:ceremony", args=[study.pk])
    make_picture(study, InstanceState.RELEASED)
    assert f'class="button button--primary" href="{ceremony}"' in clinician.get(url(study)).content.decode()
    make_picture(study, InstanceState.CLEAN)
    assert f'class="button" href="{ceremony}"' in clinician.get(url(study)).content.decode()


def test_the_title_tells_studies_apart_without_a_name(clinician: Client, study: Study) -> None:
    title = clinician.get(url(study)).content.decode().partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Study, received ")


def test_a_birth_date_that_is_none_is_shown_as_it_came(clinician: Client, clinic: Clinic) -> None:
    patient = make_patient(clinic, make_identity(birth_date="19901340"))
    study = Study.objects.create(clinic=clinic, patient=patient, study_match="x")
    assert "born 19901340" in clinician.get(url(study)).content.decode()


def test_a_picture_that_may_tell_the_sex_wears_a_badge(clinician: Client, study: Study) -> None:
    instance = make_picture(study)
    response = clinician.get(url(study))
    assert "May tell the sex" not in response.content.decode()
    Instance.objects.filter(pk=instance.pk).update(tells_sex=True)
    changed = clinician.get(url(study), {"mark": response.context["mark"]}, headers=LIVE)
    assert changed.content.decode().count("May tell the sex") == 1


def test_the_live_part_is_empty_while_nothing_changed(clinician: Client, study: Study) -> None:
    instance = make_picture(study, InstanceState.RECEIVED)
    mark = clinician.get(url(study)).context["mark"]
    assert clinician.get(url(study), {"mark": mark}, headers=LIVE).status_code == 204
    Instance.objects.filter(pk=instance.pk).update(state=InstanceState.PROCESSING)
    changed = clinician.get(url(study), {"mark": mark}, headers=LIVE)
    assert changed.status_code == 200
    assert b"<html" not in changed.content


@pytest.mark.requirement("R42")
def test_another_clinic_and_a_stranger_see_nothing(outsider: Client, client: Client, study: Study) -> None:
    assert outsider.get(url(study)).status_code == 404
    assert client.get(url(study))["Location"].startswith(reverse("clinics:sign_in"))
