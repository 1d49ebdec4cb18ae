"""The page of the clinic's policy: what counts, the next version, and what was cleaned before it."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import TextPolicy
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
URL, AGAIN = "/desk/policy/", "/desk/policy/again/"
CHOICE = {
    "text": "measurements",
    "gestational_age": "on",
    "also_kept": "Vmid\nQseg",
    "also_covered": "Old Mill Hospital",
}


def test_it_works(administrator: Client) -> None:
    page = administrator.get(URL).content.decode()
    assert reverse("deid:policy") == URL
    assert "the portal’s own choice" in page
    assert "are covered under every choice" in page
    assert 'aria-current="page">Cleaning' in page


def test_a_new_version_is_published_and_shown(administrator: Client, clinic: Clinic) -> None:
    assert administrator.post(URL, CHOICE)["Location"] == URL
    chosen = TextPolicy.objects.get(clinic=clinic)
    assert (chosen.version, chosen.text, chosen.also_kept) == (1, "measurements", ["Vmid", "Qseg"])
    page = administrator.get(URL).content.decode()
    assert "Version 1 is published" in page
    assert "Now: version 1" in page
    assert "Vmid, Qseg" in page
    assert Entry.objects.filter(event="policy_published").count() == 1


def test_former_versions_stay_in_sight(administrator: Client) -> None:
    administrator.post(URL, CHOICE)
    administrator.post(URL, {"text": "nothing"})
    versions = list(administrator.get(URL).context["versions"])
    assert [(one.version, one.text, one.gestational_age) for one in versions] == [
        (2, "nothing", False),
        (1, "measurements", True),
    ]
    assert "without the age of the pregnancy" in administrator.get(URL).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": "everything"}, "Select a valid choice"),
        ({"text": "nothing", "also_kept": "two words"}, "a kept word is one word without spaces"),
        ({"text": "measurements_and_anatomy", "gestational_age": "on"}, "this is what counts already"),
    ],
    ids=["unknown", "two-words", "no-change"],
)
def test_what_cannot_be_chosen_is_explained(administrator: Client, wrong: dict[str, str], words: str) -> None:
    response = administrator.post(URL, wrong)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not TextPolicy.objects.exists()


def test_the_words_are_kept_in_the_form_when_they_are_refused(administrator: Client) -> None:
    page = administrator.post(URL, {**CHOICE, "also_kept": "two words"}).content.decode()
    assert ">\ntwo words</textarea>" in page
    assert ">\nOld Mill Hospital</textarea>" in page


def test_what_waits_under_another_version_is_cleaned_again(administrator: Client, clinic: Clinic) -> None:
    study = make_study(clinic)
    waiting, released = make_picture(study), make_picture(study, InstanceState.RELEASED)
    assert AGAIN not in administrator.get(URL).content.decode()
    administrator.post(URL, CHOICE)
    page = administrator.get(URL).content.decode()
    assert "1 picture that waits for a release was cleaned under another version" in page
    assert administrator.post(AGAIN)["Location"] == URL
    waiting.refresh_from_db()
    released.refresh_from_db()
    assert (waiting.state, released.state) == (InstanceState.RECEIVED, InstanceState.RELEASED)
    assert "1 picture will be cleaned again" in administrator.get(URL).content.decode()


def test_another_clinics_policy_is_not_shown(administrator: Client, outsider: Client, clinic: Clinic) -> None:
    administrator.post(URL, CHOICE)
    assert outsider.get(URL).status_code == 403
    assert TextPolicy.objects.exclude(clinic=clinic).count() == 0


@pytest.mark.requirement("R48")
@pytest.mark.parametrize("role", ["sonographer", "clinician"])
def test_only_administrators_choose(request: pytest.FixtureRequest, role: str) -> None:
    browser: Client = request.getfixturevalue(role)
    assert browser.get(URL).status_code == 403
    assert browser.post(URL, CHOICE).status_code == 403
    assert browser.post(AGAIN).status_code == 403
    assert not TextPolicy.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for answer in (client.get(URL), client.post(AGAIN)):
        assert answer["Location"].startswith(reverse("clinics:sign_in"))


def test_looking_changes_nothing(administrator: Client) -> None:
    assert administrator.get(AGAIN).status_code == 405
