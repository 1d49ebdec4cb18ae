"""Incidents at the desk."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deid.services.review import open_for_staff
from sharing import access
from sharing.incident_forms import MOMENT
from sharing.models import Incident, Link
from sharing.nicknames import nicknames_of
from sharing.services.incidents import open_incident
from sharing.states import IncidentKind, StepKind
from tests.factories.clinics import EVERY_RIGHT, make_staff
from tests.factories.sharing import Scene, make_scene
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


@pytest.fixture
def office(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(make_staff(scene.clinic, role=EVERY_RIGHT))
    return browser


def incident(scene: Scene) -> Incident:
    return open_incident(
        scene.study,
        kind=IncidentKind.WRONG_PERSON,
        account="It went to a cousin called Ottoline.",
        known_at=timezone.now(),
        by=scene.clinician,
    )


@pytest.mark.requirement("R21")
def test_one_form_stops_everything(scene: Scene, desk: Client) -> None:
    page = reverse("sharing:incident_new", args=[scene.study.pk])
    assert b"1 open link of this study closes for good" in desk.get(page).content
    assert Link.objects.filter(revoked_at=None).exists()
    said = {"kind": "posted", "known_at": timezone.localtime().strftime(MOMENT), "account": "Seen on a wall."}
    refused = desk.post(page, said)
    assert refused.status_code == 422
    assert Link.objects.filter(revoked_at=None).exists()
    done = desk.post(page, {**said, "sure": "on"}, follow=True)
    assert b"1 link(s) closed, 1 consent(s) rest" in done.content
    assert not Link.objects.filter(revoked_at=None).exists()
    assert Incident.objects.get().study == scene.study


def test_an_administrator_works_it_through(scene: Scene, office: Client) -> None:
    access.read(scene.visit(), scene.file().pk, 0, 16, event=Event.PICTURE_DOWNLOADED)
    found = incident(scene)
    page = reverse("sharing:incident", args=[found.pk])
    text = office.get(page).content.decode()
    assert "cousin called Ottoline" in text
    assert str(scene.instances[0].pk)[:8] in text
    assert "hours left" in text or "days left" in text
    close = reverse("sharing:incident_close", args=[found.pk])
    assert b"Some steps are still open" in office.post(close, {"outcome": "no_breach"}).content
    assert b"Choose what was decided" in office.post(close, {}).content
    for kind in StepKind:
        office.post(reverse("sharing:incident_step", args=[found.pk, kind.value]))
    assert b"it was no breach" in office.post(close, {"outcome": "no_breach"}, follow=True).content
    assert b"It was no breach" in office.get(reverse("sharing:incidents")).content
    assert Entry.objects.filter(event=Event.INCIDENT_READ, object_id=found.pk).exists()


def test_whoever_saw_a_picture_is_told_by_name_or_by_their_way_in(scene: Scene, desk: Client, office: Client) -> None:
    access.read(scene.visit(), scene.file().pk, 0, 16, event=Event.PICTURE_SERVED)
    open_for_staff(scene.file(), by=scene.clinician)
    with transaction.atomic():
        record(
            Event.PICTURE_SERVED,
            actor=f"invitation:{uuid4()}",
            clinic_id=scene.clinic.pk,
            object_kind="artefact",
            object_id=scene.file().pk,
            patient_id=scene.patient.pk,
        )
    text = office.get(reverse("sharing:incident", args=[incident(scene).pk])).content.decode()
    nickname = nicknames_of([scene.link])[scene.link.pk]
    assert f"Somebody with a link: <bdi>{nickname}</bdi>" in text
    assert f'<th scope="row">{scene.clinician.display_name}</th>' in text
    assert "Somebody who was invited" in text


def test_nothing_wrong_yet(office: Client) -> None:
    assert b"Nothing has gone wrong" in office.get(reverse("sharing:incidents")).content


def test_the_list_takes_no_more_queries_for_more_incidents(
    scene: Scene, office: Client, django_assert_max_num_queries: object
) -> None:
    incident(scene)
    with django_assert_max_num_queries(25) as few:  # type: ignore[operator]
        office.get(reverse("sharing:incidents"))
    for _ in range(5):
        incident(scene)
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        office.get(reverse("sharing:incidents"))


def test_other_clinics_and_roles_see_nothing(scene: Scene, desk: Client, office: Client) -> None:
    theirs = incident(make_scene())
    ours = incident(scene)
    for name, arguments in (
        ("incident", [theirs.pk]),
        ("incident_step", [theirs.pk, "assess"]),
        ("incident_close", [theirs.pk]),
    ):
        address = reverse(f"sharing:{name}", args=arguments)
        assert (office.get if name == "incident" else office.post)(address).status_code == 404
    assert office.get(reverse("sharing:incident_new", args=[theirs.study_id])).status_code == 404
    assert office.post(reverse("sharing:incident_step", args=[ours.pk, "dance"])).status_code == 404
    assert desk.get(reverse("sharing:incident", args=[ours.pk])).status_code == 403
    assert str(theirs.pk) not in office.get(reverse("sharing:incidents")).content.decode()
