"""Saving from the patient's page: one, some, all, on paper, and what must stay closed."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from deid.engine.formats import Format
from sharing.errors import LinkClosed
from sharing.models import Link
from sharing.services.links import revoke_links
from tests.factories.renders import place_renders, render_of
from tests.factories.sharing import Scene, make_scene, unrelease
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db
SAVE, PAPER = reverse("sharing:save"), reverse("sharing:paper")


def ready(**terms: object) -> Scene:
    scene = make_scene(**terms)  # type: ignore[arg-type]
    for instance in scene.instances:
        place_renders(instance)
    return scene


def withdraw(scene: Scene) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)


def zipped(browser: Client, asked: dict[str, object]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(browser.get(SAVE, asked).streaming_content)))  # type: ignore[attr-defined]


def test_it_works() -> None:
    scene = ready()
    browser = scene.open()
    answer = browser.get(SAVE, {"shape": "square"}, follow=True)
    assert answer["Content-Disposition"] == 'attachment; filename="scan-1-square.jpg"'
    assert len(b"".join(answer.streaming_content)) == render_of(scene.instances[0]).size  # type: ignore[attr-defined]
    entry = Entry.objects.get(event=Event.PICTURE_DOWNLOADED)
    assert (entry.object_id, entry.detail["file"]) == (scene.file().pk, "scan-1-square")


def test_several_come_as_one_zip_each_on_record() -> None:
    scene = ready(pictures=3)
    with zipped(scene.open(), {"shape": "story"}) as bundle:
        assert bundle.namelist() == ["scan-1-story.jpg", "scan-2-story.jpg", "scan-3-story.jpg"]
        assert bundle.testzip() is None
    assert Entry.objects.filter(event=Event.PICTURE_DOWNLOADED).count() == 3


def test_some_can_be_chosen() -> None:
    scene = ready(pictures=3)
    keys = [str(scene.instances[number].pk) for number in (0, 2)]
    with zipped(scene.open(), {"shape": "original", "picture": keys}) as bundle:
        assert bundle.namelist() == ["scan-1-original.jpg", "scan-3-original.jpg"]


@pytest.mark.requirement("R18")
def test_a_zip_under_way_ends_with_a_withdrawal() -> None:
    scene = ready(pictures=3)
    answer = scene.open().get(SAVE, {"shape": "square"})
    pieces = iter(answer.streaming_content)  # type: ignore[attr-defined]
    sent = next(pieces)
    withdraw(scene)
    with pytest.raises(LinkClosed):
        list(pieces)
    assert not zipfile.is_zipfile(io.BytesIO(sent))


def test_the_page_offers_shapes_films_and_pictures_without_a_script() -> None:
    page = ready(pictures=2, film_padding=0).open().get(reverse("sharing:pictures")).content.decode()
    for value in ("original", "square", "portrait", "story", "print", "film", "loop", "still"):
        assert f'value="{value}"' in page
    assert page.count('name="picture"') == 2
    assert "hidden data-prepare" in page
    assert "hidden data-share-files" in page
    assert "More shapes are being made" not in page
    assert len(page.encode()) < 30_000


@pytest.mark.django_db(transaction=True)
def test_until_all_is_made_the_page_says_so() -> None:
    page = make_scene().open().get(reverse("sharing:pictures")).content.decode()
    assert "More shapes are being made" in page


@pytest.mark.requirement("R19")
def test_paper_shows_a_sheet_each_and_printing_counts_as_saved() -> None:
    scene = ready(pictures=2)
    browser = scene.open()
    page = browser.get(PAPER).content.decode()
    sheet = reverse("sharing:picture", args=[render_of(scene.instances[1], Format.PRINT).pk])
    assert f'src="{sheet}?download=1"' in page
    assert page.count("<figure") == 2
    b"".join(browser.get(f"{sheet}?download=1").streaming_content)  # type: ignore[attr-defined]
    assert Entry.objects.get(event=Event.PICTURE_DOWNLOADED).detail["file"] == "scan-2-print"


@pytest.mark.parametrize("asked", [{"shape": "round"}, {"moving": "x"}, {"picture": "none"}, {"picture": str(4) * 32}])
@pytest.mark.parametrize("address", [SAVE, PAPER])
def test_a_choice_that_no_page_offers_is_closed(address: str, asked: dict[str, str]) -> None:
    answer = ready().open().get(address, asked)
    assert answer.status_code == 404
    assert b"This page is closed" in answer.content


def test_nothing_is_saved_through_a_link_to_look_at() -> None:
    scene = ready(download=False)
    browser = scene.open()
    render = reverse("sharing:picture", args=[render_of(scene.instances[0]).pk])
    for address in (SAVE, PAPER, render, f"{render}?download=1"):
        assert browser.get(address).status_code == 404
    assert "data-saving" not in browser.get(reverse("sharing:pictures")).content.decode()


@pytest.mark.requirement("R1")
@pytest.mark.parametrize("ending", ["withdrawn", "revoked", "unreleased", "left", "stranger", "another"])
@pytest.mark.parametrize("way", ["get", "head", "range"])
def test_every_door_to_a_render_is_closed_like_the_pictures_own(ending: str, way: str) -> None:
    scene = ready(pictures=2)
    browser = Client() if ending == "stranger" else scene.open()
    render = render_of(scene.instances[0]).pk
    if ending == "withdrawn":
        withdraw(scene)
    elif ending == "revoked":
        revoke_links(Link.objects.all(), actor="system:test")
    elif ending == "unreleased":
        for instance in scene.instances:
            unrelease(instance)
    elif ending == "left":
        browser.post(reverse("sharing:leave"))
    elif ending == "another":
        browser = ready().open()
    ask = browser.head if way == "head" else browser.get
    headers = {"Range": "bytes=0-9"} if way == "range" else {}
    assert ask(reverse("sharing:picture", args=[render]), headers=headers).status_code == 404
    if ending != "another":
        assert browser.get(SAVE, {"shape": "square"}).status_code == 404
        assert browser.get(PAPER).status_code == 404
    assert not Entry.objects.filter(event=Event.PICTURE_DOWNLOADED).exists()
