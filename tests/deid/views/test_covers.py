"""Covers are changed on the review page, in numbers as well as on the picture."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.engine.geometry import Box, Why
from deid.models import Instance
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
TEXT = Box(30, 20, 12, 6, 0, 0, Why.UNKNOWN_TEXT)


@pytest.fixture
def instance(clinic: Clinic) -> Instance:
    return make_picture(make_study(clinic))


def rows(*boxes: tuple[int, int, int, int], edition: int = 0, known: int = 0, **more: str) -> dict[str, str]:
    sent = {"cover-TOTAL_FORMS": str(len(boxes)), "cover-INITIAL_FORMS": str(known), "edition": str(edition)}
    for place, box in enumerate(boxes):
        sent |= {f"cover-{place}-{name}": str(value) for name, value in zip("xywh", box, strict=True)}
    return sent | more


def send(browser: Client, instance: Instance, data: dict[str, str], route: str = "cover") -> object:
    return browser.post(reverse(f"deid:{route}", args=[instance.pk]), data)


def page_of(browser: Client, instance: Instance) -> str:
    return browser.get(reverse("deid:review", args=[instance.pk])).content.decode()


def now(instance: Instance) -> Instance:
    return Instance.objects.get(pk=instance.pk)


def clean(instance: Instance, *boxes: Box) -> None:
    """Stand for the worker, which found these boxes."""
    Instance.objects.filter(pk=instance.pk).update(state=InstanceState.CLEAN)
    if boxes:
        instance.current_run.report["boxes"] = [box.to_json() for box in boxes]
        instance.current_run.save()


def lift_data(instance: Instance, box: int = 0, **more: str) -> dict[str, str]:
    return {"run": str(instance.current_run_id), "edition": "0", "box": str(box), "reason": "machine", **more}


def test_a_cover_by_numbers_needs_no_script(clinician: Client, instance: Instance) -> None:
    send(clinician, instance, rows((1, 2, 10, 12)))
    (cover,) = now(instance).covers
    assert now(instance).state == InstanceState.RECEIVED
    assert (cover["x"], cover["y"], cover["w"], cover["h"], cover["why"]) == (1, 2, 10, 12, "manual")


def test_covers_stand_in_the_form_and_are_moved_and_removed_there(clinician: Client, instance: Instance) -> None:
    send(clinician, instance, rows((1, 2, 10, 12), (20, 20, 5, 5)))
    clean(instance)
    page = page_of(clinician, instance)
    assert 'name="cover-1-x" value="20"' in page
    assert 'name="cover-INITIAL_FORMS" value="2"' in page
    sent = rows((1, 2, 10, 12), (21, 20, 5, 5), edition=1, known=2, **{"cover-0-DELETE": "on"})
    send(clinician, instance, sent)
    assert [cover["x"] for cover in now(instance).covers] == [21]


@pytest.mark.parametrize(
    ("box", "told"),
    [((1, 2, 0, 12), "greater than or equal to 1"), ((1, 2, 500, 12), "80 pixels wide"), ((1, 50, 9, 12), "60 pixels")],
)
def test_wrong_numbers_stay_on_the_page_with_their_fault(
    clinician: Client, instance: Instance, box: tuple[int, int, int, int], told: str
) -> None:
    response = send(clinician, instance, rows(box))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert f'name="cover-0-h" value="{box[3]}"' in response.content.decode()
    assert now(instance).state == InstanceState.CLEAN


def test_an_empty_cover_form_asks_for_numbers(clinician: Client, instance: Instance) -> None:
    send(clinician, instance, rows())
    assert now(instance).state == InstanceState.CLEAN
    assert "The covers are as they were" in page_of(clinician, instance)


def test_a_form_without_its_counters_is_refused(clinician: Client, instance: Instance) -> None:
    assert send(clinician, instance, {"edition": "0"}).status_code == 422


@pytest.mark.parametrize("edition", [{"edition": "0"}, {"edition": ""}, {"edition": "-1"}])
def test_two_people_at_one_picture_the_second_keeps_both_sets(
    clinician: Client, sonographer: Client, instance: Instance, edition: dict[str, str]
) -> None:
    send(clinician, instance, rows((1, 2, 10, 12)))
    clean(instance)
    response = send(sonographer, instance, rows((30, 30, 7, 8)) | edition)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed the covers" in page
    assert 'name="cover-0-w" value="10"' in page
    assert 'name="cover-1-w" value="7"' in page
    assert 'name="edition" value="1"' in page
    assert 'hx-trigger="every' not in page
    send(sonographer, instance, rows((1, 2, 10, 12), (30, 30, 7, 8), edition=1, known=2))
    assert [cover["w"] for cover in now(instance).covers] == [10, 7]


def test_rows_that_come_while_it_is_being_cleaned_are_kept_on_the_page(clinician: Client, instance: Instance) -> None:
    Instance.objects.filter(pk=instance.pk).update(state=InstanceState.PROCESSING)
    response = send(clinician, instance, rows((30, 30, 7, 8)))
    assert response.status_code == 409
    assert 'name="cover-0-w" value="7"' in response.content.decode()
    assert "Your rows stay here" in response.content.decode()


def test_the_last_change_is_undone_on_the_page(clinician: Client, instance: Instance) -> None:
    assert "Undo that change" not in page_of(clinician, instance)
    send(clinician, instance, rows((1, 2, 10, 12)))
    clean(instance)
    assert "Undo that change" in page_of(clinician, instance)
    send(clinician, instance, {"edition": "1"}, "cover_undo")
    assert now(instance).covers == []


def test_a_cover_of_the_engine_is_taken_away_and_put_back(clinician: Client, instance: Instance) -> None:
    clean(instance, Box(0, 0, 80, 9, 0, 0, Why.OUTSIDE), TEXT)
    page = page_of(clinician, instance)
    assert page.count("Take away and clean again") == 1
    send(clinician, instance, lift_data(instance, 1), "cover_lift")
    assert now(instance).lifts == [{**TEXT.to_json(), "reason": "machine"}]
    clean(instance)
    assert "Places left open by a person" in page_of(clinician, instance)
    send(clinician, instance, {"edition": "1", "number": "0"}, "cover_restore")
    assert now(instance).lifts == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"reason": ""}, "Choose from the list"),
        ({"box": "7"}, "moved this picture on"),
        ({"box": "0"}, "This cover stays"),
        ({"run": "8f4c2f0e-0000-4000-8000-000000000000"}, "moved this picture on"),
        ({"edition": "4"}, "Somebody else changed"),
    ],
)
def test_what_cannot_be_taken_away_is_told(
    clinician: Client, instance: Instance, data: dict[str, str], told: str
) -> None:
    clean(instance, Box(0, 0, 80, 9, 0, 0, Why.IDENTIFIER), TEXT)
    send(clinician, instance, {**lift_data(instance, 1), **data}, "cover_lift")
    assert now(instance).lifts == []
    assert told in page_of(clinician, instance)


def test_putting_back_what_is_not_there_is_told(clinician: Client, instance: Instance) -> None:
    send(clinician, instance, {"number": "x"}, "cover_restore")
    assert "Somebody else changed" in page_of(clinician, instance)
