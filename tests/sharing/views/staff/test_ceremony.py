"""Consent at the desk."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Grant, OfferedPurpose, Purpose, Wording
from consent.states import GrantDecision, GrantState
from tests.factories.clinics import make_staff
from tests.factories.patients import make_patient
from tests.factories.sharing import Scene, make_grant, make_released, make_scene, make_study, shown_of, unrelease
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def address(scene: Scene) -> str:
    return reverse("sharing:ceremony", args=[scene.study.pk])


def answers(page: HttpResponse, **changes: str) -> dict[str, str]:
    """Return a yes to the own copy and a no to family, as the page's form sends them."""
    until = (timezone.localdate() + timedelta(days=365)).isoformat()
    return {
        "shown": page.context["form"]["shown"].value(),
        "answer_own_copy": "permit",
        "until_own_copy": until,
        "answer_family": "deny",
        "until_family": until,
        "method": "typed",
        "name": "Anna Testwoman",
        **changes,
    }


def test_it_works(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)))
    check = desk.post(address(scene), {**data, "step": "check"})
    assert check.status_code == 200
    done = desk.post(address(scene), {**data, "step": "record"})
    assert done["Location"] == reverse("sharing:recorded", args=[scene.study.pk])
    assert desk.get(done["Location"]).status_code == 200
    own = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    assert own.pk != scene.grant.pk
    assert Grant.objects.get(purpose="family").state == GrantState.REFUSED


@pytest.mark.requirement("R10")
def test_every_card_shows_the_very_pictures_and_they_go_into_the_evidence(scene: Scene, desk: Client) -> None:
    page = desk.get(address(scene))
    text = page.content.decode()
    still = reverse("deid:media", args=[scene.file("still_jpeg").pk])
    cards = page.context["form"].cards()
    assert text.count(f'src="{still}"') == len(cards)
    desk.post(address(scene), {**answers(page), "step": "record"})
    grant = Grant.objects.get(purpose="own_copy", state=GrantState.ACTIVE)
    expected = {(item.artefact_id, item.sha256, item.kind) for item in shown_of(scene.study)}
    assert set(grant.images.values_list("artefact_id", "sha256", "kind")) == expected


@pytest.mark.requirement("R5")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R9")
def test_what_may_tell_the_sex_is_shown_to_her_only_when_she_asks() -> None:
    scene = make_scene(tells_sex=True, film_padding=0)
    browser = Client()
    browser.force_login(scene.clinician)
    page = browser.get(address(scene)).content.decode()
    cards = page.count("Show it?")
    assert cards == 2
    assert page.count('<details class="veil">') == cards
    for veiled in page.split('<details class="veil">')[1:]:
        assert "<img" in veiled.split("</details>")[0]
        assert "watch the film" in veiled.split("</details>")[0]
    assert "<img" not in page.split("<details")[0]


def test_every_card_carries_its_whole_wording(scene: Scene, desk: Client) -> None:
    text = desk.get(address(scene)).content.decode()
    for wording in Wording.objects.filter(purpose__in=["own_copy", "family"]):
        for part in ("purpose_text", "uses", "audience", "retention", "withdrawal_limits", "care_unaffected"):
            assert getattr(wording, part)[:50] in text


@pytest.mark.requirement("R2")
def test_nothing_is_ticked_and_nothing_is_recorded_by_looking(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    page = desk.get(address(scene)).content.decode()
    assert " checked" not in page
    assert Grant.objects.count() == before


@pytest.mark.requirement("R13")
def test_social_media_is_absent_until_the_clinic_offers_it(scene: Scene, desk: Client) -> None:
    assert "answer_social_media" not in desk.get(address(scene)).content.decode()
    OfferedPurpose.objects.create(clinic=scene.clinic, purpose=Purpose.objects.get(pk="social_media"))
    text = desk.get(address(scene)).content.decode()
    assert "answer_social_media" in text
    assert "permanence_social_media" in text


def test_checking_records_nothing_and_carries_the_answers_on(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)))
    check = desk.post(address(scene), {**data, "step": "check"})
    assert Grant.objects.count() == before
    text = check.content.decode()
    for name in data:
        assert f'name="{name}"' in text
    changed = desk.post(address(scene), {**data, "step": "change"})
    assert changed.status_code == 200
    assert " checked" in changed.content.decode()
    assert Grant.objects.count() == before


def test_what_is_decided_later_leaves_no_trace(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)), answer_family="later")
    check = desk.post(address(scene), {**data, "step": "check"}).content.decode()
    assert "To be decided later" in check
    desk.post(address(scene), {**data, "step": "record"})
    assert not Grant.objects.filter(purpose="family").exists()


@pytest.mark.requirement("R9")
def test_a_refusal_ends_in_an_ordinary_page(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)), answer_own_copy="deny", answer_family="deny", name="")
    done = desk.post(address(scene), {**data, "step": "record"}, follow=True)
    assert done.status_code == 200
    text = done.content.decode()
    assert "Saying no changes nothing" in text
    assert scene.clinic.contact in text
    assert Entry.objects.filter(event=Event.CONSENT_REFUSED).count() == 2
    assert desk.get(reverse("deid:study", args=[scene.study.pk])).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"until_own_copy": ""}, {"method": ""}, {"answer_own_copy": "", "answer_family": ""}]
)
def test_an_incomplete_answer_is_not_recorded(scene: Scene, desk: Client, changes: dict[str, str]) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)), **changes)
    for step in ("check", "record"):
        answer = desk.post(address(scene), {**data, "step": step})
        assert answer.status_code == 422
        assert "Nothing is recorded yet" in answer.content.decode()
    assert Grant.objects.count() == before


def test_a_picture_released_meanwhile_is_looked_at_first(scene: Scene, desk: Client) -> None:
    before = Grant.objects.count()
    data = answers(desk.get(address(scene)))
    make_released(scene.study, scene.clinician)
    answer = desk.post(address(scene), {**data, "step": "record"})
    assert "have changed since" in answer.content.decode()
    assert Grant.objects.count() == before


def test_without_a_released_picture_there_is_nothing_to_agree_to(scene: Scene, desk: Client) -> None:
    data = answers(desk.get(address(scene)))
    unrelease(scene.instances[0])
    for answer in (desk.get(address(scene)), desk.post(address(scene), {**data, "step": "record"})):
        assert "No picture is released yet" in answer.content.decode()


@pytest.mark.requirement("R11")
def test_a_purpose_without_words_cannot_be_asked_for(scene: Scene, desk: Client) -> None:
    Wording.objects.filter(purpose="family").update(retired_at=timezone.now())
    text = desk.get(address(scene)).content.decode()
    assert "cannot be asked for" in text
    assert "answer_family" not in text


def test_the_record_shows_what_stands(scene: Scene, desk: Client) -> None:
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    assert scene.grant.wording.title in page
    empty = make_study(scene.clinic, make_patient(scene.clinic))
    page = desk.get(reverse("sharing:recorded", args=[empty.pk])).content.decode()
    assert "No answer is on record" in page


@pytest.mark.requirement("R2")
def test_a_sitting_about_one_study_leaves_the_other_alone(scene: Scene, desk: Client) -> None:
    """A mother with a scan at 12 and one at 20 weeks keeps both."""
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    where = reverse("sharing:ceremony", args=[later.pk])
    page = desk.get(where)
    assert "the answer on record" not in page.content.decode()
    desk.post(where, {**answers(page), "step": "record"})
    active = Grant.objects.filter(purpose="own_copy", state=GrantState.ACTIVE)
    assert set(active.values_list("scope_id", flat=True)) == {scene.study.pk, later.pk}
    assert scene.open().get(reverse("sharing:pictures")).status_code == 200


def test_the_answer_on_record_says_what_it_is_about(scene: Scene, desk: Client) -> None:
    text = desk.get(address(scene)).content.decode()
    assert "For these pictures, the answer on record is “Yes”" in text
    assert "the links made from this yes close" in text
    assert "Answers about other scans stay as they are." in text
    assert "It does not cover" not in text
    make_released(scene.study, scene.clinician)
    assert "It does not cover 1 of them, which was added" in desk.get(address(scene)).content.decode()
    make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    text = desk.get(address(scene)).content.decode()
    assert "the answer on record is “No”" in text
    assert "the links made from this yes close" not in text


def test_the_record_leads_straight_to_a_link_for_each_yes(scene: Scene, desk: Client) -> None:
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family", decision=GrantDecision.DENY)
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    new = reverse("sharing:link_new", args=[scene.study.pk, "own_copy"])
    assert f'href="{new}">Make a link<span' in page
    assert reverse("sharing:link_new", args=[scene.study.pk, "family"]) not in page
    assert desk.get(new).status_code == 200
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    page = desk.get(reverse("sharing:recorded", args=[scene.study.pk])).content.decode()
    assert reverse("sharing:link_new", args=[scene.study.pk, "family"]) in page


@pytest.mark.parametrize("name", ["sharing:ceremony", "sharing:recorded"])
def test_another_clinic_and_other_roles_do_not_get_in(scene: Scene, name: str) -> None:
    where = reverse(name, args=[scene.study.pk])
    stranger, neighbour, sonographer = Client(), Client(), Client()
    neighbour.force_login(make_staff())
    sonographer.force_login(make_staff(scene.clinic, Role.SONOGRAPHER))
    assert stranger.get(where).status_code == 302
    assert neighbour.get(where).status_code == 404
    assert sonographer.get(where).status_code == 403
