"""A link for a consultation is for the clinician in the patient's yes, whom staff made sure of, and for nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Recipient
from consent.services import NamedRecipient as Named
from sharing.errors import LinkRefusal, LinkRefused
from sharing.models import Link
from sharing.nicknames import nicknames_of
from sharing.recipients import named_recipient
from sharing.services.links import create_link
from tests.factories.sharing import ADDRESS, Scene, make_grant, order_for
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db
LINDEN = Named("Dr Linden", "register")


@pytest.mark.requirement("R43")
def test_how_who_and_when_are_known(scene: Scene) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="consult", recipient=LINDEN)
    found = named_recipient(grant)
    assert found is not None
    assert (found.name, found.by) == ("Dr Linden", scene.clinician.display_name)
    assert "register" in found.how
    assert found.at == grant.record.opened_at
    assert named_recipient(scene.grant) is None


@pytest.mark.requirement("R14")
def test_the_link_is_for_the_one_who_was_named(scene: Scene) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="consult", recipient=LINDEN)
    made = create_link(order_for(grant, scene.study), by=scene.clinician)
    assert nicknames_of([made.link]) == {made.link.pk: "Dr Linden"}  # and not what the desk calls it
    browser = Client()
    browser.post(reverse("sharing:open"), {"secret": made.secret, "code": made.code}, REMOTE_ADDR=ADDRESS)
    page = browser.get(reverse("sharing:pictures")).content.decode()
    assert "for Dr Linden alone" in page
    assert "enjoy" not in page
    opened = Entry.objects.get(event=Event.LINK_OPENED)
    assert (opened.purpose, opened.grant_id) == ("consult", grant.pk)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("loss", ["no recipient", "shredded"])
def test_without_a_recipient_there_is_no_link(scene: Scene, loss: str) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="consult", recipient=LINDEN)
    with without_triggers():
        if loss == "shredded":
            shred(grant.record.recipient.name_object_id)
        else:
            Recipient.objects.all().delete()
    grant.refresh_from_db()
    with pytest.raises(LinkRefused) as refusal:
        create_link(order_for(grant, scene.study), by=scene.clinician)
    assert refusal.value.reason is LinkRefusal.NO_RECIPIENT


def test_the_desk_names_him_asks_for_no_other_and_ends_it_sooner(scene: Scene) -> None:
    make_grant(scene.patient, scene.clinician, scene.study, purpose="consult", recipient=LINDEN)
    desk = Client()
    desk.force_login(scene.clinician)
    page = desk.get(reverse("sharing:link_new", args=[scene.study.pk, "consult"])).content.decode()
    assert "Dr Linden" in page
    assert "Looked up in the professional register" in page
    assert 'name="nickname"' not in page
    terms = {
        "submission": str(uuid4()),
        "nickname": "somebody else",
        "recipient_check": "called_back",
        "pictures": [str(instance.pk) for instance in scene.instances],
        "until": (timezone.localdate() + timedelta(days=31)).isoformat(),
        "max_openings": "5",
    }
    address = reverse("sharing:link_created", args=[scene.study.pk, "consult"])
    assert desk.post(address, terms).status_code == 422
    terms["until"] = (timezone.localdate() + timedelta(days=20)).isoformat()
    assert desk.post(address, terms).status_code == 200
    link = Link.objects.get(purpose_code="consult")
    assert nicknames_of([link]) == {link.pk: "Dr Linden"}
