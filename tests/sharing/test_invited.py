"""The guard of a remote sitting: who comes in, who does not, and why the trail says so."""

from uuid import uuid4

import pytest

from sharing import invited
from sharing.errors import ClosedReason, LinkClosed
from tests.factories.sharing import Scene, make_invitation

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
