"""What a reviewer may do, and what never happens."""

import pytest

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Artefact, Instance
from deid.services import review
from deid.services.release import released_pictures
from deid.states import ArtefactKind, InstanceState, Refusal
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

pytestmark = pytest.mark.django_db


def clinician(instance: Instance) -> User:
    return make_staff(instance.clinic)


def reason_of(raised: pytest.ExceptionInfo[ReviewRefused]) -> ReviewRefusal:
    return raised.value.reason


def events(instance: Instance) -> list[str]:
    return list(Entry.objects.filter(object_id=instance.pk).order_by("seq").values_list("event", flat=True))


def test_a_clean_picture_is_released() -> None:
    instance = make_picture()
    by = clinician(instance)
    released = review.release(instance, seen=instance.current_run_id, by=by)
    assert (released.state, released.released_by) == (InstanceState.RELEASED, by)
    assert released.released_at is not None
    assert len(released_pictures(instance.study_id)) == 1
    assert events(instance) == ["picture_found_clean", "instance_released"]


@pytest.mark.requirement("R34")
def test_a_sonographer_cannot_release() -> None:
    instance = make_picture()
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=make_staff(instance.clinic, Role.SONOGRAPHER))
    assert reason_of(raised) is ReviewRefusal.NO_RIGHT


def test_a_clinician_of_another_clinic_cannot_release() -> None:
    instance = make_picture()
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=make_staff())
    assert reason_of(raised) is ReviewRefusal.NO_RIGHT


@pytest.mark.parametrize("reason", ["text_left", "area_uncertain"])
def test_a_held_picture_is_released_only_when_confirmed(reason: str) -> None:
    instance = make_picture(state=InstanceState.HELD, reason=reason)
    by = clinician(instance)
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=by)
    assert reason_of(raised) is ReviewRefusal.NOT_CONFIRMED
    assert review.release(instance, seen=instance.current_run_id, by=by, confirmed=True).state == InstanceState.RELEASED
    entry = Entry.objects.get(event="instance_released")
    assert entry.detail == {"confirmed": True, "held_for": reason, "unseen_frames": 1}


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    "reason",
    [
        "report_page",
        "identifier_left",
        "undecodable",
        "unknown_syntax",
        "detector_failed",
        "ocr_missing",
        "ocr_failed",
        "timed_out",
        "crashed",
    ],
)
def test_nobody_releases_what_was_held_for_a_hard_reason(reason: str) -> None:
    instance = make_picture(state=InstanceState.HELD, reason=reason)
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=clinician(instance), confirmed=True)
    assert reason_of(raised) is ReviewRefusal.NEVER


@pytest.mark.parametrize(("state", "reason"), [("clean", ""), ("held", "text_left")])
def test_a_picture_that_may_tell_the_sex_needs_a_word_of_its_own(state: str, reason: str) -> None:
    instance = make_picture(state=InstanceState(state), reason=reason, tells_sex=True)
    by = clinician(instance)
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=by, confirmed=True)
    assert reason_of(raised) is ReviewRefusal.SEX_NOT_WANTED
    released = review.release(instance, seen=instance.current_run_id, by=by, confirmed=True, sex_wanted=True)
    assert (released.state, released.sex_wanted) == (InstanceState.RELEASED, True)
    assert Entry.objects.get(event="instance_released").detail["sex_wanted"] is True


def test_that_word_does_not_confirm_a_held_picture() -> None:
    instance = make_picture(state=InstanceState.HELD, reason="text_left", tells_sex=True)
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=clinician(instance), sex_wanted=True)
    assert reason_of(raised) is ReviewRefusal.NOT_CONFIRMED


def test_the_word_ends_with_the_release() -> None:
    instance = make_picture(state=InstanceState.RELEASED, tells_sex=True)
    undone = review.undo_release(instance, by=clinician(instance))
    assert (undone.tells_sex, undone.sex_wanted) == (True, False)


def test_a_held_picture_without_outputs_is_not_released() -> None:
    instance = make_picture(state=InstanceState.HELD, reason="text_left", outputs=False)
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=clinician(instance), confirmed=True)
    assert reason_of(raised) is ReviewRefusal.NO_OUTPUTS


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("state", ["received", "processing", "released", "rejected", "failed"])
def test_no_other_state_is_released(state: str) -> None:
    instance = make_picture(state=InstanceState(state))
    with pytest.raises(ReviewRefused) as raised:
        review.release(instance, seen=instance.current_run_id, by=clinician(instance), confirmed=True)
    assert reason_of(raised) is ReviewRefusal.STATE


@pytest.mark.parametrize(("was", "reason"), [("clean", ""), ("held", "text_left")])
def test_undoing_a_release_goes_back_to_what_the_run_found(was: str, reason: str) -> None:
    instance = make_picture(state=InstanceState(was), reason=reason)
    by = clinician(instance)
    review.release(instance, seen=instance.current_run_id, by=by, confirmed=True)
    undone = review.undo_release(instance, by=by)
    assert (undone.state, undone.reason, undone.released_by) == (was, reason, None)
    assert released_pictures(instance.study_id) == []


def test_only_a_release_can_be_undone() -> None:
    instance = make_picture()
    with pytest.raises(ReviewRefused) as raised:
        review.undo_release(instance, by=clinician(instance))
    assert reason_of(raised) is ReviewRefusal.STATE


def test_a_rejected_picture_stays_rejected() -> None:
    instance = make_picture()
    by = clinician(instance)
    rejected = review.reject(instance, by=by, reason=Refusal.IDENTIFIES)
    assert (rejected.state, rejected.reason) == (InstanceState.REJECTED, "identifies")
    for step in (
        lambda: review.release(instance, seen=instance.current_run_id, by=by),
        lambda: review.try_again(instance, by=by),
    ):
        with pytest.raises(ReviewRefused):
            step()


def test_trying_again_queues_a_failed_picture() -> None:
    instance = make_picture(state=InstanceState.FAILED, reason="gave_up")
    assert review.try_again(instance, by=clinician(instance)).state == InstanceState.RECEIVED
    assert Job.objects.get(object_id=instance.pk).state == JobState.QUEUED


def test_trying_again_gives_a_job_that_was_set_aside_its_attempts_back() -> None:
    instance = make_picture(state=InstanceState.FAILED, reason="gave_up")
    Job.objects.create(kind="process_instance", object_id=instance.pk, state=JobState.QUARANTINED, attempt=3)
    review.try_again(instance, by=clinician(instance))
    job = Job.objects.get(object_id=instance.pk)
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_a_look_is_on_the_trail_before_the_first_byte() -> None:
    instance = make_picture(state=InstanceState.HELD)
    artefact = Artefact.objects.get(instance=instance, kind=ArtefactKind.SOURCE_STILL)
    by = clinician(instance)
    reader = review.open_for_staff(artefact, by=by)
    entry = Entry.objects.get(event="picture_viewed_by_staff")
    assert (entry.actor, entry.object_id) == (f"user:{by.pk}", artefact.pk)
    assert b"".join(reader.read_range(0, 6)) == b"source"
