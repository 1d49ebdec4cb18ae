"""Quiet stops what waits to be sent in the same transaction, and is asked again at the moment of sending."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sharing.models import Message
from sharing.services.caring import note_care
from sharing.services.messages import Draft, may_send, queue_message
from sharing.states import ASKED_FOR, Channel, MessageFault, MessageKind, MessageState
from tests.factories.sharing import Scene, make_scene
from ultrasound_portal.patients.care import CareStatus, is_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def waiting(scene: Scene) -> Message:
    draft = Draft(
        patient=scene.patient,
        kind=MessageKind.CODE,
        channel=Channel.EMAIL,
        to="someone@example.org",
        fills={"code": "123456", "minutes": "10"},
        life=timedelta(minutes=10),
    )
    return queue_message(draft, actor="system:test")


@pytest.mark.parametrize("status", [CareStatus.ON_HOLD, CareStatus.LOSS, CareStatus.NOT_SAID])
def test_quiet_stops_what_waits_for_her_and_for_nobody_else(scene: Scene, status: CareStatus) -> None:
    other = make_scene()
    mine, theirs = waiting(scene), waiting(other)
    assert note_care(scene.patient, status, actor=f"user:{scene.clinician.pk}")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.fault) == (MessageState.STOPPED, MessageFault.QUIET)
    assert theirs.state == MessageState.QUEUED


def test_both_or_neither(scene: Scene) -> None:
    mine = waiting(scene)
    with transaction.atomic():
        note_care(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
        transaction.set_rollback(True)
    mine.refresh_from_db()
    assert mine.state == MessageState.QUEUED
    assert not is_quiet(scene.patient.pk)


def test_going_on_stops_nothing(scene: Scene) -> None:
    actor = f"user:{scene.clinician.pk}"
    note_care(scene.patient, CareStatus.LOSS, actor=actor)
    mine = waiting(scene)
    assert note_care(scene.patient, CareStatus.CONTINUING, actor=actor)
    mine.refresh_from_db()
    assert mine.state == MessageState.QUEUED
    assert not note_care(scene.patient, CareStatus.CONTINUING, actor=actor)


def test_a_code_that_is_asked_for_in_quiet_goes_out_and_all_else_is_stopped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_care(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
    message = waiting(scene)
    assert message.kind in ASKED_FOR
    assert may_send(message, timezone.now()) is None
    monkeypatch.setattr("sharing.services.messages.ASKED_FOR", frozenset())
    assert may_send(message, timezone.now()) is MessageFault.QUIET
