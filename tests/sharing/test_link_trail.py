"""What the trail says of a link."""

import pytest

from sharing.errors import ClosedReason, LinkClosed
from sharing.link_trail import audited, note_refusal, record
from tests.factories.sharing import Scene
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def last_entry() -> Entry:
    return Entry.objects.latest("seq")


def test_an_entry_names_link_patient_purpose_and_grant(scene: Scene) -> None:
    record(scene.link, Event.LINK_LEFT, opening="one")
    entry = last_entry()
    assert (entry.event, entry.actor, entry.object_id) == (
        Event.LINK_LEFT,
        f"link:{scene.link.pk}",
        scene.link.pk,
    )
    assert (entry.patient_id, entry.purpose, entry.grant_id) == (
        scene.link.patient_id,
        scene.link.purpose_code,
        scene.grant.pk,
    )


def test_a_refusal_outlives_the_question_that_it_rolled_back(scene: Scene) -> None:
    def ask() -> None:
        with audited(scene.link):
            record(scene.link, Event.LINK_OPENED)
            raise LinkClosed(ClosedReason.SPENT)

    with pytest.raises(LinkClosed):
        ask()
    assert not Entry.objects.filter(event=Event.LINK_OPENED).exists()
    assert (last_entry().event, last_entry().outcome, last_entry().detail) == (
        Event.LINK_REFUSED,
        "refused",
        {"reason": "spent"},
    )


def test_a_refusal_of_the_gate_stands_as_the_gates(scene: Scene) -> None:
    note_refusal(scene.link, LinkClosed(ClosedReason.NOT_PERMITTED, "withdrawn"))
    assert last_entry().event == Event.GATE_REFUSED
    assert last_entry().detail == {"reason": "not_permitted", "gate": "withdrawn"}


def test_a_secret_nobody_knows_is_noted_without_a_link(scene: Scene) -> None:
    note_refusal(None, LinkClosed(ClosedReason.UNKNOWN))
    assert (last_entry().actor, last_entry().patient_id, last_entry().clinic_id) == ("system:door", None, None)
