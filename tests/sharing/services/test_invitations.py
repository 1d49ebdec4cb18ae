"""Invitations are made for who may decide alone, in words that exist, and one at a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.errors import ConsentRefused, RefusalReason
from consent.models import Wording
from consent.services import NamedRecipient
from consent.standing import note_incapacity
from sharing.briefs import brief_of
from sharing.models import Invitation
from sharing.services.invitations import questions, revoke_invitations
from tests.factories.sharing import Scene, make_invitation
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def reason(scene: Scene, *asked: str, language: str = "en") -> RefusalReason:
    with pytest.raises(ConsentRefused) as refused:
        make_invitation(scene, *asked, language=language)
    return refused.value.reason


def test_a_new_one_takes_the_place_of_the_open_one(scene: Scene) -> None:
    first, second = make_invitation(scene), make_invitation(scene)
    assert list(Invitation.objects.filter(revoked_at=None)) == [second.invitation]
    assert first.secret != second.secret
    events = Entry.objects.filter(object_kind="invitation").order_by("seq").values_list("event", flat=True)
    assert list(events) == [Event.INVITATION_MADE, Event.INVITATION_REVOKED, Event.INVITATION_MADE]


@pytest.mark.requirement("R11")
def test_a_purpose_without_words_in_her_language_is_not_asked(scene: Scene) -> None:
    Wording.objects.filter(purpose="family", language="es").update(retired_at=timezone.now())
    assert reason(scene, "family", language="es") is RefusalReason.NO_WORDING


def test_who_cannot_decide_alone_is_asked_in_the_clinic(scene: Scene) -> None:
    note_incapacity(scene.patient, by=scene.clinician)
    assert reason(scene) is RefusalReason.PATIENT_UNABLE


@pytest.mark.requirement("R14")
def test_a_purpose_that_needs_a_name_is_asked_with_it(scene: Scene) -> None:
    assert reason(scene, "consult") is RefusalReason.RECIPIENT_MISSING
    named = {"consult": NamedRecipient("Dr Linden", "known")}
    made = make_invitation(scene, "consult", recipients=named)
    assert brief_of(made.invitation).recipients == named


def test_questions_are_those_that_can_be_asked_today(scene: Scene) -> None:
    made = make_invitation(scene, "family", "own_copy")
    assert [wording.purpose_id for wording in questions(made.invitation)] == ["own_copy", "family"]
    Wording.objects.filter(purpose="family", language="en", retired_at=None).update(retired_at=timezone.now())
    assert [wording.purpose_id for wording in questions(made.invitation)] == ["own_copy"]


def test_revoking_counts_only_what_was_open(scene: Scene) -> None:
    made = make_invitation(scene)
    assert revoke_invitations(Invitation.objects.all(), actor="system:test") == 1
    assert revoke_invitations(Invitation.objects.all(), actor="system:test") == 0
    made.invitation.refresh_from_db()
    assert not made.invitation.is_open
    assert not made.invitation.visit_runs(timezone.now() + timedelta(days=1))
