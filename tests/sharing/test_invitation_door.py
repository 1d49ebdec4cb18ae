"""The door of an invitation: who comes in, who does not, and why the trail says so."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from sharing import invitation_door, invited
from sharing.briefs import Brief
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Invitation, Message
from sharing.services.invitations import NewInvitation, revoke_invitations
from sharing.states import Channel, SecondSecret
from tests.factories.sharing import ADDRESS, Scene, code_sent, make_invitation, make_invitations
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def why(made: NewInvitation, **changes: str) -> ClosedReason:
    with pytest.raises(LinkClosed) as closed:
        invitation_door.come_in(**{"secret": made.secret, "code": made.code, "address": ADDRESS, **changes})
    return closed.value.reason


def test_each_closed_door_has_its_reason_on_the_trail(scene: Scene, later: Clock) -> None:
    made = make_invitation(scene, days=2)
    assert why(made, secret="unknown") is ClosedReason.UNKNOWN
    assert why(made, code="XXXX-XXXX") is ClosedReason.WRONG_CODE
    later(timedelta(days=3))
    assert why(made) is ClosedReason.EXPIRED
    revoke_invitations(Invitation.objects.all(), actor="system:test")
    assert why(made) is ClosedReason.REVOKED
    entries = Entry.objects.filter(event=Event.INVITATION_REFUSED).order_by("seq")
    assert [entry.detail["reason"] for entry in entries] == ["wrong_code", "expired", "revoked"]


def test_every_fifth_wrong_code_starts_a_pause_and_the_right_one_forgets_them(scene: Scene, later: Clock) -> None:
    made = make_invitation(scene)
    for _ in range(invitation_door.TRIES):
        assert why(made, code="XXXX-XXXX") is ClosedReason.WRONG_CODE
    assert why(made) is ClosedReason.COOLING_OFF
    later(invitation_door.COOL_OFF + timedelta(seconds=1))
    assert (
        invited.attending(invitation_door.come_in(secret=made.secret, code=made.code, address=ADDRESS))
        == made.invitation
    )
    made.invitation.refresh_from_db()
    assert (made.invitation.failed_attempts, made.invitation.locked_until) == (0, None)


def test_a_tired_address_is_not_heard(scene: Scene) -> None:
    made = make_invitation(scene)
    for _ in range(20):
        why(made, secret="unknown")
    assert why(made) is ClosedReason.TOO_MANY_TRIES


# --- codes that are sent ---


@pytest.fixture
def sent(scene: Scene, settings: Settings) -> NewInvitation:
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")
    brief = Brief(contact="rowan@example.net")
    return make_invitations(scene, brief=brief, second_secret=SecondSecret.EMAIL)[0]


def ask(made: NewInvitation) -> str:
    return invitation_door.ask_for_code(secret=made.secret, address=ADDRESS)


@pytest.mark.requirement("R43")
def test_a_code_by_mail_opens_it_once_and_for_the_page_that_asked(sent: NewInvitation) -> None:
    assert sent.code == ""
    assert why(sent, code="XXXX-XXXX") is ClosedReason.WRONG_CODE
    asked = ask(sent)
    code = code_sent()
    assert why(sent, code=code, asked="another page") is ClosedReason.WRONG_CODE
    session = invitation_door.come_in(secret=sent.secret, code=code, address=ADDRESS, asked=asked)
    assert invited.attending(session) == sent.invitation
    assert why(sent, code=code, asked=asked) is ClosedReason.WRONG_CODE
    assert "rowan" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_three_wrong_tries_use_a_sent_code_up(sent: NewInvitation) -> None:
    asked = ask(sent)
    code = code_sent()
    for _ in range(3):
        assert why(sent, code="XXXX-XXXX", asked=asked) is ClosedReason.WRONG_CODE
    assert why(sent, code=code, asked=asked) is ClosedReason.WRONG_CODE


def test_codes_are_sent_a_few_times_and_only_where_that_was_agreed(scene: Scene, sent: NewInvitation) -> None:
    for _ in range(6):
        assert ask(sent)
    assert Message.objects.count() == 4
    card = make_invitation(scene)
    assert ask(card)
    assert ask(sent)  # taken back by the one that was made after it
    assert Message.objects.count() == 4
    reasons = Entry.objects.filter(event=Event.INVITATION_REFUSED).values_list("detail__reason", flat=True)
    assert set(reasons) == {"too_many_codes", "no_code_to_send", "revoked"}


def test_a_contact_that_was_destroyed_gets_nothing(sent: NewInvitation) -> None:
    shred(sent.invitation.brief_object_id)
    assert ask(sent)
    assert not Message.objects.exists()


def test_a_tired_address_and_an_unknown_link_get_no_code(sent: NewInvitation) -> None:
    for _ in range(21):
        assert invitation_door.ask_for_code(secret="unknown", address=ADDRESS)
    assert ask(sent)
    assert not Message.objects.exists()
