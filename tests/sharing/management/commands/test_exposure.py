"""One command lists what was exposed."""

import csv
import io
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from sharing import access
from tests.factories.sharing import Scene
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.services import display_name

pytestmark = pytest.mark.django_db


def listed(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("exposure", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.requirement("R51")
def test_the_list_comes_in_one_command(scene: Scene) -> None:
    access.read(scene.visit(), scene.file().pk, 0, 16, event=Event.PICTURE_SERVED)
    for narrowing in (
        ("--study", str(scene.study.pk)),
        ("--patient", str(scene.patient.pk)),
        ("--link", str(scene.link.pk), "--since", "2020-01-01"),
    ):
        [row] = listed(*narrowing)
        assert row["seen by"] == f"link:{scene.link.pk}"
        assert (row["picture"], row["times shown"]) == (str(scene.instances[0].pk), "1")
    assert listed("--staff", scene.clinician.email.upper()) == []
    assert listed("--until", "2020-01-01T08:30") == []
    assert Entry.objects.filter(event=Event.EXPOSURE_LISTED).count() == 5


def test_it_names_nobody(scene: Scene) -> None:
    access.read(scene.visit(), scene.file().pk, 0, 16, event=Event.PICTURE_SERVED)
    out = io.StringIO()
    call_command("exposure", stdout=out)
    assert display_name(scene.patient) not in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--study", str(uuid4())), "no study"),
        (("--link", str(uuid4())), "no link"),
        (("--staff", "nobody@example.org"), "Nobody on the staff"),
        (("--since", "yesterday"), "a day such as"),
        (("--since", "2026-02-30"), "a day such as"),
    ],
    ids=["study", "link", "staff", "no-day", "no-such-day"],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("exposure", *arguments)
