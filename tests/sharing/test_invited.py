"""The guard of a remote sitting: who comes in, who does not, and why the trail says so."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent.errors import ConsentRefused, RefusalReason
from sharing import invited
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Invitation
from sharing.services.invitations import NewInvitation, revoke_invitations
from tests.factories.sharing import ADDRESS, Scene, make_invitation
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def why(made: NewInvitation, **changes: str) -> ClosedReason:
    with pytest.raises(LinkClosed) as closed:
        invited.come_in(**{"secret": made.secret, "code": made.code, "address": ADDRESS, **changes})
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
    for _ in range(invited.TRIES):
        assert why(made, code="XXXX-XXXX") is ClosedReason.WRONG_CODE
    assert why(made) is ClosedReason.COOLING_OFF
    later(invited.COOL_OFF + timedelta(seconds=1))
    assert invited.attending(invited.come_in(secret=made.secret, code=made.code, address=ADDRESS)) == made.invitation
    made.invitation.refresh_from_db()
    assert (made.invitation.failed_attempts, made.invitation.locked_until) == (0, None)


def test_a_tired_address_is_not_heard(scene: Scene) -> None:
    made = make_invitation(scene)
    for _ in range(20):
        why(made, secret="unknown")
    assert why(made) is ClosedReason.TOO_MANY_TRIES


@pytest.mark.parametrize("session", ["", "made up"])
def test_no_session_no_visit(scene: Scene, session: str) -> None:
    make_invitation(scene)
    with pytest.raises(LinkClosed):
        invited.attending(session)


def test_a_stale_view_of_the_invitation_decides_nothing(scene: Scene) -> None:
    made = make_invitation(scene)
    invited.come_in(secret=made.secret, code=made.code, address=ADDRESS)
    stale = Invitation.objects.get(pk=made.invitation.pk)
    invited.come_in(secret=made.secret, code=made.code, address=ADDRESS)
    with pytest.raises(ConsentRefused) as refused:
        invited.decide(stale, [], table=invited.Table([], []), name="Anna")
    assert refused.value.reason is RefusalReason.ANSWERED_MEANWHILE


def test_a_file_of_no_picture_of_hers_is_refused(scene: Scene) -> None:
    with pytest.raises(LinkClosed) as closed:
        invited.picture(make_invitation(scene).invitation, uuid4())
    assert closed.value.reason is ClosedReason.NOT_IN_LINK


def test_before_she_answered_there_is_nothing_to_take_back(scene: Scene) -> None:
    with pytest.raises(ConsentRefused):
        invited.take_back(make_invitation(scene).invitation, scene.grant.pk)
