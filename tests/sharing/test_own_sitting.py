"""From her own page she comes to a question without a second link, by her own right and on the clinic's terms."""

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from consent.ending import suspend, withdraw_consent
from consent.models import CapacityRule, Purpose
from consent.states import Basis, GrantDecision, SuspensionCause, WithdrawalChannel
from sharing import access, door, invited, own_sitting
from sharing.errors import LinkClosed
from sharing.models import Invitation
from sharing.shelves import Shelf, shelves_of
from sharing.states import SecondSecret
from tests.factories.sharing import ADDRESS, Scene, make_grant, make_invitation, make_sent_link, unrelease
from tests.sharing.conftest import Clock
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FAMILY = "family"


def shelf_of(scene: Scene, purpose: str = FAMILY) -> Shelf:
    return next(shelf for shelf in shelves_of(scene.study) if shelf.purpose.pk == purpose)


def begin(scene: Scene) -> Invitation:
    return invited.attending(own_sitting.begin(scene.link, Purpose.objects.get(pk=FAMILY)))


def test_it_works(scene: Scene) -> None:
    assert own_sitting.may_decide(scene.link, shelf_of(scene))
    sitting = begin(scene)
    assert (sitting.asked, sitting.second_secret) == ([FAMILY], SecondSecret.CARD)
    assert Entry.objects.get(event=Event.INVITATION_MADE).actor == f"link:{scene.link.pk}"


def test_a_link_that_sends_codes_is_as_good(scene: Scene, settings: Settings) -> None:
    link = make_sent_link(scene, settings).link
    sitting = invited.attending(own_sitting.begin(link, Purpose.objects.get(pk=FAMILY)))
    assert sitting.second_secret == SecondSecret.EMAIL


def test_what_staff_asked_for_is_answered_first_and_its_card_still_works(scene: Scene) -> None:
    asked = make_invitation(scene, "own_copy", FAMILY).invitation
    assert begin(scene) == asked
    assert Invitation.objects.count() == 1


def test_another_beginning_takes_the_place_of_the_first(scene: Scene, later: Clock) -> None:
    session = own_sitting.begin(scene.link, Purpose.objects.get(pk=FAMILY))
    begin(scene)
    with pytest.raises(LinkClosed):
        invited.attending(session)
    later(timedelta(hours=3))
    begin(scene)
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_a_no_can_become_a_yes_here_and_what_rests_cannot(scene: Scene) -> None:
    make_grant(scene.patient, scene.clinician, scene.study, purpose=FAMILY, decision=GrantDecision.DENY)
    assert own_sitting.may_decide(scene.link, shelf_of(scene))
    yes = make_grant(scene.patient, scene.clinician, scene.study, purpose=FAMILY)
    assert not own_sitting.may_decide(scene.link, shelf_of(scene))
    suspend(yes, SuspensionCause.FAMILY, actor=f"user:{scene.clinician.pk}")
    assert not own_sitting.may_decide(scene.link, shelf_of(scene))
    withdraw_consent(yes, actor=f"link:{scene.link.pk}", channel=WithdrawalChannel.LINK)
    assert own_sitting.may_decide(scene.link, shelf_of(scene))


def test_where_the_clinic_does_not_let_her_decide_from_afar_she_is_sent_to_it(scene: Scene) -> None:
    connection.check_constraints()  # PostgreSQL lifts no trigger while it has checks to make up for
    with without_triggers():
        CapacityRule.objects.filter(basis=Basis.ADULT).update(from_afar=False)
    assert not own_sitting.may_decide(scene.link, shelf_of(scene))


def test_without_a_picture_there_is_nothing_to_decide_about(scene: Scene) -> None:
    unrelease(scene.instances[0])
    assert not own_sitting.may_decide(scene.link, shelf_of(scene))


def test_leaving_her_page_ends_the_sitting_with_it(scene: Scene) -> None:
    session = door.open_link(secret=scene.secret, code=scene.code, address=ADDRESS)
    sitting = own_sitting.begin(scene.link, Purpose.objects.get(pk=FAMILY))
    own_sitting.leave(session)
    for ask, value in ((access.viewing, session), (invited.attending, sitting)):
        with pytest.raises(LinkClosed):
            ask(value)
    own_sitting.leave("nobody's")


def test_without_released_pictures_no_sitting_begins(scene: Scene) -> None:
    unrelease(scene.instances[0])
    with pytest.raises(LinkClosed):
        begin(scene)
