"""An invitation is good once, for one address, until its end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.clinics import make_clinic, make_member, make_user
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import invitations
from ultrasound_portal.clinics.models import Invitation, Membership
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
EMAIL = "bea@example.org"


@pytest.fixture
def ada() -> Membership:
    return make_member(role=Role.ADMINISTRATOR)


def test_invited_and_taken_once(ada: Membership) -> None:
    secret = invitations.invite(ada.clinic, " Bea@Example.org", Role.REVIEWER, by=ada.user)
    invitation = invitations.by_secret(f" {secret}\n")
    assert invitation is not None
    assert secret not in str(Invitation.objects.values().get())
    bea = make_user(email=EMAIL)
    membership = invitations.accept(invitation, bea)
    assert (membership.clinic, membership.roles) == (ada.clinic, Role.REVIEWER)
    assert invitations.by_secret(secret) is None
    with pytest.raises(invitations.NotInvited):
        invitations.accept(invitation, bea)
    events = [entry.event for entry in Entry.objects.filter(object_kind="invitation").order_by("seq")]
    assert events == [Event.MEMBER_INVITED, Event.INVITATION_ACCEPTED]
    assert EMAIL not in str(list(Entry.objects.values()))


def test_it_ends_after_a_week(ada: Membership) -> None:
    secret = invitations.invite(ada.clinic, EMAIL, Role.REVIEWER, by=ada.user)
    invitation = Invitation.objects.get()
    Invitation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert invitations.by_secret(secret) is None
    assert not invitations.alive(ada.clinic).exists()
    with pytest.raises(invitations.NotInvited):
        invitations.accept(invitation, make_user(email=EMAIL))
    invitations.clear()
    assert not Invitation.objects.exists()


def test_another_invitation_ends_the_former_one(ada: Membership) -> None:
    former = invitations.invite(ada.clinic, EMAIL, Role.REVIEWER, by=ada.user)
    latter = invitations.invite(ada.clinic, EMAIL, Role.AUDITOR, by=ada.user)
    assert invitations.by_secret(former) is None
    found = invitations.by_secret(latter)
    assert found is not None
    assert found.roles == Role.AUDITOR


def test_somebody_else_cannot_take_it(ada: Membership) -> None:
    invitations.invite(ada.clinic, EMAIL, Role.REVIEWER, by=ada.user)
    with pytest.raises(invitations.NotInvited):
        invitations.accept(Invitation.objects.get(), make_user())


def test_whoever_works_here_is_not_invited(ada: Membership) -> None:
    with pytest.raises(invitations.NotInvited):
        invitations.invite(ada.clinic, ada.user.email, Role.REVIEWER, by=ada.user)
    invitations.invite(make_clinic("Elsewhere"), ada.user.email, Role.REVIEWER, by=ada.user)


def test_a_withdrawn_one_opens_nothing(ada: Membership) -> None:
    secret = invitations.invite(ada.clinic, EMAIL, Role.REVIEWER, by=ada.user)
    invitations.withdraw(Invitation.objects.get(), by=ada.user)
    assert invitations.by_secret(secret) is None
    assert Entry.objects.filter(event=Event.INVITATION_WITHDRAWN).count() == 1
