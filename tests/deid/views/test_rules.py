"""The page of rules: what is remembered for machines, and how many people it takes."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.engine.geometry import Box, Why
from deid.models import DeviceRule, Instance
from deid.services import gates, machines
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
URL = "/desk/rules/"


@pytest.fixture
def instance(clinic: Clinic) -> Instance:
    made = make_picture(make_study(clinic))
    made.machine = machines.find_or_create(clinic, manufacturer="Orbelle", model="8", station="ROOM 2")
    made.covers = [Box(4, 5, 20, 10, 0, 0, Why.MANUAL).to_json()]
    made.save()
    return made


def remember(browser: Client, instance: Instance) -> object:
    return browser.post(reverse("deid:remember", args=[instance.pk]))


def test_covers_are_remembered_listed_and_switched_off(
    sonographer: Client, administrator: Client, instance: Instance
) -> None:
    page = sonographer.get(reverse("deid:review", args=[instance.pk])).content.decode()
    assert "Remember for this machine" in page
    remember(sonographer, instance)
    rule = DeviceRule.objects.get()
    instance.current_run.device_rule = rule
    instance.current_run.save()
    page = administrator.get(URL).content.decode()
    assert "Orbelle 8, ROOM 2" in page
    assert administrator.get(URL).context["lines"][0].applied == 1
    administrator.post(reverse("deid:rule_off", args=[rule.pk]))
    assert "Off since" in administrator.get(URL).content.decode()


def test_a_picture_without_covers_or_machine_offers_nothing_to_remember(clinician: Client, instance: Instance) -> None:
    Instance.objects.filter(pk=instance.pk).update(covers=[])
    page = clinician.get(reverse("deid:review", args=[instance.pk])).content.decode()
    assert "Remember for this machine" not in page
    assert remember(clinician, instance).status_code == 302
    assert not DeviceRule.objects.exists()


def test_two_people_are_asked_and_no_longer(administrator: Client, clinic: Clinic) -> None:
    assert "Nothing is remembered yet" in administrator.get(URL).content.decode()
    administrator.post(reverse("deid:rules_gates"), {"second_person": "on"})
    assert gates.needs_second_person(clinic)
    assert "checked" in administrator.get(URL).content.decode()
    administrator.post(reverse("deid:rules_gates"))
    assert not gates.needs_second_person(clinic)


@pytest.mark.requirement("R42")
def test_rules_are_the_administrators_and_of_one_clinic(
    clinician: Client, outsider: Client, administrator: Client, instance: Instance
) -> None:
    remember(clinician, instance)
    off = reverse("deid:rule_off", args=[DeviceRule.objects.get().pk])
    assert [clinician.get(URL).status_code, clinician.post(off).status_code] == [403, 403]
    assert clinician.post(reverse("deid:rules_gates")).status_code == 403
    assert remember(outsider, instance).status_code == 404
    DeviceRule.objects.update(
        machine=machines.find_or_create(make_study().clinic, manufacturer="X", model="", station="")
    )
    assert administrator.post(off).status_code == 404


def test_the_rules_are_listed_with_a_constant_number_of_queries(
    administrator: Client, instance: Instance, django_assert_max_num_queries: object
) -> None:
    remember(administrator, instance)
    for number in range(12):
        machine = machines.find_or_create(instance.clinic, manufacturer="Orbelle", model="8", station=str(number))
        rule = DeviceRule.objects.latest("made_at")
        DeviceRule.objects.create(machine=machine, rows=1, columns=1, boxes=[], made_by=rule.made_by)
    with django_assert_max_num_queries(14):
        administrator.get(URL)
