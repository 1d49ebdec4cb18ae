"""How often wrong tries are heard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sharing import throttle
from sharing.models import Attempt, Link
from tests.factories.sharing import Scene

pytestmark = pytest.mark.django_db

HERE = "a" * 64
THERE = "b" * 64


def fail(scene: Scene, times: int, *, match: str = HERE, ago: timedelta = timedelta()) -> Link:
    link = Link.objects.get(pk=scene.link.pk)
    for _ in range(times):
        throttle.note_failure(match, timezone.now() - ago, link=link)
    return link


def test_an_address_is_heard_until_it_is_tired() -> None:
    now = timezone.now()
    for _ in range(throttle.TRIES_PER_ADDRESS - 1):
        throttle.note_failure(HERE, now, link=None)
    assert not throttle.address_is_tired(HERE, now)
    throttle.note_failure(HERE, now, link=None)
    assert throttle.address_is_tired(HERE, now)
    assert not throttle.address_is_tired(THERE, now)
    assert not throttle.address_is_tired(HERE, now + throttle.WINDOW)


@pytest.mark.requirement("R39")
def test_a_link_cools_off_for_those_who_failed_and_briefly(scene: Scene) -> None:
    link = fail(scene, throttle.TRIES_PER_LINK)
    now = timezone.now()
    assert throttle.link_is_cooling(link, HERE, now)
    assert not throttle.link_is_cooling(link, THERE, now)
    assert not throttle.link_is_cooling(link, HERE, now + throttle.COOL_OFF)


@pytest.mark.requirement("R39")
def test_an_address_keeps_its_allowance_whatever_others_do(scene: Scene) -> None:
    fail(scene, throttle.TRIES_PER_LINK, match=THERE)
    link = fail(scene, throttle.ALLOWANCE - 1)
    assert not throttle.link_is_cooling(link, HERE, timezone.now())
    link = fail(scene, 1)
    assert throttle.link_is_cooling(link, HERE, timezone.now())


def test_fewer_tries_do_not_cool_a_link(scene: Scene) -> None:
    link = fail(scene, throttle.TRIES_PER_LINK - 1)
    assert link.locked_until is None
    assert link.failed_attempts == throttle.TRIES_PER_LINK - 1


def test_old_tries_are_forgotten(scene: Scene) -> None:
    fail(scene, 4, ago=throttle.WINDOW)
    link = fail(scene, 1)
    assert link.locked_until is None
    assert Attempt.objects.count() == 1


def test_the_right_code_clears_the_wrong_ones(scene: Scene) -> None:
    link = fail(scene, throttle.TRIES_PER_LINK)
    throttle.note_success(link)
    link.refresh_from_db()
    assert (link.failed_attempts, link.locked_until) == (0, None)


def test_addresses_are_kept_as_match_values_only() -> None:
    match = throttle.address_match("192.0.2.7")
    assert "192" not in match
    assert match == throttle.address_match("::ffff:192.0.2.7")
    assert match != throttle.address_match("192.0.2.8")


def test_a_home_with_many_addresses_counts_as_one() -> None:
    assert throttle.address_match("2001:db8:1:2::1") == throttle.address_match("2001:db8:1:2:ffff::9")
    assert throttle.address_match("2001:db8:1:2::1") != throttle.address_match("2001:db8:1:3::1")


def test_what_is_no_address_counts_as_one() -> None:
    assert throttle.address_match("") == throttle.address_match("unix:")
