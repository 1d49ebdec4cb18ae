"""Links at the desk."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from sharing.models import Link
from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene, make_grant, make_link, make_released, make_scene, make_study, unrelease
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def test_a_link_that_sends_its_codes_is_made_at_the_desk(scene: Scene, desk: Client, settings: Settings) -> None:
    new = reverse("sharing:link_new", args=[scene.study.pk, "own_copy"])
    assert "text message" not in desk.get(new).content.decode()  # no sender is set up
    settings.MESSAGE_SENDERS = {"email": "", "sms": "sharing.senders.files.FileSender"}
    page = desk.get(new).content.decode()
    assert "A code by text message" in page
    assert "A code by e-mail" not in page
    sms = {"second_secret": "sms", "contact": "+44 1632 960123", "visit_minutes": "30"}
    for wrong in ({**sms, "contact": ""}, {**sms, "contact": "call me"}, {**sms, "second_secret": "email"}):
        assert desk.post(made(scene), terms(scene, **wrong)).status_code == 422
    shown = desk.post(made(scene), terms(scene, **sms)).content.decode()
    assert "The code goes to the number that you wrote" in shown
    assert 'id="code"' not in shown
    assert "960123" not in shown
    link = Link.objects.latest("created_at")
    assert (link.second_secret, link.visit_minutes) == ("sms", 30)


@pytest.mark.requirement("R44")
def test_a_link_may_open_on_a_later_day(scene: Scene, desk: Client) -> None:
    day = timezone.localdate() + timedelta(days=3)
    for wrong in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=15)):
        assert desk.post(made(scene), terms(scene, opens=wrong.isoformat())).status_code == 422
    assert desk.post(made(scene), terms(scene, opens=day.isoformat())).status_code == 200
    link = Link.objects.latest("created_at")
    assert timezone.localtime(link.not_before).date() == day
    assert "Not open yet" in desk.get(listing(scene)).content.decode()


def test_every_link_of_a_patient_ends_after_a_question(scene: Scene, desk: Client) -> None:
    elsewhere = make_study(scene.clinic, scene.patient)
    make_released(elsewhere, scene.clinician)
    make_link(make_grant(scene.patient, scene.clinician, elsewhere), elsewhere, scene.clinician)
    stranger = make_scene()
    address = reverse("sharing:patient_revoke", args=[scene.study.pk])
    assert "2 links of all studies end at once" in desk.get(address).content.decode()
    assert not Link.objects.exclude(revoked_at=None).exists()
    assert "2 links of this patient closed for good" in desk.post(address, follow=True).content.decode()
    assert set(Link.objects.filter(revoked_at=None)) == {stranger.link}
    assert desk.post(reverse("sharing:patient_revoke", args=[stranger.study.pk])).status_code == 404


def listing(scene: Scene) -> str:
    return reverse("sharing:links", args=[scene.study.pk])


def made(scene: Scene, purpose: str = "own_copy") -> str:
    return reverse("sharing:link_created", args=[scene.study.pk, purpose])


def terms(scene: Scene, **changes: object) -> dict[str, object]:
    return {
        "submission": str(uuid4()),
        "nickname": "grandmother",
        "recipient_check": "in_person",
        "pictures": [str(instance.pk) for instance in scene.instances],
        "until": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "max_openings": "50",
        "download_allowed": "on",
        **changes,
    }


def test_it_works(scene: Scene, desk: Client) -> None:
    """The secret and the code on the page open the pictures."""
    page = desk.post(made(scene), terms(scene))
    assert page.status_code == 200
    text = page.content.decode()
    address = re.search(r'id="address">http://testserver(/v/)#([\w-]+)<', text)
    code = re.search(r'id="code">([\w-]+)<', text)
    assert address is not None
    assert code is not None
    visitor = Client()
    opened = visitor.post(reverse("sharing:open"), {"secret": address[2], "code": code[1]})
    assert opened.status_code == 302
    assert visitor.get(opened["Location"]).status_code == 200


@pytest.mark.requirement("R43")
def test_the_code_stands_on_a_card_of_its_own(scene: Scene, desk: Client) -> None:
    text = desk.post(made(scene), terms(scene)).content.decode()
    link_slip, code_slip = text.split("</section>")[:2]
    code = re.search(r'id="code">([\w-]+)<', code_slip)
    assert code is not None
    assert code[1] not in link_slip
    assert "/v/#" not in code_slip


def test_the_secrets_are_shown_once_and_not_kept_by_the_browser(scene: Scene, desk: Client) -> None:
    page = desk.post(made(scene), terms(scene))
    assert "no-store" in page["Cache-Control"]
    code = page.context["code"]
    assert code not in desk.get(listing(scene)).content.decode()


def test_a_page_sent_twice_makes_one_link(scene: Scene, desk: Client) -> None:
    data = terms(scene)
    desk.post(made(scene), data)
    again = desk.post(made(scene), data)
    assert again.status_code == 422
    assert "shown once" in again.content.decode()
    assert Link.objects.count() == 2


def test_the_form_proposes_short_terms(scene: Scene, desk: Client) -> None:
    page = desk.get(reverse("sharing:link_new", args=[scene.study.pk, "own_copy"]))
    text = page.content.decode()
    assert (timezone.localdate() + timedelta(days=14)).isoformat() in text
    assert str(scene.instances[0].pk) in text


@pytest.mark.parametrize(
    "changes", [{"recipient_check": ""}, {"nickname": ""}, {"pictures": []}, {"until": "2400-01-01"}]
)
def test_incomplete_terms_make_no_link(scene: Scene, desk: Client, changes: dict[str, object]) -> None:
    page = desk.post(made(scene), terms(scene, **changes))
    assert page.status_code == 422
    assert "not made yet" in page.content.decode()
    assert Link.objects.count() == 1


@pytest.mark.requirement("R4")
def test_what_may_tell_the_sex_is_named_and_left_unticked_for_others() -> None:
    scene = make_scene(purpose="family", tells_sex=True)
    browser = Client()
    browser.force_login(scene.clinician)
    page = browser.get(reverse("sharing:link_new", args=[scene.study.pk, "family"])).content.decode()
    assert "tick that only if the recipient may know" in page
    assert page.count("Picture 1 may tell the sex. Show it?") == 1
    assert page.index('<details class="veil">') < page.index("<img")


def test_a_purpose_without_a_yes_has_no_form(scene: Scene, desk: Client) -> None:
    assert desk.get(reverse("sharing:link_new", args=[scene.study.pk, "family"])).status_code == 404
    assert desk.post(made(scene, "family"), terms(scene)).status_code == 404


@pytest.mark.requirement("R10")
def test_a_yes_about_another_study_has_no_form_here(scene: Scene, desk: Client) -> None:
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    assert desk.get(reverse("sharing:link_new", args=[later.pk, "own_copy"])).status_code == 404
    assert desk.post(reverse("sharing:link_created", args=[later.pk, "own_copy"]), terms(scene)).status_code == 404
    assert "Agreed until" not in desk.get(reverse("sharing:links", args=[later.pk])).content.decode()


def test_without_a_shareable_picture_the_page_says_what_to_do(scene: Scene, desk: Client) -> None:
    unrelease(scene.instances[0])
    text = desk.get(reverse("sharing:link_new", args=[scene.study.pk, "own_copy"])).content.decode()
    assert "No picture can be shared" in text


def test_the_list_tells_what_became_of_each_link(scene: Scene, desk: Client) -> None:
    scene.visit()
    Link.objects.update(failed_attempts=2)
    text = desk.get(listing(scene)).content.decode()
    assert "patient" in text
    assert "1 of 50" in text
    assert "2 wrong codes" in text
    assert "badge--active" in text


def test_an_empty_list_says_what_to_do(scene: Scene, desk: Client) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    text = desk.get(listing(scene)).content.decode()
    assert "Ask first" in text
    assert "Consent no longer holds" in text
    Link.objects.all().delete()
    assert "No link yet" in desk.get(listing(scene)).content.decode()


def test_one_link_is_revoked(scene: Scene, desk: Client) -> None:
    other = make_link(scene.grant, scene.study, scene.clinician)
    browser = scene.open()
    answer = desk.post(reverse("sharing:link_revoke", args=[scene.link.pk]), follow=True)
    assert "is closed" in answer.content.decode()
    assert browser.get(reverse("sharing:pictures")).status_code == 404
    other.link.refresh_from_db()
    assert other.link.revoked_at is None


def test_all_links_of_the_study_are_revoked(scene: Scene, desk: Client) -> None:
    make_link(scene.grant, scene.study, scene.clinician)
    elsewhere = make_scene()
    answer = desk.post(reverse("sharing:links_revoke", args=[scene.study.pk]), follow=True)
    assert "2 links" in answer.content.decode()
    assert Link.objects.filter(revoked_at=None).get().pk == elsewhere.link.pk


def test_revoking_is_no_matter_of_a_look(scene: Scene, desk: Client) -> None:
    assert desk.get(reverse("sharing:link_revoke", args=[scene.link.pk])).status_code == 405
    assert desk.get(reverse("sharing:links_revoke", args=[scene.study.pk])).status_code == 405


def test_a_longer_list_asks_the_database_no_more_often(scene: Scene, desk: Client) -> None:
    desk.get(listing(scene))
    with CaptureQueriesContext(connection) as short:
        desk.get(listing(scene))
    for _ in range(5):
        make_link(scene.grant, scene.study, scene.clinician)
    with CaptureQueriesContext(connection) as long:
        desk.get(listing(scene))
    assert len(long) == len(short)


@pytest.mark.parametrize("name", ["links", "link_new", "link_created", "link_revoke", "links_revoke"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("neighbour", 404), ("sonographer", 403)])
def test_another_clinic_and_other_roles_do_not_get_in(scene: Scene, name: str, who: str, status: int) -> None:
    args: list[object] = [scene.link.pk if name == "link_revoke" else scene.study.pk]
    if name in {"link_new", "link_created"}:
        args.append("own_copy")
    method = "get" if name in {"links", "link_new"} else "post"
    browser = Client()
    if who == "neighbour":
        browser.force_login(make_staff())
    if who == "sonographer":
        browser.force_login(make_staff(scene.clinic, Role.SONOGRAPHER))
    assert getattr(browser, method)(reverse(f"sharing:{name}", args=args)).status_code == status
    scene.link.refresh_from_db()
    assert scene.link.revoked_at is None


def test_cards_and_letter_are_in_the_patients_language_and_name_nobody(desk: Client, scene: Scene) -> None:
    scene.patient.language = "es"
    scene.patient.save()
    page = desk.post(made(scene), terms(scene)).content.decode()
    assert page.count("Su código") == 2
    letter = page.partition('<div class="letter" lang="es">')[2]
    code = re.search(r'id="code">([\w-]+)<', page)
    assert code
    above, _, below = letter.partition("letter__part--cut")
    assert code[1] not in above
    assert code[1] in below
    assert "Testwoman" not in letter
