"""Her pictures by purpose: what each answer covers, and what is missing where nothing goes out."""

from datetime import timedelta

import pytest

from consent.ending import suspend, withdraw_consent
from consent.models import OfferedPurpose
from consent.offers import withhold
from consent.states import GrantDecision, SuspensionCause, WithdrawalChannel
from sharing.services.sex_wishes import note_wish
from sharing.shelves import Missing, Shelf, shelves_of
from tests.factories.sharing import Scene, make_grant, make_released, make_scene, unrelease
from tests.sharing.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def shelf(scene: Scene, purpose: str = "family") -> Shelf:
    return next(one for one in shelves_of(scene.study) if one.purpose.pk == purpose)


def yes(scene: Scene, **other: object) -> None:
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family", **other)  # type: ignore[arg-type]


def test_what_goes_out_is_counted_for_each_purpose() -> None:
    scene = make_scene(pictures=2)
    yes(scene)
    make_released(scene.study, scene.clinician)  # came after both answers
    found = {one.purpose.pk: (len(one.picture_ids), one.missing) for one in shelves_of(scene.study)}
    assert found == {"own_copy": (2, None), "family": (2, None)}


def test_nobody_asked(scene: Scene) -> None:
    assert shelf(scene).missing is Missing.NOT_ASKED
    assert shelf(scene).picture_ids == frozenset()


def test_social_media_stands_there_only_where_the_clinic_offers_it(scene: Scene) -> None:
    assert [one.purpose.pk for one in shelves_of(scene.study)] == ["own_copy", "family"]
    OfferedPurpose.objects.create(clinic=scene.clinic, purpose_id="social_media")
    assert [one.purpose.pk for one in shelves_of(scene.study)] == ["own_copy", "family", "social_media"]


def test_another_purpose_has_a_shelf_once_she_said_yes_even_if_it_is_offered_no_more(scene: Scene) -> None:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="teaching")
    withhold(grant.purpose, scene.clinic)
    assert [one.purpose.pk for one in shelves_of(scene.study)] == ["own_copy", "family", "teaching"]
    assert shelf(scene, "teaching").missing is None


def test_a_no_is_a_no(scene: Scene) -> None:
    yes(scene, decision=GrantDecision.DENY)
    assert shelf(scene).missing is Missing.REFUSED


def test_taken_back_suspended_and_ended_are_told_apart(scene: Scene, later: Clock) -> None:
    yes(scene)
    grant = shelf(scene).grant
    assert grant is not None
    suspend(grant, SuspensionCause.DOUBT, actor=f"user:{scene.clinician.pk}")
    assert shelf(scene).missing is Missing.SUSPENDED
    withdraw_consent(grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert shelf(scene).missing is Missing.TAKEN_BACK
    yes(scene, days=1)
    assert shelf(scene).missing is None
    later(timedelta(days=2))
    assert shelf(scene).missing is Missing.ENDED


def test_a_yes_whose_pictures_are_all_away_says_so(scene: Scene) -> None:
    yes(scene)
    unrelease(scene.instances[0])
    assert shelf(scene).missing is Missing.NO_PICTURES


def test_what_waits_for_her_word_is_counted_apart() -> None:
    scene = make_scene(tells_sex=True, sex_wanted=False)
    yes(scene)
    assert (shelf(scene).withheld, shelf(scene).picture_ids, shelf(scene).missing) == (1, frozenset(), None)
    note_wish(scene.study, "family", want=True, actor=f"user:{scene.clinician.pk}")
    assert (shelf(scene).withheld, len(shelf(scene).picture_ids)) == (0, 1)
    assert shelf(scene, "own_copy").withheld == 1
