"""The pictures page and the bytes: one success, and the matrix of everything that must stay closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from deid.states import ArtefactKind
from sharing.errors import LinkClosed
from sharing.models import Link
from sharing.services.links import revoke_links
from sharing.streaming import PIECE
from sharing.views.patient.session import VISIT
from tests.factories.sharing import Scene, make_grant, make_link, make_scene, unrelease
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db

KINDS = [ArtefactKind.STILL_PNG, ArtefactKind.STILL_JPEG, ArtefactKind.THUMBNAIL, ArtefactKind.FILM]
ASKING: dict[str, tuple[str, dict[str, str]]] = {
    "get": ("get", {}),
    "head": ("head", {}),
    "range": ("get", {"Range": "bytes=0-99"}),
    "conditional": ("get", {"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    "conditional range": ("get", {"Range": "bytes=0-99", "If-Range": '"anything"'}),
}


def address_of(scene: Scene, kind: ArtefactKind = ArtefactKind.STILL_PNG, number: int = 1) -> str:
    return reverse("sharing:picture", args=[scene.file(kind, number).pk])


def body_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def as_seen(answer: HttpResponseBase) -> tuple[int, bytes, dict[str, str]]:
    """Return everything a visitor can tell an answer by."""
    return answer.status_code, body_of(answer), dict(answer.items())


def withdraw(scene: Scene) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)


def pages_of(scene: Scene) -> str:
    return scene.open().get(reverse("sharing:pictures")).content.decode()


@pytest.mark.parametrize("film_padding", [None, 0], ids=["still", "film"])
def test_what_may_tell_the_sex_waits_behind_a_question(film_padding: int | None) -> None:
    page = pages_of(make_scene(tells_sex=True, film_padding=film_padding))
    before, _, veiled = page.partition('<details class="veil">')
    assert "1 of 1 may tell the sex. Show it?" in veiled
    assert "<img" not in before + veiled.partition("</details>")[2]
    assert "<video" not in before + veiled.partition("</details>")[2]
    assert "open" not in page.partition("<details")[2].partition(">")[0]
    assert " poster=" not in page
    assert ('loading="lazy"' in veiled) is (film_padding is None)
    assert ('preload="none"' in veiled) is (film_padding is not None)


def test_other_pictures_are_shown_at_once(scene: Scene) -> None:
    assert "veil" not in pages_of(scene)


@pytest.mark.requirement("R30")
def test_a_picture_is_given_with_fixed_headers(scene: Scene) -> None:
    answer = scene.open().get(address_of(scene))
    assert answer.status_code == 200
    assert body_of(answer).startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(scene.file().size)
    assert answer["Content-Disposition"] == 'inline; filename="scan-1.png"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "ETag" not in answer
    assert "Last-Modified" not in answer


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_arrives_whole(kind: ArtefactKind) -> None:
    scene = make_scene(film_padding=0)
    answer = scene.open().get(address_of(scene, kind))
    assert len(body_of(answer)) == scene.file(kind).size


def test_a_head_gives_the_outline_and_leaves_no_entry(scene: Scene) -> None:
    answer = scene.open().head(address_of(scene))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(scene.file().size)
    assert not Entry.objects.filter(event=Event.PICTURE_SERVED).exists()


def test_a_range_is_given_as_asked(scene: Scene) -> None:
    whole = body_of(scene.open().get(address_of(scene)))
    answer = scene.open().get(address_of(scene), headers={"Range": "bytes=10-19"})
    assert (answer.status_code, body_of(answer)) == (206, whole[10:20])
    assert answer["Content-Range"] == f"bytes 10-19/{len(whole)}"


def test_a_range_beyond_the_end_is_refused(scene: Scene) -> None:
    size = scene.file().size
    answer = scene.open().get(address_of(scene), headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{size}"


def test_nothing_stands_in_for_the_guard(scene: Scene) -> None:
    """A conditional request is answered with the bytes, never with "not modified"."""
    browser = scene.open()
    for name in ("conditional", "conditional range"):
        method, headers = ASKING[name]
        answer = getattr(browser, method)(address_of(scene), headers=headers)
        assert answer.status_code == 200
        assert len(body_of(answer)) == scene.file().size


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ArtefactKind.STILL_PNG, "scan-1.png"),
        (ArtefactKind.STILL_JPEG, "scan-1.jpg"),
        (ArtefactKind.FILM, "scan-1.mp4"),
    ],
)
def test_a_saved_file_has_a_neutral_name_and_is_on_the_trail(kind: ArtefactKind, name: str) -> None:
    scene = make_scene(film_padding=0)
    answer = scene.open().get(address_of(scene, kind), {"download": "1"})
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    entry = Entry.objects.get(event=Event.PICTURE_DOWNLOADED)
    assert entry.object_id == scene.file(kind).pk


def test_the_entry_is_on_the_trail_before_the_first_byte(scene: Scene) -> None:
    answer = scene.open().get(address_of(scene))
    assert Entry.objects.filter(event=Event.PICTURE_SERVED, object_id=scene.file().pk).count() == 1
    body_of(answer)


@pytest.fixture(params=["stranger", "forged", "left", "idle", "expired", "revoked", "withdrawn", "held", "foreign"])
def closed(request: pytest.FixtureRequest, later: Clock) -> tuple[Scene, Client]:
    """A scene and a browser for which every picture must be closed, one for each reason."""
    scene = make_scene(pictures=1, film_padding=0)
    if request.param == "stranger":
        return scene, Client()
    if request.param == "forged":
        browser = Client()
        browser.cookies[VISIT.cookie] = "made-up"
        return scene, browser
    browser = scene.open()
    acts: dict[str, Callable[[], object]] = {
        "left": lambda: browser.post(reverse("sharing:leave")),
        "idle": lambda: later(timedelta(minutes=16)),
        "expired": lambda: later(timedelta(days=15)),
        "revoked": lambda: revoke_links(Link.objects.all(), actor=f"user:{scene.clinician.pk}"),
        "withdrawn": lambda: withdraw(scene),
        "held": lambda: unrelease(scene.instances[0]),
        "foreign": lambda: None,
    }
    session = browser.cookies[VISIT.cookie].value
    acts[request.param]()
    browser.cookies[VISIT.cookie] = session
    return (make_scene(film_padding=0), browser) if request.param == "foreign" else (scene, browser)


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R18")
@pytest.mark.requirement("R30")
def test_every_closed_door_looks_the_same(closed: tuple[Scene, Client]) -> None:
    """Every kind of file, asked for in every way, to look at or to keep: the answer is the one a stranger gets."""
    scene, browser = closed
    nowhere = "/v/picture/00000000-0000-4000-8000-000000000000"
    for method, headers in ASKING.values():
        expected = as_seen(getattr(Client(), method)(nowhere))
        assert expected[0] == 404
        for kind in KINDS:
            for query in ("", "?download=1"):
                answer = getattr(browser, method)(f"{address_of(scene, kind)}{query}", headers=headers)
                assert as_seen(answer) == expected


def test_a_link_before_its_time_gives_nothing(scene: Scene, later: Clock) -> None:
    browser = scene.open()
    later(timedelta(days=-1))
    assert browser.get(address_of(scene)).status_code == 404


def test_a_picture_of_another_link_of_the_same_patient_is_closed() -> None:
    scene = make_scene(pictures=2)
    other = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    made = make_link(other, scene.study, scene.clinician)
    browser = scene.open()
    made.link.images.filter(picture_id=scene.instances[1].pk).delete()
    narrow = Client()
    narrow.post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    assert browser.get(address_of(scene, number=2)).status_code == 200
    assert narrow.get(address_of(scene, number=1)).status_code == 200
    assert narrow.get(address_of(scene, number=2)).status_code == 404


def test_a_view_only_link_saves_nothing() -> None:
    scene = make_scene(download=False)
    browser = scene.open()
    assert browser.get(address_of(scene)).status_code == 200
    assert browser.get(address_of(scene), {"download": "1"}).status_code == 404
    assert not Entry.objects.filter(event=Event.PICTURE_DOWNLOADED).exists()


@pytest.mark.requirement("R18")
def test_a_withdrawal_cuts_a_film_under_way() -> None:
    scene = make_scene(film_padding=3 * PIECE)
    pieces = iter(scene.open().get(address_of(scene, ArtefactKind.FILM)).streaming_content)
    assert len(next(pieces)) == PIECE
    assert len(next(pieces)) == PIECE
    withdraw(scene)
    with pytest.raises(LinkClosed):
        next(pieces)
    assert Entry.objects.latest("seq").event == Event.GATE_REFUSED


@pytest.mark.requirement("R18")
def test_the_request_after_a_withdrawal_fails_in_an_open_visit(scene: Scene) -> None:
    browser = scene.open()
    assert browser.get(address_of(scene)).status_code == 200
    withdraw(scene)
    assert browser.get(address_of(scene)).status_code == 404
    assert browser.get(reverse("sharing:pictures")).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_picture_is_only_read(scene: Scene, method: str) -> None:
    assert getattr(scene.open(), method)(address_of(scene)).status_code == 405


def test_the_page_shows_the_pictures_and_what_was_agreed() -> None:
    scene = make_scene(pictures=2, film_padding=0)
    page = scene.open().get(reverse("sharing:pictures"))
    text = page.content.decode()
    assert page.status_code == 200
    assert scene.grant.wording.title in text
    assert address_of(scene, ArtefactKind.FILM, 2) in text
    assert f"{address_of(scene)}?download=1" in text
    assert reverse("sharing:withdraw") in text
    assert scene.clinic.contact in text


@pytest.mark.requirement("R30")
def test_the_page_names_nobody(scene: Scene) -> None:
    text = scene.open().get(reverse("sharing:pictures")).content.decode()
    assert "Testwoman" not in text
    assert "MRN" not in text


def test_a_view_only_page_has_no_button_to_save() -> None:
    scene = make_scene(download=False)
    text = scene.open().get(reverse("sharing:pictures")).content.decode()
    assert "download" not in text
    assert "share.mjs" not in text


def test_the_page_shows_stills_where_there_is_no_film(scene: Scene) -> None:
    text = scene.open().get(reverse("sharing:pictures")).content.decode()
    assert "<video" not in text
    assert address_of(scene, ArtefactKind.STILL_JPEG) in text
