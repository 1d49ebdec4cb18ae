"""She sees who opened what, ends one link or all, and reads honest words about copies."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sharing.models import Link
from sharing.services.links import NewLink
from tests.factories.sharing import Scene, make_grant, make_link, make_scene

pytestmark = pytest.mark.django_db


def family_link(scene: Scene) -> NewLink:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    return make_link(grant, scene.study, scene.clinician)


def opened(made: NewLink) -> Client:
    guest = Client()
    guest.post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    return guest


def page_of(scene: Scene) -> str:
    return scene.open().get(reverse("sharing:her_links")).content.decode()


def test_it_works(scene: Scene) -> None:
    guest = opened(family_link(scene))
    assert "opened the page, saw no picture" in page_of(scene)
    file = reverse("sharing:picture", args=[scene.file().pk])
    b"".join(guest.get(file).streaming_content)  # type: ignore[attr-defined]
    assert "saw one picture" in page_of(scene)
    assert "Nobody has saved a file" in page_of(scene)
    b"".join(guest.get(file + "?download=1").streaming_content)  # type: ignore[attr-defined]
    page = page_of(scene)
    assert "saw 1, saved one" in page
    assert "no button here can call them back" in page


def test_one_link_ends_with_its_open_page(scene: Scene) -> None:
    made = family_link(scene)
    guest = opened(made)
    assert scene.open().post(reverse("sharing:end_one", args=[made.link.pk])).status_code == 302
    assert guest.get(reverse("sharing:pictures")).status_code == 404
    assert "One link that is closed" in page_of(scene)


@pytest.mark.requirement("R17")
def test_all_sharing_ends_in_one_tap_from_her_page(scene: Scene) -> None:
    guest = opened(family_link(scene))
    browser = scene.open()
    home = browser.get(reverse("sharing:pictures")).content.decode()
    assert f'action="{reverse("sharing:end_all")}"' in home
    answer = browser.post(reverse("sharing:end_all")).content.decode()
    assert "One link closed at this moment" in answer
    assert "cannot be" in home
    assert guest.get(reverse("sharing:pictures")).status_code == 404
    assert browser.get(reverse("sharing:pictures")).status_code == 200


def test_nobody_elses_link_ends(scene: Scene) -> None:
    stranger = make_scene()
    browser = scene.open()
    browser.post(reverse("sharing:end_one", args=[stranger.link.pk]))
    browser.post(reverse("sharing:end_all"))
    assert Link.objects.get(pk=stranger.link.pk).revoked_at is None


def test_ending_needs_a_form(scene: Scene) -> None:
    assert scene.open().get(reverse("sharing:end_all")).status_code == 405
    guarded = Client(enforce_csrf_checks=True)
    scene.open(guarded)
    assert guarded.post(reverse("sharing:end_all")).status_code == 403


def test_as_many_links_cost_as_many_queries(scene: Scene) -> None:
    counts = []
    made = family_link(scene)
    for links in (1, 4):
        for _ in range(links):
            opened(make_link(made.link.grant, scene.study, scene.clinician))
        browser = scene.open()
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("sharing:her_links"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
