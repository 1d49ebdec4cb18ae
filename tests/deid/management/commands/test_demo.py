"""The demo clinic, through the real gate."""

import io
import re
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from deid.management.commands.demo import BACKGROUND, CLINIC, INK, STAFF, WORDS
from deid.models import Instance, Study
from deid.services.processing import process
from deid.states import InstanceState
from tests.factories.clinics import make_clinic
from ultrasound_portal.clinics.colours import contrast
from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import joined, parted
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.models import Patient


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.PORTAL_BIND = "127.0.0.1"


def demo(*flags: str) -> str:
    out = io.StringIO()
    call_command("demo", *flags, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_first_start_makes_a_whole_clinic_and_the_next_one_nothing() -> None:
    text = demo()
    clinic = Clinic.objects.get(name=CLINIC)
    assert {m.held for m in Membership.objects.filter(clinic=clinic)} == {
        parted(joined(roles)) for roles, _, _ in STAFF
    }
    assert all(user.check_password(WORDS) for user in User.objects.all())
    assert current_brand(clinic).logo_id is not None
    assert Patient.objects.filter(clinic=clinic).count() == Study.objects.count() == 2
    assert Instance.objects.filter(frames__lte=1).count() >= 5
    assert Instance.objects.filter(frames__gt=1).count() == 1
    assert Job.objects.count() == Instance.objects.count()
    for word in (WORDS, "/sign-in/", *(email for _, email, _ in STAFF)):
        assert word in text
    before = Instance.objects.count()
    assert UUID(demo("--print-clinic").strip()) == clinic.pk
    assert Instance.objects.count() == before


@pytest.mark.django_db
@pytest.mark.requirement("R36")
def test_the_page_of_text_is_held_and_the_picture_without_regions_comes_out_clean() -> None:
    demo()
    by_study = {
        (instance.study.received_at, instance.number): instance
        for instance in Instance.objects.select_related("study").order_by("study__received_at", "number")
    }
    first, second = sorted({received for received, _ in by_study})
    for instance in (by_study[first, 5], by_study[second, 2]):
        process(Job.objects.get(object_id=instance.id).id)
    assert Instance.objects.get(pk=by_study[first, 5].pk).state == InstanceState.HELD
    assert Instance.objects.get(pk=by_study[second, 2].pk).state == InstanceState.CLEAN


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.4.7", "portal.example", "::"])
def test_an_address_that_others_reach_is_refused(address: str, settings: Settings) -> None:
    settings.PORTAL_BIND = address
    with pytest.raises(CommandError, match="loopback"):
        demo()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_a_loopback_address_will_do(address: str, settings: Settings) -> None:
    settings.PORTAL_BIND = address
    Clinic.objects.create(name=CLINIC, contact="nobody")
    assert re.search(r"http://(localhost|127\.0\.0\.1|\[::1\]):\d+/sign-in/", demo())


def test_without_the_demo_switch_nothing_happens(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo is off"):
        demo()


def test_the_brand_is_readable() -> None:
    assert contrast(BACKGROUND, INK) >= 7


@pytest.mark.django_db
def test_a_folder_with_a_real_clinic_gets_no_demo() -> None:
    make_clinic("Hillside Scans")
    with pytest.raises(CommandError, match="--empty"):
        call_command("demo")
    assert Clinic.objects.get().name == "Hillside Scans"
    assert not User.objects.filter(email__endswith="@demo.example").exists()
