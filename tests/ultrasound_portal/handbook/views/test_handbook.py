"""The handbook at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.errors import LinkRefusal, LinkRefused
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.sharing import make_link, make_scene
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.handbook.models import Chapter
from ultrasound_portal.handbook.services import is_demanded, publish, unread

pytestmark = pytest.mark.django_db


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def office_of(clinic: Clinic) -> Client:
    return browser_of(make_staff(clinic, role=Role.ADMINISTRATOR))


@pytest.mark.requirement("R53")
def test_no_link_until_every_chapter_was_read() -> None:
    scene = make_scene()
    office, desk = office_of(scene.clinic), browser_of(scene.clinician)
    office.post(reverse("handbook:publish"), {"chapter": "sharing", "text": "Check who she is.\n\nThen share."})
    office.post(reverse("handbook:demand"), {"reading": "on"})
    with pytest.raises(LinkRefused) as refused:
        make_link(scene.grant, scene.study, scene.clinician)
    assert refused.value.reason == LinkRefusal.HANDBOOK
    page = desk.get(reverse("handbook:handbook")).content.decode()
    assert "<p>Then share.</p>" in page
    [edition] = unread(scene.clinician, scene.clinic)
    told = desk.post(reverse("handbook:read", args=[edition.pk]), follow=True)
    assert b"You have read everything" in told.content
    make_link(scene.grant, scene.study, scene.clinician)


def test_an_edition_that_was_replaced_is_not_enough() -> None:
    clinic = make_clinic()
    by = make_staff(clinic)
    old = publish(clinic, Chapter.TRAINING, "Once a year.", by=by)
    publish(clinic, Chapter.TRAINING, "Twice a year.", by=by)
    told = browser_of(by).post(reverse("handbook:read", args=[old.pk]), follow=True)
    assert b"published anew meanwhile" in told.content
    assert len(unread(by, clinic)) == 1


def test_text_is_text() -> None:
    clinic = make_clinic()
    office = office_of(clinic)
    office.post(reverse("handbook:publish"), {"chapter": "access", "text": "<script>alert(1)</script>"})
    assert b"<script>alert(1)" not in office.get(reverse("handbook:handbook")).content


def test_who_may_not_write_sees_no_form() -> None:
    clinic = make_clinic()
    desk = browser_of(make_staff(clinic))
    page = desk.get(reverse("handbook:handbook"))
    assert b"An administrator of your clinic writes the handbook" in page.content
    assert b"Publish a chapter" not in page.content
    assert desk.post(reverse("handbook:publish"), {"chapter": "access", "text": "x"}).status_code == 403
    assert desk.post(reverse("handbook:demand"), {"reading": "on"}).status_code == 403
    assert not is_demanded(clinic)


def test_an_empty_chapter_is_refused_and_another_clinic_has_its_own() -> None:
    clinic = make_clinic()
    office = office_of(clinic)
    refused = office.post(reverse("handbook:publish"), {"chapter": "access", "text": ""})
    assert refused.status_code == 422
    assert b"Write what the chapter says" in refused.content
    other = make_clinic()
    theirs = publish(other, Chapter.ACCESS, "Ours.", by=make_staff(other))
    assert office.post(reverse("handbook:read", args=[theirs.pk])).status_code == 404


def test_the_switch_goes_off_again() -> None:
    clinic = make_clinic()
    office = office_of(clinic)
    office.post(reverse("handbook:demand"), {"reading": "on"})
    assert is_demanded(clinic)
    office.post(reverse("handbook:demand"), {})
    assert not is_demanded(clinic)
