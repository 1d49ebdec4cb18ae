"""The copy by e-mail: hers to ask for, without picture and name, stopped by quiet, and told when it does not go."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from consent.models import ConsentDocument
from consent.services import NamedRecipient
from sharing.messages import Text
from sharing.models import Message
from sharing.sealed import fields_of
from sharing.senders.files import folder
from sharing.senders.sender import NotSent
from sharing.services import sending
from sharing.services.caring import note_care
from sharing.services.receipts import last_mail, mail_copy, offers_mail, receipts_of
from sharing.states import MessageFault, MessageState
from tests.factories.sharing import Scene, make_copy_of, make_grant, make_scene
from tests.sharing.conftest import Clock
from tests.sharing.test_copies import inside
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.care import CareStatus, note_status
from ultrasound_portal.vault.errors import Destroyed

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TO = "rowan@example.net"


class Broken:
    """A sender whose server refuses the address."""

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        raise NotSent(final=True)


@pytest.fixture(autouse=True)
def _files(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender", "sms": ""}


def sent(document: ConsentDocument) -> Message:
    """Have a worker send the last e-mail with a copy."""
    message = last_mail(document)
    assert message is not None
    sending.send(Job.objects.get(object_id=message.pk).pk)
    message.refresh_from_db()
    return message


@pytest.mark.requirement("R15")
@pytest.mark.requirement("R47")
def test_it_arrives_with_the_words_and_without_picture_or_name(scene: Scene) -> None:
    asked = make_grant(
        scene.patient,
        scene.clinician,
        scene.study,
        purpose="consult",
        days=30,
        recipient=NamedRecipient("Dr Linden", "known"),
    )
    document = make_copy_of(scene, asked)
    mail_copy(document, TO, actor="system:test")
    message = sent(document)
    assert message.state == MessageState.SENT
    written = (folder() / f"{message.pk}.txt").read_text()
    assert written.startswith(f"To: {TO}\nSubject: The copy that you asked for\n")
    pdf = inside((folder() / f"{message.pk}.pdf").read_bytes())
    assert b"/Subtype/Image" not in pdf
    for held in (b"pdfuaid", b"Your answers about your scan pictures"):
        assert held in pdf
    for name in ("Testwoman", "Anna", "Linden", "Rowan"):
        assert name.encode() not in pdf + written.encode()


def test_the_address_is_sealed_and_gone_once_the_mail_is(scene: Scene) -> None:
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    waiting = last_mail(document)
    assert waiting is not None
    assert TO.encode() not in bytes(waiting.contents_sealed)
    message = sent(document)
    with pytest.raises(Destroyed):
        fields_of(message.contents_object_id, message.contents_sealed)


@pytest.mark.requirement("R41")
def test_each_step_is_on_the_trail_without_the_address(scene: Scene) -> None:
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    sent(document)
    entries = Entry.objects.filter(event__startswith="message_").order_by("seq")
    assert [entry.event for entry in entries] == ["message_queued", "message_sent"]
    assert all(entry.detail["kind"] == "copy" and entry.detail["copy"] == str(document.pk) for entry in entries)
    assert not any(TO in str(entry.detail) for entry in entries)


@pytest.mark.parametrize("when", ["told meanwhile", "slipped through"])
def test_quiet_is_asked_once_more_when_it_would_go(scene: Scene, when: str) -> None:
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    note = note_care if when == "told meanwhile" else note_status
    note(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
    message = sent(document)
    assert (message.state, message.fault) == (MessageState.STOPPED, MessageFault.QUIET)
    assert not offers_mail(scene.patient.pk)


def test_without_a_mail_server_no_mail_is_offered(scene: Scene, settings: Settings) -> None:
    assert offers_mail(scene.patient.pk)
    settings.MESSAGE_SENDERS = {"email": "", "sms": "sharing.senders.files.FileSender"}
    assert not offers_mail(scene.patient.pk)


def test_a_sender_that_fails_is_told_by_its_reason(scene: Scene, settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": f"{__name__}.Broken"}
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    message = sent(document)
    assert (message.state, message.why) == (MessageState.FAILED, "The address or number was refused.")


def test_a_copy_that_nobody_could_send_within_a_day_is_given_up(scene: Scene, later: Clock) -> None:
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    later(timedelta(hours=25))
    assert sent(document).fault == MessageFault.TOO_LATE


def test_which_copy_a_message_carries_is_held_by_the_tables(scene: Scene) -> None:
    document = make_copy_of(scene)
    mail_copy(document, TO, actor="system:test")
    for change in ({"document": make_copy_of(scene)}, {"document": None}, {"kind": "code"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(document=document).update(**change)


def test_receipts_are_those_of_her_and_of_the_study(scene: Scene) -> None:
    document = make_copy_of(scene)
    make_copy_of(make_scene())
    assert list(receipts_of(scene.link)) == [document]
