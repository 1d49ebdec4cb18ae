"""A clinic's limits hold for every link; lowering them shortens what lives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from sharing.errors import LinkRefusal, LinkRefused
from sharing.models import Link
from sharing.services.limits import Limits, limits_of, publish_limits
from sharing.services.links import create_link
from tests.factories.sharing import Scene, make_scene, order_for
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.requirement("R44")]


def publish(scene: Scene, usual: int, longest: int) -> int:
    return publish_limits(scene.clinic, usual_days=usual, longest_days=longest, by=scene.clinician)


def refused(scene: Scene, days: int) -> LinkRefusal:
    order = order_for(scene.grant, scene.study, not_after=timezone.now() + timedelta(days=days, minutes=1))
    with pytest.raises(LinkRefused) as refusal:
        create_link(order, by=scene.clinician)
    return refusal.value.reason


def test_nobody_exceeds_what_holds_by_itself_or_what_the_clinic_chose(scene: Scene) -> None:
    assert limits_of(scene.clinic.pk) == Limits(timedelta(days=14), timedelta(days=90))
    assert refused(scene, 90) is LinkRefusal.TOO_LONG
    publish(scene, 3, 7)
    assert limits_of(scene.clinic.pk) == Limits(timedelta(days=3), timedelta(days=7), 1)
    assert refused(scene, 7) is LinkRefusal.TOO_LONG
    order = order_for(scene.grant, scene.study, not_after=timezone.now() + timedelta(days=7))
    assert create_link(order, by=scene.clinician)
    assert limits_of(make_scene().clinic.pk).longest == timedelta(days=90)  # of this clinic only


def test_a_consultation_has_a_shorter_limit(scene: Scene) -> None:
    assert limits_of(scene.clinic.pk, "consult").longest == timedelta(days=30)
    publish(scene, 3, 7)
    assert limits_of(scene.clinic.pk, "consult").longest == timedelta(days=7)


def test_a_lower_limit_shortens_what_lives_and_is_on_the_trail(scene: Scene) -> None:
    later = replace(
        order_for(scene.grant, scene.study, not_after=timezone.now() + timedelta(days=40)),
        not_before=timezone.now() + timedelta(days=30),
    )
    waiting = create_link(later, by=scene.clinician).link
    assert publish(scene, 3, 7) == 2
    scene.link.refresh_from_db()
    waiting.refresh_from_db()
    assert scene.link.not_after == scene.link.created_at + timedelta(days=7)
    assert waiting.not_after == waiting.not_before + timedelta(seconds=1)
    entry = Entry.objects.get(event=Event.LINK_LIMITS_CHANGED)
    assert entry.detail == {"version": 1, "usual_days": 3, "longest_days": 7, "shortened": 2}
    assert publish(scene, 3, 300) == 0
    assert Link.objects.get(pk=scene.link.pk).not_after == scene.link.not_after  # never prolonged again


@pytest.mark.parametrize(("usual", "longest"), [(0, 7), (8, 7), (7, 366), (-1, -1)])
def test_never_and_nonsense_cannot_be_published(scene: Scene, usual: int, longest: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        publish(scene, usual, longest)
