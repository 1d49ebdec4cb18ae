"""What is recorded of a remote sitting: once, by who came in, and for whose name it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.capacity import Claim
from consent.errors import ConsentRefused, RefusalReason
from consent.evidence import is_whole
from consent.models import Grant, Signature, Wording
from consent.sealed import details_of, name_of
from consent.services import missing_roles
from consent.standing import note_incapacity
from consent.states import Assent, Basis, GrantDecision, GrantState, Place, SignerRole, SigningMethod
from sharing import invitation_door, invited, remote_sitting
from sharing.briefs import Brief
from sharing.models import Invitation
from sharing.remote_form import RemoteForm
from sharing.remote_sitting import Signed, Table
from sharing.services.invitations import InvitationOrder, NewInvitation, invite_to_sign
from sharing.services.sitting import waits_for
from sharing.sittings import sitting_of
from tests.factories.sharing import (
    ADDRESS,
    Scene,
    make_invitation,
    make_invitations,
    make_released,
    minor_of,
    unrelease,
)
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PARENT = Brief(claim=Claim(basis=Basis.MINOR_WITH_PARENT))


def come_in(made: NewInvitation) -> Invitation:
    return invited.attending(invitation_door.come_in(secret=made.secret, code=made.code, address=ADDRESS))


def answered(made: NewInvitation, decision: GrantDecision = GrantDecision.PERMIT, name: str = "Kim Testwoman") -> None:
    """Come in, answer every question alike and sign."""
    sitting = sitting_of(come_in(made))
    form = sitting.form()
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    data = {"shown": form["shown"].value(), "name": name}
    for field in form.fields:
        kind = field.partition("_")[0]
        data |= {field: str(decision)} if kind == "answer" else {field: until} if kind == "until" else {}
        data |= {field: "on"} if kind == "permanence" else {}
    bound: RemoteForm = sitting.form(data)
    assert bound.is_valid(), bound.errors
    sitting.record(bound)


def own_copy(scene: Scene) -> Grant:
    return Grant.objects.filter(patient=scene.patient, purpose="own_copy").latest("valid_from")


def refused(made: NewInvitation) -> RefusalReason:
    with pytest.raises(ConsentRefused) as refusal:
        answered(made)
    return refusal.value.reason


def test_a_stale_view_of_the_invitation_decides_nothing(scene: Scene) -> None:
    made = make_invitation(scene)
    stale = come_in(made)
    come_in(made)
    with pytest.raises(ConsentRefused) as refused:
        remote_sitting.decide(stale, [], table=Table([], []), signed=Signed("Anna"))
    assert refused.value.reason is RefusalReason.ANSWERED_MEANWHILE


def test_before_she_answered_there_is_nothing_to_take_back(scene: Scene) -> None:
    with pytest.raises(ConsentRefused):
        remote_sitting.take_back(make_invitation(scene).invitation, scene.grant.pk)


@pytest.mark.requirement("R24")
def test_a_parent_and_the_patient_each_sign_in_their_own_sitting(scene: Scene) -> None:
    minor = minor_of(scene)
    for_parent, for_her = make_invitations(minor, brief=PARENT)
    assert sitting_of(come_in(for_her)).form().cards() == []  # nothing waits for her name yet
    answered(for_parent, name="Pat Testwoman")
    grant = own_copy(minor)
    assert (grant.state, missing_roles(grant)) == (GrantState.PENDING, [SignerRole.ASSENT])
    answered(for_her, name="Kim Testwoman")
    grant.refresh_from_db()
    assert grant.state == GrantState.ACTIVE
    assert is_whole(grant)
    signed = {signature.role: signature for signature in grant.record.signatures.all()}
    assert {role: name_of(one) for role, one in signed.items()} == {
        "parent": "Pat Testwoman",
        "assent": "Kim Testwoman",
    }
    assert {one.method for one in signed.values()} == {SigningMethod.REMOTE}
    assert grant.record.place == Place.ELSEWHERE
    given = Entry.objects.get(event="consent_given", grant_id=grant.pk)
    assert given.actor == f"invitation:{for_her.invitation.pk}"
    copies = [Invitation.objects.get(pk=made.invitation.pk).copy for made in (for_parent, for_her)]
    assert None not in copies
    assert copies[0] != copies[1]


@pytest.mark.requirement("R29")
def test_her_no_holds_whatever_the_parent_said(scene: Scene) -> None:
    minor = minor_of(scene)
    for_parent, for_her = make_invitations(minor, "own_copy", "family", brief=PARENT)
    answered(for_parent)
    answered(for_her, GrantDecision.DENY)
    for grant in Grant.objects.filter(patient=minor.patient).exclude(state=GrantState.SUPERSEDED):
        assert (grant.state, grant.decision) == (GrantState.REFUSED, GrantDecision.DENY)
        assert Signature.objects.get(record=grant.record).role == SignerRole.ASSENT
    assert Grant.objects.filter(patient=minor.patient, state=GrantState.SUPERSEDED).count() == 2


@pytest.mark.requirement("R25")
def test_a_competent_minor_decides_alone_after_it_was_assessed_and_no_parent_is_asked(scene: Scene) -> None:
    minor = minor_of(scene)
    reasoning = Claim(basis=Basis.COMPETENT_MINOR, assessor=scene.clinician, reasoning="She said it in her own words.")
    (made,) = make_invitations(minor, brief=Brief(claim=reasoning))
    answered(made)
    grant = own_copy(minor)
    assert grant.state == GrantState.ACTIVE
    assert [one.role for one in grant.record.signatures.all()] == [SignerRole.PATIENT]
    assert grant.record.capacity.assessor == scene.clinician
    assert details_of(grant.record.capacity)["reasoning"] == "She said it in her own words."
    with pytest.raises(ConsentRefused) as unjudged:
        make_invitations(minor, brief=Brief(claim=Claim(basis=Basis.COMPETENT_MINOR)))
    assert unjudged.value.reason is RefusalReason.ASSESSMENT_MISSING


def a_guardian(days: int = 20) -> Brief:
    claim = Claim(
        basis=Basis.GUARDIAN,
        authority="Court order",
        proof="No. 12, seen",
        authority_until=timezone.localdate() + timedelta(days=days),
        statements=(True, True, True),
        assent=Assent.NOT_POSSIBLE,
        assent_note="She is asleep.",
    )
    return Brief(claim=claim)


@pytest.mark.requirement("R26")
def test_a_guardian_decides_by_the_paper_that_staff_have_seen(scene: Scene) -> None:
    (made,) = make_invitations(scene, brief=a_guardian())
    answered(made)
    grant = own_copy(scene)
    assert grant.state == GrantState.ACTIVE
    assert grant.record.capacity.ends_at is not None
    assert grant.valid_until == grant.record.capacity.ends_at  # a yes lasts no longer than the right


@pytest.mark.requirement("R26")
def test_a_guardian_whose_authority_ended_yesterday_decides_nothing(scene: Scene, later: Clock) -> None:
    with pytest.raises(ConsentRefused) as ended:
        make_invitations(scene, brief=a_guardian(days=-1))
    assert ended.value.reason is RefusalReason.AUTHORITY_ENDED
    (made,) = make_invitations(scene, brief=a_guardian(days=2))
    later(timedelta(days=3))
    assert refused(made) is RefusalReason.AUTHORITY_ENDED
    assert own_copy(scene) == scene.grant


def test_what_became_of_her_meanwhile_counts(scene: Scene) -> None:
    made = make_invitation(scene)
    note_incapacity(scene.patient, by=scene.clinician)
    assert refused(made) is RefusalReason.PATIENT_UNABLE


def pending(scene: Scene) -> tuple[Scene, NewInvitation]:
    """A yes of a parent that waits for the patient's name, and her invitation."""
    minor = minor_of(scene)
    for_parent, for_her = make_invitations(minor, brief=PARENT)
    answered(for_parent)
    return minor, for_her


@pytest.mark.requirement("R10")
def test_a_picture_that_was_added_or_taken_away_is_seen_before_a_name_is_put(scene: Scene) -> None:
    minor, for_her = pending(scene)
    make_released(minor.study, scene.clinician)
    unrelease(minor.instances[0])
    assert refused(for_her) is RefusalReason.PICTURE_REPLACED
    assert own_copy(minor).state == GrantState.PENDING


def test_words_that_were_retired_meanwhile_are_not_signed(scene: Scene) -> None:
    minor, for_her = pending(scene)
    Wording.objects.filter(purpose="own_copy", language="en", retired_at=None).update(retired_at=timezone.now())
    assert refused(for_her) is RefusalReason.WORDING_NOT_LIVE
    assert own_copy(minor).state == GrantState.PENDING


def order(minor: Scene, basis: Basis = Basis.MINOR_WITH_PARENT) -> InvitationOrder:
    return InvitationOrder(
        study=minor.study,
        purposes=[grant.purpose for grant in waits_for(minor.study, SignerRole.ASSENT)],
        language="en",
        not_after=timezone.now() + timedelta(days=2),
        brief=Brief(claim=Claim(basis=basis)),
    )


def test_a_missing_name_is_asked_for_once_more(scene: Scene) -> None:
    minor, first = pending(scene)
    made = invite_to_sign(order(minor), SignerRole.ASSENT, by=scene.clinician)
    assert not Invitation.objects.get(pk=first.invitation.pk).is_open
    answered(made)
    assert own_copy(minor).state == GrantState.ACTIVE
    with pytest.raises(ConsentRefused) as nothing:
        invite_to_sign(order(minor), SignerRole.ASSENT, by=scene.clinician)
    assert nothing.value.reason is RefusalReason.NOT_NEEDED
    with pytest.raises(ConsentRefused) as met:
        invite_to_sign(order(minor, Basis.DECEASED), SignerRole.ASSENT, by=scene.clinician)
    assert met.value.reason is RefusalReason.NOT_FROM_AFAR


def test_what_does_not_wait_any_more_is_not_signed(scene: Scene) -> None:
    minor, for_her = pending(scene)
    sitting = sitting_of(come_in(for_her))
    bound = sitting.form({"shown": sitting.form()["shown"].value(), "name": "Kim", "answer_own_copy": "permit"})
    assert bound.is_valid()
    made = invite_to_sign(order(minor), SignerRole.ASSENT, by=scene.clinician)
    with pytest.raises(ConsentRefused) as closed:
        sitting.record(bound)
    assert closed.value.reason is RefusalReason.ANSWERED_MEANWHILE
    answered(made)
