"""Her own page: only her own link leads to it, and it says in plain words what stands and what she can do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consent.ending import suspend
from consent.states import SuspensionCause
from sharing import access
from sharing.keeping import shown_of
from sharing.services.hiding import hide
from tests.factories.sharing import Scene, make_grant, make_link, make_scene
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.care import CareStatus, is_quiet, note_status

pytestmark = pytest.mark.django_db

HERS = [
    ("get", "sharing:purpose", ["own_copy"]),
    ("get", "sharing:her_links", []),
    ("post", "sharing:end_all", []),
    ("get", "sharing:sex", []),
    ("post", "sharing:quiet", []),
]


def home(scene: Scene) -> str:
    return scene.open().get(reverse("sharing:pictures")).content.decode()


def purpose_page(scene: Scene, purpose: str) -> str:
    return scene.open().get(reverse("sharing:purpose", args=[purpose])).content.decode()


def staff_of(scene: Scene) -> str:
    return f"user:{scene.clinician.pk}"


def test_it_works() -> None:
    page = home(make_scene(pictures=2))
    assert "Your scan pictures" in page
    assert "For me" in page
    assert "2 pictures" in page
    assert "Locked: see why" in page
    assert page.count("I can see my name") == 2
    assert "No other link is open" in page


@pytest.mark.parametrize(("method", "name", "args"), HERS, ids=[name for _, name, _ in HERS])
def test_a_guest_meets_the_closed_page(method: str, name: str, args: list[str]) -> None:
    guest = make_scene(purpose="family").open()
    answer = getattr(guest, method)(reverse(name, args=args))
    assert answer.status_code == 404
    assert answer.content == Client().get(reverse("sharing:pictures")).content


@pytest.mark.parametrize(("method", "name", "args"), HERS, ids=[name for _, name, _ in HERS])
def test_a_yes_that_rests_closes_her_page_too(scene: Scene, method: str, name: str, args: list[str]) -> None:
    browser = scene.open()
    suspend(scene.grant, SuspensionCause.DOUBT, actor=staff_of(scene))
    assert getattr(browser, method)(reverse(name, args=args)).status_code == 404
    assert not is_quiet(scene.patient.pk)


def test_a_guest_sees_pictures_only() -> None:
    scene = make_scene(purpose="family")
    page = home(scene)
    assert "A name can be seen" in page
    for words in ("Who can look", "End all sharing", "For me", "Yours to decide"):
        assert words not in page


@pytest.mark.parametrize("status", [CareStatus.ON_HOLD, CareStatus.LOSS, CareStatus.NOT_SAID])
def test_quiet_drops_the_cheer_and_keeps_the_pictures_behind_a_question(status: CareStatus) -> None:
    """The page is the same for all three, so that it does not tell which."""
    scene = make_scene(film_padding=0)
    cheerful = home(scene)
    note_status(scene.patient, status, actor=staff_of(scene))
    page = home(scene)
    assert "light heart" in cheerful
    assert "light heart" not in page
    before, _, veiled = page.partition('<details class="veil">')
    assert "<img" not in before
    assert "<video" not in before
    assert "Show my pictures" in veiled
    assert ' poster="' not in page.replace('data-poster="', "")
    assert "take all the time you need" in page.lower()
    assert not any(word in page.lower() for word in ("loss", "hold", "baby", "congrat"))


def test_she_asks_for_quiet_herself(scene: Scene) -> None:
    browser = scene.open()
    assert browser.post(reverse("sharing:quiet")).status_code == 302
    assert is_quiet(scene.patient.pk)
    assert browser.post(reverse("sharing:quiet")).status_code == 302
    assert Entry.objects.filter(event="care_status_noted").count() == 1
    assert "Yes, please keep quiet" not in browser.get(reverse("sharing:pictures")).content.decode()


def test_she_is_told_weeks_before_the_end_but_not_in_quiet(scene: Scene, later: Clock) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, days=50)
    made = make_link(grant, scene.study, scene.clinician)
    browser = Client()
    both = {"secret": made.secret, "code": made.code}
    browser.post(reverse("sharing:open"), both)
    assert "Here until" not in browser.get(reverse("sharing:pictures")).content.decode()
    later(timedelta(days=9))
    browser.post(reverse("sharing:open"), both)
    assert "Here until" in browser.get(reverse("sharing:pictures")).content.decode()
    note_status(scene.patient, CareStatus.LOSS, actor=staff_of(scene))
    assert "Here until" not in browser.get(reverse("sharing:pictures")).content.decode()


def test_what_waits_is_told_where_no_picture_is_left(scene: Scene) -> None:
    browser = scene.open()
    hide(scene.link, scene.instances[0].pk)
    page = browser.get(reverse("sharing:pictures")).content.decode()
    assert "One picture is hidden, because somebody saw a name in it" in page
    assert "<img" not in page


def test_what_may_tell_the_sex_waits_for_her_word() -> None:
    scene = make_scene(tells_sex=True, sex_wanted=False)
    page = home(scene)
    assert "One picture waits for your word" in page
    assert "<img" not in page
    assert str(scene.file().pk) not in page


def test_a_locked_shelf_says_what_is_missing_and_how_to_decide(scene: Scene) -> None:
    page = purpose_page(scene, "family")
    assert "Nobody has asked you about this yet" in page
    assert scene.clinic.contact in page
    assert "<img" not in page


def test_a_shelf_shows_the_pictures_of_its_answer_alone() -> None:
    scene = make_scene(pictures=2)
    shown = [one for one in shown_of(access.released(scene.study.pk)) if one.picture_id == scene.instances[0].pk]
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family", shown=shown)
    page = purpose_page(scene, "family")
    assert page.count("<img") == 1
    assert "One picture that you agreed to" in page
    assert "One other picture of yours is not part of it" in page
    assert purpose_page(scene, "own_copy").count("<img") == 2


def test_an_unknown_shelf_is_absent(scene: Scene) -> None:
    assert scene.open().get(reverse("sharing:purpose", args=["gossip"])).status_code == 404


def test_she_is_told_once_that_somebody_opened_a_link_for_the_first_time(scene: Scene, later: Clock) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    made = make_link(grant, scene.study, scene.clinician)
    assert "for the first time" not in home(scene)
    later(timedelta(minutes=1))
    Client().post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    later(timedelta(minutes=1))
    assert home(scene).count("was opened for the first time") == 1
    later(timedelta(minutes=1))
    Client().post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    assert "for the first time" not in home(scene)


def test_in_quiet_nobody_tells_of_openings(scene: Scene) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    made = make_link(grant, scene.study, scene.clinician)
    Client().post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    note_status(scene.patient, CareStatus.LOSS, actor=staff_of(scene))
    assert "for the first time" not in home(scene)
