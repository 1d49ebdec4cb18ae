"""The worklist: what needs a person on top, live, and quick at any length."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deid.models import Instance
from deid.services import embargoes
from deid.states import EmbargoGround, InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.services import display_name

pytestmark = pytest.mark.django_db
URL = "/desk/"
LIVE = {"HX-Request": "true"}


def stored(clinic: Clinic, *states: InstanceState) -> Instance:
    study = make_study(clinic)
    first, *_ = [make_picture(study, state) for state in states]
    return first


def test_it_works(sonographer: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.CLEAN, InstanceState.CLEAN)
    response = sonographer.get(URL)
    page = response.content.decode()
    assert response.status_code == 200
    assert display_name(instance.study.patient) in page
    assert "2 clean" in page
    assert reverse("deid:study", args=[instance.study_id]) in page


def test_pictures_that_may_tell_the_sex_are_counted(sonographer: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.CLEAN, InstanceState.CLEAN)
    response = sonographer.get(URL)
    assert "may tell the sex" not in response.content.decode()
    Instance.objects.filter(pk=instance.pk).update(tells_sex=True)
    changed = sonographer.get(URL, {"mark": response.context["mark"]}, headers=LIVE)
    assert "1 may tell the sex" in changed.content.decode()


def test_an_empty_list_says_what_to_do(sonographer: Client) -> None:
    page = sonographer.get(URL).content.decode()
    assert "No studies yet" in page
    assert reverse("deid:upload") in page


def test_what_needs_a_person_is_on_top(sonographer: Client, clinic: Clinic) -> None:
    held = stored(clinic, InstanceState.HELD, InstanceState.RELEASED)
    done = stored(clinic, InstanceState.RELEASED)
    waiting = stored(clinic, InstanceState.RECEIVED)
    clean = stored(clinic, InstanceState.CLEAN)
    failed = stored(clinic, InstanceState.FAILED)
    page = sonographer.get(URL).content.decode()
    places = [page.index(str(one.study_id)) for one in (failed, held, clean, waiting, done)]
    assert places == sorted(places)
    titles = [page.index(title) for title in ("Needs you", "Ready to review", ">Being cleaned</h2>", ">Done</h2>")]
    assert titles == sorted(titles)


@pytest.mark.requirement("R42")
def test_another_clinic_sees_none_of_it(outsider: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.CLEAN)
    page = outsider.get(URL).content.decode()
    assert str(instance.study_id) not in page
    assert "No studies yet" in page


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"].startswith(reverse("clinics:sign_in"))


def test_the_live_part_is_empty_while_nothing_changed(sonographer: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.PROCESSING)
    mark = sonographer.get(URL).context["mark"]
    assert sonographer.get(URL, {"mark": mark}, headers=LIVE).status_code == 204
    Instance.objects.filter(pk=instance.pk).update(state=InstanceState.RECEIVED)
    changed = sonographer.get(URL, {"mark": mark}, headers=LIVE)
    assert changed.status_code == 200
    assert b"<html" not in changed.content
    assert b"hx-swap-oob" in changed.content


def test_it_asks_often_only_while_something_is_being_cleaned(sonographer: Client, clinic: Clinic) -> None:
    assert b"every 15s" in sonographer.get(URL).content
    stored(clinic, InstanceState.PROCESSING)
    page = sonographer.get(URL).content
    assert b"every 2s" in page
    assert b"<noscript><meta" in page


def test_the_number_of_queries_does_not_grow(sonographer: Client, clinic: Clinic) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sonographer.get(URL)
        return len(queries)

    stored(clinic, InstanceState.CLEAN)
    few = count()
    for _ in range(6):
        stored(clinic, InstanceState.CLEAN, InstanceState.HELD)
    assert count() == few


def test_an_empty_filter_says_so_and_leads_back(sonographer: Client, clinic: Clinic) -> None:
    stored(clinic, InstanceState.CLEAN)
    page = sonographer.get(URL, {"show": "held"}).content.decode()
    assert "No study fits" in page
    assert "Filter: on" in page
    assert "No study fits" not in sonographer.get(URL, {"show": "clean"}).content.decode()


def test_the_live_part_and_the_pages_keep_the_filter(
    sonographer: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deid.views.worklist.PER_PAGE", 1)
    for _ in range(2):
        stored(clinic, InstanceState.CLEAN)
    page = sonographer.get(URL, {"show": "clean", "page": "1"}).content.decode()
    assert "&amp;page=1&amp;show=clean" in page
    assert 'href="?show=clean&amp;page=2"' in page


def test_a_study_held_back_says_so(sonographer: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.RELEASED)
    mark = sonographer.get(URL).context["mark"]
    embargoes.place(instance.study, ground=EmbargoGround.TALK, until=None, by=make_staff(clinic))
    changed = sonographer.get(URL, {"mark": mark}, headers=LIVE)
    assert b"Held back" in changed.content


def test_the_list_shows_small_pictures_and_no_others(sonographer: Client, clinic: Clinic) -> None:
    instance = stored(clinic, InstanceState.CLEAN)
    page = sonographer.get(URL).content.decode()
    shown = [str(file.pk) for file in instance.artefacts.all() if str(file.pk) in page]
    assert shown == [str(instance.artefacts.get(kind="thumbnail").pk)]


def test_long_lists_have_pages(sonographer: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.views.worklist.PER_PAGE", 2)
    for _ in range(3):
        stored(clinic, InstanceState.CLEAN)
    assert b"Page 1 of 2" in sonographer.get(URL).content
    assert b"Page 2 of 2" in sonographer.get(URL, {"page": "2"}).content
    assert sonographer.get(URL, {"page": "nonsense"}).status_code == 200
