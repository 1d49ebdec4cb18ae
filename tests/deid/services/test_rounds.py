"""Pictures of several studies are approved at once, none that was not shown whole, and the round can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deid.errors import ReviewRefused
from deid.models import Approval, Instance, Round
from deid.services import gates, review, rounds, showings
from deid.states import ArtefactKind, Gate, InstanceState
from tests.factories.clinics import Role, make_clinic, make_staff
from tests.factories.pictures import make_artefact, make_picture, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


@pytest.fixture
def ada(clinic: Clinic) -> User:
    return make_staff(clinic, Role.CLINICIAN)


def shown(picture: Instance, by: User) -> Instance:
    review.open_for_staff(picture.artefacts.get(kind="still_png"), by=by)
    return picture


def state(picture: Instance) -> str:
    return Instance.objects.values_list("state", flat=True).get(pk=picture.pk)


def approve(clinic: Clinic, pictures: list[Instance], by: User, *, may_release: bool = True) -> Round | None:
    return rounds.approve(clinic, {one.pk for one in pictures}, by=by, may_release=may_release)


@pytest.mark.requirement("R34")
def test_only_what_this_person_was_shown_whole_passes_over_several_studies(clinic: Clinic, ada: User) -> None:
    first, second = make_picture(make_study(clinic)), make_picture(make_study(clinic))
    unseen, telling = make_picture(first.study), make_picture(first.study, tells_sex=True)
    held = make_picture(first.study, InstanceState.HELD, reason="text_left")
    others = make_picture(make_study(clinic))
    for picture in (first, second, telling, held):
        shown(picture, ada)
    shown(others, make_staff(clinic, Role.CLINICIAN))
    done = approve(clinic, [first, second, unseen, telling, held, others], ada)
    assert done is not None
    assert set(done.approvals.filter(gate=Gate.RELEASE).values_list("instance", flat=True)) == {first.pk, second.pk}
    assert [state(one) for one in (unseen, telling, held, others)] == ["clean", "clean", "held", "clean"]


def test_a_film_passes_once_every_frame_was_shown(clinic: Clinic, ada: User) -> None:
    film = make_picture(make_study(clinic), frames=9)
    assert film.current_run is not None
    review.open_for_staff(make_artefact(film.current_run, ArtefactKind.FILM), by=ada)
    showings.note_frames(film.current_run, [(0, 7)], by=ada)
    assert approve(clinic, [film], ada) is None
    assert not Round.objects.exists()
    showings.note_frames(film.current_run, [(8, 8)], by=ada)
    assert approve(clinic, [film], ada) is not None


def test_what_is_not_ticked_or_of_another_clinic_stays(clinic: Clinic, ada: User) -> None:
    ticked, left, foreign = make_picture(make_study(clinic)), make_picture(make_study(clinic)), make_picture()
    for picture in (ticked, left, foreign):
        shown(picture, ada)
    approve(clinic, [ticked, foreign], ada)
    assert [state(one) for one in (ticked, left, foreign)] == ["released", "clean", "clean"]


def test_plain_pictures_of_nobody_are_not_offered(clinic: Clinic, ada: User) -> None:
    study = make_study(clinic)
    study.nameless = True
    study.save()
    shown(make_picture(study), ada)
    assert rounds.offered(clinic, by=ada, may_release=True) == []


def test_where_two_are_asked_each_passes_one_gate(clinic: Clinic, ada: User) -> None:
    ben = make_staff(clinic, Role.CLINICIAN)
    gates.change_rule(clinic, second_person=True, by=ben)
    picture = make_picture(make_study(clinic))
    for person in (ada, ben):
        shown(picture, person)
    approve(clinic, [picture], ada)
    assert (state(picture), rounds.offered(clinic, by=ada, may_release=True)) == ("clean", [])
    approve(clinic, [picture], ben)
    assert state(picture) == "released"


@pytest.mark.parametrize("may_release", [True, False])
def test_a_round_is_undone_as_a_whole(clinic: Clinic, ada: User, *, may_release: bool) -> None:
    pictures = [shown(make_picture(make_study(clinic)), ada) for _ in range(2)]
    done = approve(clinic, pictures, ada, may_release=may_release)
    assert done is not None
    assert rounds.undo(done, by=ada) == 2
    assert [state(one) for one in pictures] == ["clean", "clean"]
    assert not Approval.objects.filter(ended_at=None).exists()
    assert Entry.objects.filter(event="release_undone").count() == (2 if may_release else 0)
    assert Entry.objects.filter(event="finding_undone").count() == 2
    with pytest.raises(ReviewRefused):
        rounds.undo(done, by=ada)


def test_what_has_gone_on_since_is_left_when_a_round_is_undone(clinic: Clinic, ada: User) -> None:
    released_by_another, rejected = (shown(make_picture(make_study(clinic)), ada) for _ in range(2))
    done = approve(clinic, [released_by_another, rejected], ada, may_release=False)
    assert done is not None
    ben = make_staff(clinic, Role.CLINICIAN)
    review.release(released_by_another, by=ben, seen=released_by_another.current_run_id)
    review.reject(rejected, by=ben, reason=next(iter(review.Refusal)))
    assert rounds.undo(done, by=ada) == 0
    assert [state(one) for one in (released_by_another, rejected)] == ["released", "rejected"]


def test_a_round_is_undone_in_time_and_by_who_made_it(clinic: Clinic, ada: User) -> None:
    done = approve(clinic, [shown(make_picture(make_study(clinic)), ada)], ada)
    assert done is not None
    with pytest.raises(ReviewRefused):
        rounds.undo(done, by=make_staff(clinic, Role.CLINICIAN))
    done.at = timezone.now() - rounds.UNDO_FOR - timedelta(seconds=1)
    assert rounds.ends_at(done) is None
    with pytest.raises(ReviewRefused):
        rounds.undo(done, by=ada)
