"""She is told of a first opening where she asked for it: once, discreetly, never in quiet or after a stop."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from sharing.models import Message, Notice, OneTimeCode
from sharing.senders.files import folder
from sharing.senders.sender import NotSent
from sharing.services import notices, sending
from sharing.services.caring import note_care
from sharing.services.links import NewLink, revoke_links
from sharing.services.messages import may_send
from sharing.states import Channel, MessageFault, MessageKind, MessageState
from tests.factories.sharing import ADDRESS, Scene, code_sent, make_grant, make_link
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.care import CareStatus
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.shredding import shred

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HERS = "rowan@example.net"


@pytest.fixture(autouse=True)
def senders(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A patient who asked for the message and confirmed her address."""
    asked = notices.ask(scene.link, Channel.EMAIL, HERS, address=ADDRESS)
    assert notices.confirm(scene.link, asked=asked, code=code_sent())
    return scene


def family_link(scene: Scene) -> NewLink:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    return make_link(grant, scene.study, scene.clinician)


def opened(made: NewLink) -> None:
    both = {"secret": made.secret, "code": made.code}
    assert Client().post(reverse("sharing:open"), both).status_code == 302


def queued() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.FIRST_OPENING))


def test_it_works(told: Scene) -> None:
    made = family_link(told)
    opened(made)
    (message,) = queued()
    sending.send(Job.objects.get(object_id=message.pk).pk)
    text = (folder() / f"{message.pk}.txt").read_text()
    assert HERS in text
    assert "opened a link of yours for the first time" in text
    assert told.clinic.name not in text
    opened(made)
    assert len(queued()) == 1


def test_her_own_link_is_none_to_tell_of(told: Scene) -> None:
    told.open()
    assert queued() == []


def test_before_she_confirms_nothing_goes_out(scene: Scene) -> None:
    asked = notices.ask(scene.link, Channel.EMAIL, HERS, address=ADDRESS)
    code = code_sent()
    opened(family_link(scene))
    assert queued() == []
    assert not notices.confirm(scene.link, asked="another page", code=code)
    for _ in range(3):
        assert not notices.confirm(scene.link, asked=asked, code="WRNG-WRNG")
    assert not notices.confirm(scene.link, asked=asked, code=code), "three tries are all"


def test_the_code_of_a_former_address_confirms_no_other(scene: Scene) -> None:
    first = notices.ask(scene.link, Channel.EMAIL, "former@example.net", address=ADDRESS)
    code = code_sent()
    notices.ask(scene.link, Channel.EMAIL, HERS, address=ADDRESS)
    assert not notices.confirm(scene.link, asked=first, code=code)
    assert Notice.objects.get().confirmed_at is None


def test_codes_to_an_address_are_few(scene: Scene) -> None:
    for _ in range(9):
        notices.ask(scene.link, Channel.EMAIL, HERS, address=ADDRESS)
    assert OneTimeCode.objects.count() == 4


def test_a_late_code_confirms_nothing(scene: Scene, later: Clock) -> None:
    asked = notices.ask(scene.link, Channel.EMAIL, HERS, address=ADDRESS)
    code = code_sent()
    later(timedelta(minutes=4))
    assert not notices.confirm(scene.link, asked=asked, code=code)


@pytest.mark.parametrize("status", [CareStatus.ON_HOLD, CareStatus.LOSS, CareStatus.NOT_SAID])
def test_quiet_stops_what_waits_and_what_would_come(told: Scene, status: CareStatus) -> None:
    opened(family_link(told))
    (message,) = queued()
    note_care(told.patient, status, actor=f"user:{told.clinician.pk}")
    message.refresh_from_db()
    assert (message.state, message.fault) == (MessageState.STOPPED, MessageFault.QUIET)
    assert may_send(message, timezone.now()) is MessageFault.QUIET
    opened(family_link(told))
    assert len(queued()) == 1


def test_no_more_means_none(told: Scene) -> None:
    opened(family_link(told))
    (message,) = queued()
    sealed = Notice.objects.get().contact_object_id
    assert notices.turn_off(told.patient, actor=f"link:{told.link.pk}")
    message.refresh_from_db()
    assert (message.state, message.fault) == (MessageState.STOPPED, MessageFault.NOT_WANTED)
    assert SealedObject.objects.get(pk=sealed).destroyed_at
    assert not notices.turn_off(told.patient, actor=f"link:{told.link.pk}")
    opened(family_link(told))
    assert len(queued()) == 1
    assert Entry.objects.filter(event=Event.NOTICES_TURNED_OFF).count() == 1


def test_a_link_that_ended_meanwhile_is_told_of_no_more(told: Scene) -> None:
    made = family_link(told)
    opened(made)
    revoke_links(type(made.link).objects.filter(pk=made.link.pk), actor="system:test")
    assert queued()[0].state == MessageState.STOPPED


def test_a_sender_that_fails_is_told_and_the_link_opens_all_the_same(
    told: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotSent(final=True)

    monkeypatch.setattr("sharing.senders.files.FileSender.send", refuse)
    opened(family_link(told))
    (message,) = queued()
    sending.send(Job.objects.get(object_id=message.pk).pk)
    asked = notices.asked_of(told.patient)
    assert asked is not None
    assert asked.failed
    assert Entry.objects.filter(event=Event.MESSAGE_FAILED).exists()


def test_an_address_that_cannot_be_read_is_turned_off_and_the_link_opens(told: Scene) -> None:
    shred(Notice.objects.get().contact_object_id)
    assert notices.asked_of(told.patient) is None
    opened(family_link(told))
    assert queued() == []
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("channel", "to", "shown"),
    [(Channel.EMAIL, HERS, "r…@example.net"), (Channel.SMS, "+441632960123", "…123")],
    ids=["email", "sms"],
)
def test_the_address_is_shown_so_that_only_she_knows_it(scene: Scene, channel: Channel, to: str, shown: str) -> None:
    notices.ask(scene.link, channel, to, address=ADDRESS)
    assert notices.asked_of(scene.patient) == notices.Asked(place=shown, confirmed=False, failed=False)
