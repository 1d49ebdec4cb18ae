"""A message is sealed into the outbox, and stopped in the transaction of the act that forbids it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sharing.models import Message
from sharing.sealed import fields_of
from sharing.services.links import revoke_links
from sharing.services.messages import Draft, queue_message, stop_messages
from sharing.states import Channel, MessageFault, MessageKind, MessageState
from tests.factories.sharing import CODE_FILLS, Scene, make_message
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.vault.errors import Destroyed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_message_waits_sealed_with_a_job_of_its_own(scene: Scene) -> None:
    message = make_message(scene, to="rowan@example.net")
    assert message.state == MessageState.QUEUED
    assert fields_of(message.contents_object_id, message.contents_sealed) == {"to": "rowan@example.net", **CODE_FILLS}
    assert b"rowan" not in bytes(message.contents_sealed)
    job = Job.objects.get(object_id=message.pk)
    assert (job.kind, job.clinic_id) == ("send_message", scene.clinic.pk)
    entry = Entry.objects.get(event=Event.MESSAGE_QUEUED)
    assert entry.detail == {"kind": "code", "channel": "email"}


def test_a_message_that_its_words_have_no_place_for_is_not_queued(scene: Scene) -> None:
    draft = Draft(
        patient=scene.patient,
        kind=MessageKind.CODE,
        channel=Channel.SMS,
        to="+441632960123",
        fills={"code": "WXYZ-BCDF"},
        life=timedelta(minutes=3),
    )
    with pytest.raises(ValueError, match="is filled with"):
        queue_message(draft, actor="system:test")
    assert not Message.objects.exists()


def test_what_is_stopped_is_destroyed_and_stays_stopped(scene: Scene) -> None:
    message = make_message(scene)
    waiting = Message.objects.filter(patient=scene.patient)
    assert stop_messages(waiting, MessageFault.LINK_ENDED, actor="system:test") == 1
    assert stop_messages(waiting, MessageFault.LINK_ENDED, actor="system:test") == 0
    message.refresh_from_db()
    assert (message.state, message.fault) == (MessageState.STOPPED, MessageFault.LINK_ENDED)
    with pytest.raises(Destroyed):
        fields_of(message.contents_object_id, message.contents_sealed)
    assert Entry.objects.get(event=Event.MESSAGE_STOPPED).detail["fault"] == "link_ended"
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state=MessageState.QUEUED, ended_at=None, fault="")


def test_a_revoked_link_stops_what_waits_for_it(scene: Scene) -> None:
    message, other = make_message(scene, link=True), make_message(scene)
    revoke_links(type(scene.link).objects.filter(pk=scene.link.pk), actor="system:test")
    assert Message.objects.get(pk=message.pk).state == MessageState.STOPPED
    assert Message.objects.get(pk=other.pk).state == MessageState.QUEUED
