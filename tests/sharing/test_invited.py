"""The guard of a remote sitting: who comes in, who does not, and why the trail says so."""

from datetime import timedelta
from uuid import uuid4

import pytest

from sharing import invitation_door, invited
from sharing.errors import ClosedReason, LinkClosed
from tests.factories.sharing import ADDRESS, Scene, make_invitation
from tests.sharing.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("session", ["", "made up"])
def test_no_session_no_visit(scene: Scene, session: str) -> None:
    make_invitation(scene)
    with pytest.raises(LinkClosed):
        invited.attending(session)


def test_a_file_of_no_picture_of_hers_is_refused(scene: Scene) -> None:
    with pytest.raises(LinkClosed) as closed:
        invited.picture(make_invitation(scene).invitation, uuid4())
    assert closed.value.reason is ClosedReason.NOT_IN_LINK


def test_a_page_of_a_visit_knows_how_long_it_may_be_shown(scene: Scene, later: Clock) -> None:
    made = make_invitation(scene)
    session = invitation_door.come_in(secret=made.secret, code=made.code, address=ADDRESS)
    assert 895 <= invited.attending(session).idle_seconds <= 900
    later(timedelta(minutes=10))
    found = invited.attending(session)
    assert 895 <= found.idle_seconds <= 900
    assert 6595 <= found.seconds_left <= 6600
    assert (made.invitation.idle_seconds, made.invitation.seconds_left) == (0, 0)  # before anybody came in
