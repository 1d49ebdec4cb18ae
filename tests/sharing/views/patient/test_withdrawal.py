"""Taking it back."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from consent.models import Withdrawal
from consent.services import withdraw_consent
from consent.states import GrantState, WithdrawalChannel
from sharing.models import Link
from sharing.views.patient.session import VISIT
from tests.factories.sharing import Scene, make_grant, make_link, make_released, make_scene, make_study
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def address_of(scene: Scene) -> str:
    return reverse("sharing:picture", args=[scene.file().pk])


@pytest.mark.requirement("R18")
def test_two_tabs_and_one_withdrawal(scene: Scene) -> None:
    """What the other tab still shows leads nowhere: no page, no picture, no ZIP and no second withdrawal."""
    tab, other = scene.open(), Client()
    other.cookies[VISIT.cookie] = tab.cookies[VISIT.cookie].value
    assert other.get(address_of(scene)).status_code == 200
    tab.post(reverse("sharing:withdraw"))
    closed = [other.get(reverse(f"sharing:{page}")) for page in ("pictures", "save", "paper", "her_links", "withdraw")]
    closed += [other.get(address_of(scene)), other.post(reverse("sharing:withdraw"))]
    assert {answer.status_code for answer in closed} == {404}
    assert len({answer.content for answer in closed}) == 1
    assert Withdrawal.objects.count() == 1
    assert Entry.objects.filter(event=Event.LINK_REFUSED).exists()


@pytest.mark.requirement("R17")
@pytest.mark.requirement("R18")
def test_taking_back_is_two_steps_from_the_pictures_and_acts_at_once(scene: Scene) -> None:
    """The pictures page leads to one page with one button; afterwards no byte of any link is given."""
    other = make_link(scene.grant, scene.study, scene.clinician)
    guest = Client()
    guest.post(reverse("sharing:open"), {"secret": other.secret, "code": other.code})
    browser = scene.open()
    session = browser.cookies[VISIT.cookie].value
    assert browser.get(reverse("sharing:withdraw")).status_code == 200
    done = browser.post(reverse("sharing:withdraw"))
    assert done.status_code == 200
    browser.cookies[VISIT.cookie] = session
    for visitor in (browser, guest):
        assert visitor.get(address_of(scene)).status_code == 404
    scene.grant.refresh_from_db()
    assert scene.grant.state == GrantState.WITHDRAWN
    assert Withdrawal.objects.get().channel == WithdrawalChannel.LINK
    assert not Link.objects.filter(revoked_at=None).exists()
    assert Entry.objects.filter(event=Event.LINK_REVOKED).count() == 2


@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
def test_both_pages_carry_the_words_that_were_signed(scene: Scene) -> None:
    browser = scene.open()
    for answer in (browser.get(reverse("sharing:withdraw")), browser.post(reverse("sharing:withdraw"))):
        text = answer.content.decode()
        assert scene.grant.wording.withdrawal_limits[:60] in text
        assert scene.grant.wording.care_unaffected[:60] in text


@pytest.mark.requirement("R19")
def test_saved_copies_are_named_honestly(scene: Scene) -> None:
    browser = scene.open()
    assert "nobody has saved" in browser.get(reverse("sharing:withdraw")).content.decode()
    browser.get(address_of(scene), {"download": "1"})
    browser.get(address_of(scene), {"download": "1"}, headers={"Range": "bytes=5-9"})
    text = browser.get(reverse("sharing:withdraw")).content.decode()
    assert "1 file</li>" in text
    assert "1 file</li>" in browser.post(reverse("sharing:withdraw")).content.decode()


def test_what_was_taken_back_elsewhere_is_closed(scene: Scene) -> None:
    browser = scene.open()
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert browser.get(reverse("sharing:withdraw")).status_code == 404
    assert browser.post(reverse("sharing:withdraw")).status_code == 404


def test_a_forged_request_takes_nothing_back(scene: Scene) -> None:
    browser = Client(enforce_csrf_checks=True)
    scene.open(browser)
    assert browser.post(reverse("sharing:withdraw")).status_code == 403
    assert not Withdrawal.objects.exists()


@pytest.mark.requirement("R20")
@pytest.mark.parametrize("purpose", ["family", "social_media"])
def test_a_guest_cannot_take_back_what_the_patient_gave(purpose: str) -> None:
    scene = make_scene(purpose=purpose)
    browser, address = scene.open(), reverse("sharing:withdraw")
    page = browser.get(reverse("sharing:pictures")).content.decode()
    assert "What the patient agreed to" in page
    assert "please leave this choice to the person who was scanned" in page
    text = browser.get(address).content.decode()
    assert "Only the person who was scanned decides" in text
    assert scene.clinic.contact in text
    assert "Take it back now" not in text
    for data in ({}, {"grant": str(scene.grant.pk)}):
        assert browser.post(address, data).status_code == 403
    scene.grant.refresh_from_db()
    assert scene.grant.state == GrantState.ACTIVE
    assert browser.get(address_of(scene)).status_code == 200


def test_a_guest_does_not_learn_when_the_yes_ends() -> None:
    """A yes that ends on the day the patient comes of age would tell her birthday."""
    scene = make_scene(purpose="family")
    assert scene.grant.valid_until is not None
    page = scene.open().get(reverse("sharing:pictures")).content.decode()
    assert date_format(scene.grant.valid_until, "j F Y") not in page


@pytest.mark.requirement("R17")
def test_her_own_link_takes_back_what_she_passed_on_and_stays_open(scene: Scene) -> None:
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    passed_on = make_link(family, scene.study, scene.clinician)
    guest = Client()
    guest.post(reverse("sharing:open"), {"secret": passed_on.secret, "code": passed_on.code})
    browser = scene.open()
    page = browser.get(reverse("sharing:withdraw")).content.decode()
    assert page.count('aria-label="Take it back now: ') == 2
    done = browser.post(reverse("sharing:withdraw"), {"grant": str(family.pk)}).content.decode()
    assert "Back to your pictures" in done
    assert guest.get(reverse("sharing:pictures")).status_code == 404
    assert browser.get(reverse("sharing:pictures")).status_code == 200


@pytest.mark.parametrize("what", ["another patient", "another study", "nothing", "nonsense"])
def test_her_own_link_takes_back_nothing_else(scene: Scene, what: str) -> None:
    other = make_scene()
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    grant = {
        "another patient": str(other.grant.pk),
        "another study": str(make_grant(scene.patient, scene.clinician, later).pk),
        "nothing": "00000000-0000-4000-8000-000000000000",
        "nonsense": "all of them",
    }[what]
    assert scene.open().post(reverse("sharing:withdraw"), {"grant": grant}).status_code == 404
    assert not Withdrawal.objects.exists()


def test_the_patient_herself_is_spoken_to_as_such(scene: Scene) -> None:
    browser, address = scene.open(), reverse("sharing:withdraw")
    pages = [browser.get(reverse("sharing:pictures")), browser.get(address), browser.post(address)]
    assert not [page for page in pages if "the person who was scanned" in page.content.decode()]
    assert "Your yes is taken back" in pages[-1].content.decode()


@pytest.mark.requirement("R17")
def test_taking_back_one_scan_leaves_the_other_open(scene: Scene) -> None:
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    grant = make_grant(scene.patient, scene.clinician, later)
    other = make_link(grant, later, scene.clinician)
    scene.open().post(reverse("sharing:withdraw"))
    visitor = Client()
    visitor.post(reverse("sharing:open"), {"secret": other.secret, "code": other.code})
    assert visitor.get(reverse("sharing:pictures")).status_code == 200
