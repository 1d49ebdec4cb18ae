"""What staff told of an invitation is sealed, comes back as it was, and is gone with its key."""

from datetime import date

import pytest

from consent.capacity import Claim
from consent.services import NamedRecipient
from consent.states import Assent, Basis
from sharing.briefs import Brief, brief_of, seal_brief
from sharing.models import Invitation
from tests.factories.sharing import Scene
from ultrasound_portal.vault.errors import Destroyed
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db

DAY = date(2031, 2, 28)
CLAIMS = {
    "adult": Claim(),
    "guardian": Claim(
        basis=Basis.GUARDIAN,
        authority="Order",
        proof="No. 1",
        authority_until=DAY,
        statements=(True, True, True),
        assent=Assent.NOT_POSSIBLE,
        assent_note="asleep",
        born=DAY,
    ),
    "wishes": Claim(basis=Basis.DECEASED, wishes="nothing is known"),
}


def row(scene: Scene, brief: Brief) -> Invitation:
    object_id, sealed = seal_brief(brief, clinic_id=scene.clinic.pk)
    return Invitation(
        basis=brief.claim.basis, created_by=scene.clinician, brief_object_id=object_id, brief_sealed=sealed
    )


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
def test_a_brief_comes_back_as_it_was(scene: Scene, claim: Claim) -> None:
    named = {"consult": NamedRecipient("Dr Linden", "known"), "publication": NamedRecipient("A Journal", "contract")}
    brief = Brief(recipients=named, claim=claim, contact="rowan@example.net")
    assert brief_of(row(scene, brief)) == brief
    assert brief_of(row(scene, Brief(claim=claim))) == Brief(claim=claim)


def test_who_invited_is_who_judged(scene: Scene) -> None:
    judged = Claim(basis=Basis.COMPETENT_MINOR, assessor=scene.clinician, reasoning="Her own words.")
    assert brief_of(row(scene, Brief(claim=judged))).claim == judged


def test_nothing_of_it_stands_in_clear_and_it_goes_with_its_key(scene: Scene) -> None:
    kept = row(scene, Brief(claim=CLAIMS["guardian"], contact="rowan@example.net"))
    assert b"Order" not in bytes(kept.brief_sealed)
    shred(kept.brief_object_id)
    with pytest.raises(Destroyed):
        brief_of(kept)
