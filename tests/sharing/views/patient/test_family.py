"""She makes a link for her family on her own page, sees its secrets once, and it gives what she agreed to."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deid.models import Instance
from sharing.models import Link
from sharing.services.sex_wishes import note_wish
from tests.factories.sharing import Scene, make_grant, make_released, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(db: None) -> Scene:
    scene = make_scene()
    make_released(scene.study, scene.clinician, tells_sex=True)
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    return scene


def said(*chosen: Instance, **other: str) -> dict[str, str | list[str]]:
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    ticked = [str(one.pk) for one in chosen]
    return {"submission": str(uuid4()), "nickname": "Aunt Mabel", "until": until, "picture": ticked, **other}


def test_it_works(agreed: Scene) -> None:
    browser = agreed.open()
    assert reverse("sharing:family") in browser.get(reverse("sharing:her_links")).content.decode()
    assert reverse("sharing:family") in browser.get(reverse("sharing:purpose", args=["family"])).content.decode()
    form = browser.get(reverse("sharing:family")).content.decode()
    assert form.count(" checked") == 1
    assert form.count("<img") == 1
    page = browser.post(reverse("sharing:family"), said(agreed.instances[0])).content.decode()
    secret = re.search(r"/v/#([\w-]{43})<", page)
    code = re.search(r'id="code">([\w-]+)<', page)
    assert secret
    assert code
    guest = Client()
    assert guest.post(reverse("sharing:open"), {"secret": secret[1], "code": code[1]}).status_code == 302
    shown = guest.get(reverse("sharing:pictures")).content.decode()
    assert shown.count("<img") == 1
    assert "Aunt Mabel" not in shown
    assert guest.get(reverse("sharing:her_links")).status_code == 404
    listed = browser.get(reverse("sharing:her_links")).content.decode()
    assert "Aunt Mabel" in listed
    assert secret[1] not in listed


def test_staff_see_it_among_the_links_of_the_study(agreed: Scene) -> None:
    agreed.open().post(reverse("sharing:family"), said(agreed.instances[0]))
    desk = Client()
    desk.force_login(agreed.clinician)
    assert "Aunt Mabel" in desk.get(reverse("sharing:links", args=[agreed.study.pk])).content.decode()


def test_what_may_tell_the_sex_goes_only_after_her_word_for_the_family(agreed: Scene) -> None:
    note_wish(agreed.study, "family", want=True, actor=f"user:{agreed.clinician.pk}")
    page = agreed.open().get(reverse("sharing:family")).content.decode()
    assert page.count(" checked") == 2
    assert page.count("<img") == 1  # the other stands behind a veil


def test_she_chooses_which_of_the_pictures_go_in(agreed: Scene) -> None:
    note_wish(agreed.study, "family", want=True, actor=f"user:{agreed.clinician.pk}")
    agreed.open().post(reverse("sharing:family"), said(agreed.instances[0]))
    made = Link.objects.get(made_through=agreed.link)
    assert set(made.images.values_list("picture_id", flat=True)) == {agreed.instances[0].pk}


def test_a_fault_is_told_and_nothing_is_made(agreed: Scene) -> None:
    browser = agreed.open()
    one = agreed.instances[0]
    stranger = make_scene().instances[0]
    faults = (said(one, until="2020-01-01"), said(one, nickname=" "), said(one, submission="x"), said(), said(stranger))
    before = Link.objects.count()
    for wrong in faults:
        assert browser.post(reverse("sharing:family"), wrong).status_code == 422
    assert Link.objects.count() == before


def test_twice_the_same_form_is_told(agreed: Scene) -> None:
    browser, data = agreed.open(), said(agreed.instances[0])
    assert browser.post(reverse("sharing:family"), data).status_code == 200
    answer = browser.post(reverse("sharing:family"), data)
    assert answer.status_code == 422
    assert "made a moment ago" in answer.content.decode()


def test_without_a_yes_and_for_a_guest_there_is_no_such_page(scene: Scene) -> None:
    assert scene.open().get(reverse("sharing:family")).status_code == 404
    assert make_scene(purpose="family").open().get(reverse("sharing:family")).status_code == 404
