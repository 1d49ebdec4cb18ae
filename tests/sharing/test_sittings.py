"""What lies before somebody who came in: the cards of who decides, or what waits for a second name."""

import pytest

from consent.capacity import Claim
from consent.states import Basis
from sharing.briefs import Brief
from sharing.sittings import Deciding, Signing, sitting_of
from tests.factories.sharing import Scene, make_invitation, make_invitations, minor_of
from ultrasound_portal.vault.errors import Destroyed
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def test_who_decides_meets_the_cards(scene: Scene) -> None:
    sitting = sitting_of(make_invitation(scene, "own_copy", "family").invitation)
    assert isinstance(sitting, Deciding)
    assert [card.wording.purpose_id for card in sitting.form().cards()] == ["own_copy", "family"]
    assert sitting.form().cards()[0].present is not None


def test_who_signs_meets_what_waits(scene: Scene) -> None:
    brief = Brief(claim=Claim(basis=Basis.MINOR_WITH_PARENT))
    sitting = sitting_of(make_invitations(minor_of(scene), brief=brief)[1].invitation)
    assert isinstance(sitting, Signing)
    assert sitting.form().cards() == []


def test_what_was_destroyed_gives_no_sitting(scene: Scene) -> None:
    made = make_invitation(scene)
    shred(made.invitation.brief_object_id)
    with pytest.raises(Destroyed):
        sitting_of(made.invitation)
