"""The page of what is kept how long: rules, counts, legal holds; for administrators of their own clinic."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deid.models import Instance, LegalHold
from deid.states import InstanceState
from tests.deid.views.conftest import signed_in
from tests.factories.clinics import make_clinic
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "/desk/keeping/"


def due_soon(clinic: Clinic) -> Instance:
    made = make_picture(make_study(clinic), InstanceState.RELEASED)
    Instance.objects.filter(pk=made.pk).update(released_at=timezone.now() - timedelta(days=25))
    return made


def test_it_shows_what_goes_when(administrator: Client, clinic: Clinic) -> None:
    due_soon(clinic)
    page = administrator.get(PAGE)
    assert page.status_code == 200
    [going] = page.context["going"]
    assert (going.pictures, going.first.date()) == (1, (timezone.now() + timedelta(days=5)).date())
    assert "Testwoman" in page.content.decode()


def test_the_rules_are_changed(administrator: Client, clinic: Clinic) -> None:
    answer = administrator.post(PAGE, {"originals_kept_days": "0", "abandoned_after_days": "90"})
    assert answer.status_code == 302
    clinic.refresh_from_db()
    assert (clinic.originals_kept_days, clinic.abandoned_after_days) == (0, 90)


@pytest.mark.parametrize("days", ["", "-1", "4000", "many"])
def test_odd_days_are_refused(administrator: Client, clinic: Clinic, days: str) -> None:
    answer = administrator.post(PAGE, {"originals_kept_days": days, "abandoned_after_days": "90"})
    assert answer.status_code == 400
    clinic.refresh_from_db()
    assert clinic.originals_kept_days == 30


def test_a_study_is_kept_and_let_go(administrator: Client, clinic: Clinic) -> None:
    made = due_soon(clinic)
    hold = reverse("deid:hold")
    administrator.post(hold, {"study": str(made.study_id), "ground": "nonsense"})
    assert not LegalHold.objects.exists()
    administrator.post(hold, {"study": str(made.study_id), "ground": "complaint"})
    placed = LegalHold.objects.get()
    page = administrator.get(PAGE)
    assert (page.context["going"], len(page.context["holds"])) == ([], 1)
    administrator.post(reverse("deid:lift", args=[placed.pk]))
    placed.refresh_from_db()
    assert placed.lifted_at is not None


def test_another_clinics_studies_are_absent(administrator: Client) -> None:
    other = make_clinic("Harbour Scans")
    made = due_soon(other)
    answer = administrator.post(reverse("deid:hold"), {"study": str(made.study_id), "ground": "complaint"})
    assert answer.status_code == 404
    theirs = signed_in(other, Role.ADMINISTRATOR)
    theirs.post(reverse("deid:hold"), {"study": str(made.study_id), "ground": "complaint"})
    assert administrator.post(reverse("deid:lift", args=[LegalHold.objects.get().pk])).status_code == 404
    assert administrator.post(reverse("deid:lift", args=[uuid4()])).status_code == 404


def test_only_administrators_come_in(clinician: Client, sonographer: Client) -> None:
    assert {browser.get(PAGE).status_code for browser in (clinician, sonographer)} == {403}
    assert Client().get(PAGE).status_code == 302


def test_the_page_asks_no_more_for_more_studies(
    administrator: Client, clinic: Clinic, django_assert_num_queries
) -> None:

    due_soon(clinic)
    with CaptureQueriesContext(connection) as first:
        administrator.get(PAGE)
    for _ in range(5):
        due_soon(clinic)
    with django_assert_num_queries(len(first)):
        administrator.get(PAGE)


def test_the_review_says_that_the_original_is_gone(administrator: Client, clinic: Clinic) -> None:
    made = due_soon(clinic)
    Instance.objects.filter(pk=made.pk).update(original_destroyed_at=timezone.now())
    made.refresh_from_db()
    made.artefacts.filter(kind="source_still").delete()
    page = administrator.get(reverse("deid:review", args=[made.pk]))
    assert "was destroyed on" in page.content.decode()
    assert not page.context["can_cover"]
