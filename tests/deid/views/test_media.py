"""Files of a picture go to the clinic's own staff only, whole or in part."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Artefact, Instance
from deid.states import ArtefactKind, InstanceState
from tests.factories.pictures import make_picture, make_run, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(clinic: Clinic) -> Instance:
    return make_picture(make_study(clinic), InstanceState.HELD)


@pytest.fixture
def artefact(instance: Instance) -> Artefact:
    return Artefact.objects.get(instance=instance, kind=ArtefactKind.SOURCE_STILL)


@pytest.fixture
def url(artefact: Artefact) -> str:
    return reverse("deid:media", args=[artefact.pk])


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_it_streams_the_file_unchanged_and_uncached(sonographer: Client, url: str, artefact: Artefact) -> None:
    response = sonographer.get(url)
    data = body(response)
    assert response.status_code == 200
    assert data.startswith(b"source_still")
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(len(data))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("bytes=0-3", 0, 4), ("bytes=5-", 5, None), ("bytes=-4", -4, None)]
)
def test_a_range_gives_just_that_part(
    sonographer: Client, url: str, artefact: Artefact, asked: str, start: int, stop: int | None
) -> None:
    whole = body(sonographer.get(url))
    response = sonographer.get(url, headers={"Range": asked})
    assert response.status_code == 206
    assert body(response) == whole[start:stop]
    assert response["Content-Range"].endswith(f"/{artefact.size}")


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_had(sonographer: Client, url: str, artefact: Artefact, asked: str) -> None:
    response = sonographer.get(url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{artefact.size}"


@pytest.mark.parametrize("asked", ["bytes=5-2", "pages=1-2", "bytes=0-1,3-4", "bytes=-"])
def test_what_is_no_range_gives_the_whole(sonographer: Client, url: str, asked: str) -> None:
    assert sonographer.get(url, headers={"Range": asked}).status_code == 200


def test_head_has_the_length_and_no_body(sonographer: Client, url: str, artefact: Artefact) -> None:
    response = sonographer.head(url)
    assert response["Content-Length"] == str(artefact.size)
    assert body(response) == b""


def test_every_look_is_on_the_trail(sonographer: Client, url: str, artefact: Artefact) -> None:
    sonographer.get(url)
    entry = Entry.objects.get(event="picture_viewed_by_staff")
    assert (entry.object_id, entry.detail) == (artefact.pk, {"kind": "source_still"})


@pytest.mark.requirement("R42")
def test_another_clinic_finds_nothing_and_leaves_no_look(outsider: Client, url: str) -> None:
    assert outsider.get(url).status_code == 404
    assert not Entry.objects.filter(event="picture_viewed_by_staff").exists()


def test_a_stranger_is_sent_to_sign_in(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 302
    assert reverse("clinics:sign_in") in response["Location"]


def test_nothing_can_be_posted(sonographer: Client, url: str) -> None:
    assert sonographer.post(url).status_code == 405


def test_a_file_of_a_former_run_is_gone(sonographer: Client, url: str, instance: Instance) -> None:
    instance.current_run = make_run(instance, "text_left")
    instance.save()
    assert sonographer.get(url).status_code == 404


def test_a_destroyed_file_is_gone(sonographer: Client, url: str, artefact: Artefact) -> None:
    shred(artefact.object_id)
    assert sonographer.get(url).status_code == 404


def test_an_original_has_no_address(sonographer: Client, instance: Instance) -> None:
    assert sonographer.get(reverse("deid:media", args=[instance.original_id])).status_code == 404
