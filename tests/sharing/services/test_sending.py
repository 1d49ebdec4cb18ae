"""A worker sends what may still be sent, once; what fails is tried again in time and told at the end."""

import time
from datetime import timedelta
from threading import Event as Moment
from threading import Thread
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sharing.messages import Text
from sharing.models import Link, Message
from sharing.sealed import fields_of
from sharing.senders.sender import NotSent
from sharing.services import sending
from sharing.services.messages import stop_messages
from sharing.states import MessageFault, MessageState
from tests.factories.sharing import Scene, make_message
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault.errors import Destroyed
from ultrasound_portal.vault.shredding import shred

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SENT: list[tuple[UUID, str, Text]] = []
FAULTS: list[NotSent] = []


class Post:
    """A sender that keeps what it is given, after the failures that a test has put in its way."""

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        if FAULTS:
            raise FAULTS.pop()
        SENT.append((key, to, text))


@pytest.fixture(autouse=True)
def _post(settings: Settings) -> None:
    SENT.clear()
    FAULTS.clear()
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.Post", "sms": ""}


def work(message: Message) -> Message:
    sending.send(job_of(message).pk)
    message.refresh_from_db()
    return message


def job_of(message: Message) -> Job:
    return Job.objects.get(object_id=message.pk)


def test_a_message_is_sent_once_and_its_contents_are_destroyed(scene: Scene) -> None:
    message = make_message(scene, to="rowan@example.net")
    for _ in range(2):
        assert work(message).state == MessageState.SENT
    ((key, to, text),) = SENT
    assert (key, to) == (message.pk, "rowan@example.net")
    assert "WXYZ-BCDF" in text.body
    with pytest.raises(Destroyed):
        fields_of(message.contents_object_id, message.contents_sealed)
    assert job_of(message).state == JobState.DONE
    assert Entry.objects.get(event=Event.MESSAGE_SENT).detail == {
        "kind": "code", "channel": "email", "tries": 0, "fault": "",
    }  # fmt: skip


def test_what_fails_is_tried_again_later_and_then_goes(scene: Scene, later: Clock) -> None:
    FAULTS.append(NotSent(final=False))
    message = make_message(scene)
    assert (work(message).state, message.tries) == (MessageState.QUEUED, 1)
    assert (job_of(message).state, job_of(message).attempt) == (JobState.QUEUED, 0)
    work(message)  # too early: it waits
    assert SENT == []
    later(timedelta(seconds=16))
    assert work(message).state == MessageState.SENT


def test_what_fails_until_it_is_worth_nothing_is_given_up(scene: Scene, later: Clock) -> None:
    FAULTS.extend(NotSent(final=False) for _ in range(20))
    message = make_message(scene)
    while work(message).state == MessageState.QUEUED:
        later(timedelta(seconds=20))
    assert (message.state, message.fault, message.tries) == (MessageState.FAILED, MessageFault.TOO_LATE, 4)
    assert timezone.now() < message.created_at + timedelta(minutes=3)
    assert Entry.objects.get(event=Event.MESSAGE_FAILED).outcome == "failed"
    assert job_of(message).state == JobState.DONE


def test_a_refused_address_is_not_tried_again(scene: Scene) -> None:
    FAULTS.append(NotSent(final=True))
    message = work(make_message(scene))
    assert (message.state, message.fault) == (MessageState.FAILED, MessageFault.REFUSED)


def test_a_worker_that_comes_too_late_sends_nothing(scene: Scene, later: Clock) -> None:
    message = make_message(scene)
    later(timedelta(minutes=4))
    assert (work(message).state, message.fault, SENT) == (MessageState.FAILED, MessageFault.TOO_LATE, [])


def test_without_a_sender_it_fails_and_is_told(scene: Scene, settings: Settings) -> None:
    message = make_message(scene)
    settings.MESSAGE_SENDERS = {}
    assert (work(message).state, message.fault) == (MessageState.FAILED, MessageFault.NO_SENDER)


def test_contents_that_cannot_be_read_are_not_sent(scene: Scene) -> None:
    message = make_message(scene)
    shred(message.contents_object_id)
    assert (work(message).state, message.fault, SENT) == (MessageState.FAILED, MessageFault.UNREADABLE, [])


def test_a_link_that_has_ended_sends_nothing_more(scene: Scene) -> None:
    message = make_message(scene, link=True)
    Link.objects.filter(pk=scene.link.pk).update(revoked_at=timezone.now())
    assert (work(message).state, message.fault, SENT) == (MessageState.STOPPED, MessageFault.LINK_ENDED, [])


def test_a_stopped_message_leaves_its_job_with_nothing_to_do(scene: Scene) -> None:
    message = make_message(scene)
    stop_messages(Message.objects.all(), MessageFault.FORGOTTEN, actor="system:test")
    assert (work(message).state, SENT, job_of(message).state) == (MessageState.STOPPED, [], JobState.DONE)


def test_a_worker_whose_lease_is_gone_sends_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    message = make_message(scene)

    def stolen(lease: leases.Lease) -> None:
        raise leases.LeaseLost

    monkeypatch.setattr(sending.leases, "renew", stolen)
    assert (work(message).state, SENT) == (MessageState.QUEUED, [])


@pytest.mark.django_db(transaction=True)
def test_who_stops_a_message_that_is_just_being_sent_waits_and_knows_that_it_went(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, stopped = make_message(scene), []
    sending_now = Moment()

    def stop() -> None:
        sending_now.wait(10)
        stopped.append(stop_messages(Message.objects.all(), MessageFault.FORGOTTEN, actor="system:test"))
        connection.close()

    def slow(post: Post, *, key: UUID, to: str, text: Text) -> None:
        sending_now.set()
        time.sleep(0.3)
        assert stopped == []
        SENT.append((key, to, text))

    monkeypatch.setattr(Post, "send", slow)
    other = Thread(target=stop)
    other.start()
    assert work(message).state == MessageState.SENT
    other.join()
    assert (stopped, len(SENT)) == ([0], 1)
