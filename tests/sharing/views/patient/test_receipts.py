"""Her copies behind her own link: to save, to have sent by e-mail, and nobody else's."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from consent.models import ConsentDocument
from sharing.models import Message
from sharing.services import sending
from sharing.services.caring import note_care
from sharing.services.receipts import PER_DAY
from tests.factories.sharing import Scene, make_copy_of, make_scene
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.care import CareStatus

pytestmark = pytest.mark.django_db
TO = {"copy_to": "rowan@example.net"}


@pytest.fixture(autouse=True)
def _files(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}


def mail_page(document: ConsentDocument) -> str:
    return reverse("sharing:receipt_mail", args=[document.pk])


@pytest.mark.requirement("R15")
def test_her_copy_is_hers_to_save(scene: Scene) -> None:
    document = make_copy_of(scene)
    address = reverse("sharing:receipt", args=[document.pk])
    browser = scene.open()
    home = browser.get(reverse("sharing:pictures")).content.decode()
    assert address in home
    assert mail_page(document) in home
    answer = browser.get(address)
    assert hashlib.sha256(answer.content).hexdigest() == document.sha256
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    assert Entry.objects.get(event="consent_copy_read").actor == f"link:{scene.link.pk}"


@pytest.mark.parametrize("name", ["sharing:receipt", "sharing:receipt_mail"])
def test_nobody_elses_copy(scene: Scene, name: str) -> None:
    other, guest = make_scene(), make_scene(purpose="family")
    for browser, of in ((scene.open(), other), (guest.open(), guest)):
        assert browser.get(reverse(name, args=[make_copy_of(of).pk])).status_code == 404
    assert not Entry.objects.filter(event="consent_copy_read").exists()


@pytest.mark.requirement("R15")
def test_she_asks_for_it_by_mail_and_is_told_what_became_of_it(scene: Scene, settings: Settings) -> None:
    document = make_copy_of(scene)
    browser = scene.open()
    assert browser.post(mail_page(document), TO).status_code == 302
    message = Message.objects.get()
    assert Entry.objects.get(event="message_queued").actor == f"link:{scene.link.pk}"
    assert "is on its way" in browser.get(mail_page(document)).content.decode()
    settings.MESSAGE_SENDERS = {}
    sending.send(Job.objects.get(object_id=message.pk).pk)
    page = browser.get(mail_page(document)).content.decode()
    assert "could not be sent by e-mail" in page
    assert "copy_to" not in page  # no sender is there any more, so no address is asked for
    assert TO["copy_to"] not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Type the address"), ("rowan", "Please check how it is written")],
    ids=["nothing", "no address"],
)
def test_a_wrong_address_is_said_beside_the_field(scene: Scene, typed: str, said: str) -> None:
    answer = scene.open().post(mail_page(make_copy_of(scene)), {"copy_to": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Message.objects.exists()


def test_it_is_not_sent_again_and_again(scene: Scene) -> None:
    document, browser = make_copy_of(scene), scene.open()
    codes = [browser.post(mail_page(document), TO).status_code for _ in range(PER_DAY + 1)]
    assert codes == [302] * PER_DAY + [422]
    assert Message.objects.count() == PER_DAY


def test_in_quiet_no_mail_is_offered_and_none_is_taken(scene: Scene) -> None:
    document, browser = make_copy_of(scene), scene.open()
    note_care(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
    assert "copy_to" not in browser.get(mail_page(document)).content.decode()
    assert browser.post(mail_page(document), TO).status_code == 404
    assert not Message.objects.exists()


def test_without_a_visit_there_is_nothing(scene: Scene) -> None:
    assert Client().get(mail_page(make_copy_of(scene))).status_code == 404
