"""Originals go when the clinic's rule says, key first; a legal hold stops it; every deletion is on the trail."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Artefact, Instance
from deid.services import covers, legal_holds, recleaning, retention, review
from deid.services.retention import Report, Rule, due, forecast, keep_to_the_rules
from deid.states import ArtefactKind, HoldGround, InstanceState
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.care import CareStatus, note_status
from ultrasound_portal.vault.models import SealedObject

pytestmark = [pytest.mark.django_db, pytest.mark.database]
utc_now = timezone.now


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


def picture(clinic: Clinic, state: InstanceState, days: float) -> Instance:
    """Return a picture to which nothing has happened for some days."""
    made = make_picture(make_study(clinic), state)
    moment = timezone.now() - timedelta(days=days)
    Instance.objects.filter(pk=made.pk).update(changed_at=moment)
    if state == InstanceState.RELEASED:
        Instance.objects.filter(pk=made.pk).update(released_at=moment)
    made.refresh_from_db()
    return made


def living(instance: Instance) -> set[str]:
    ids = {instance.original_id: "original"}
    ids |= {file.object_id: file.kind for file in Artefact.objects.filter(instance=instance)}
    return {ids[row.pk] for row in SealedObject.objects.filter(pk__in=ids, destroyed_at=None)}


@pytest.mark.requirement("R50")
@pytest.mark.parametrize(("days", "gone"), [(29.9, False), (30.1, True)])
def test_an_original_goes_with_the_views_of_it_and_the_clean_picture_stays(
    clinic: Clinic, days: float, gone: bool
) -> None:
    made = picture(clinic, InstanceState.RELEASED, days)
    original = SealedObject.objects.get(pk=made.original_id)
    assert keep_to_the_rules() == Report(originals=int(gone), rejected=0, abandoned=0)
    made.refresh_from_db()
    original.refresh_from_db()
    assert (bytes(original.wrapped_key) == b"") is gone
    assert (made.original_destroyed_at is not None) is gone
    assert ({"original", "source_still"} & living(made) == set()) is gone
    assert {"still_png", "master", "thumbnail"} <= living(made)
    assert made.state == InstanceState.RELEASED
    entries = Entry.objects.filter(event="original_destroyed", object_id=made.pk)
    assert [(entry.actor, entry.detail) for entry in entries] == (
        [("system:retention", {"objects": 2})] if gone else []
    )
    assert keep_to_the_rules() == Report(0, 0, 0)


def test_no_day_means_at_the_next_look(clinic: Clinic) -> None:
    made = picture(clinic, InstanceState.RELEASED, 0)
    retention.change_rules(clinic, originals_kept_days=0, abandoned_after_days=1, by=make_staff(clinic))
    assert keep_to_the_rules().originals == 1
    assert "original" not in living(made)


@pytest.mark.parametrize(("originals", "abandoned"), [(-1, 1), (0, 0), (4000, 1), (0, 4000)])
def test_days_out_of_bounds_are_refused(clinic: Clinic, originals: int, abandoned: int) -> None:
    with pytest.raises(ValueError, match="bounds"):
        retention.change_rules(
            clinic, originals_kept_days=originals, abandoned_after_days=abandoned, by=make_staff(clinic)
        )


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD, InstanceState.FAILED])
def test_what_nobody_released_is_erased_and_may_be_sent_anew(clinic: Clinic, state: InstanceState) -> None:
    made = picture(clinic, state, 181)
    content = made.content_match
    assert keep_to_the_rules() == Report(originals=0, rejected=0, abandoned=1)
    made.refresh_from_db()
    assert (made.state, made.reason, living(made)) == (InstanceState.REJECTED, "abandoned", set())
    assert not Artefact.objects.filter(instance=made).exists()
    assert made.content_match != content
    assert Entry.objects.filter(event="picture_erased", object_id=made.pk).count() == 1
    assert keep_to_the_rules() == Report(0, 0, 0)


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.RECEIVED, InstanceState.PROCESSING])
def test_what_is_young_or_at_work_stays(clinic: Clinic, state: InstanceState) -> None:
    made = picture(clinic, state, 179 if state == InstanceState.CLEAN else 9999)
    assert keep_to_the_rules() == Report(0, 0, 0)
    assert "original" in living(made)


def test_a_rejected_picture_goes_whole(clinic: Clinic) -> None:
    made = picture(clinic, InstanceState.REJECTED, 31)
    reason = made.reason
    assert keep_to_the_rules() == Report(originals=0, rejected=1, abandoned=0)
    made.refresh_from_db()
    assert (made.reason, living(made)) == (reason, set())


@pytest.mark.parametrize("state", [InstanceState.RELEASED, InstanceState.REJECTED, InstanceState.CLEAN])
def test_a_legal_hold_keeps_everything_until_it_is_lifted(clinic: Clinic, state: InstanceState) -> None:
    made, by = picture(clinic, state, 9999), make_staff(clinic)
    hold = legal_holds.place(made.study, ground=HoldGround.AUTHORITY, by=by)
    assert keep_to_the_rules() == Report(0, 0, 0)
    assert list(legal_holds.holds_of(clinic)) == [hold]
    assert [line.on_hold for line in forecast(clinic, timezone.now())].count(1) == 1
    legal_holds.lift(hold, by=by)
    assert sum((lambda done: (done.originals, done.rejected, done.abandoned))(keep_to_the_rules())) == 1


def test_a_hold_placed_between_looking_and_acting_counts(clinic: Clinic) -> None:
    made = picture(clinic, InstanceState.RELEASED, 40)
    legal_holds.place(made.study, ground=HoldGround.COMPLAINT, by=make_staff(clinic))
    assert retention._apply(made.pk, Rule.RELEASED) == 0
    assert "original" in living(made)


def test_a_dry_run_counts_and_destroys_nothing(clinic: Clinic) -> None:
    made = picture(clinic, InstanceState.RELEASED, 40)
    assert keep_to_the_rules(dry_run=True) == Report(originals=1, rejected=0, abandoned=0)
    assert {"original", "source_still"} <= living(made)


def test_another_clinics_rule_is_another_clinics(clinic: Clinic) -> None:
    other = make_clinic("Harbour Scans")
    retention.change_rules(other, originals_kept_days=0, abandoned_after_days=1, by=make_staff(other))
    picture(clinic, InstanceState.RELEASED, 5)
    theirs = picture(other, InstanceState.RELEASED, 5)
    assert keep_to_the_rules().originals == 1
    assert "original" not in living(theirs)


def test_what_has_no_original_is_not_cleaned_again_and_says_why(clinic: Clinic) -> None:
    made, by = picture(clinic, InstanceState.RELEASED, 40), make_staff(clinic)
    keep_to_the_rules()
    for act in (
        lambda: review.try_again(made, by=by),
        lambda: covers.edit(made, [Box(0, 0, 9, 9, 0, 0, Why.MANUAL)], by=by, edition=0),
    ):
        with pytest.raises(ReviewRefused) as refusal:
            act()
        assert refusal.value.reason is ReviewRefusal.ORIGINAL_GONE
    review.undo_release(made, by=by)
    made.refresh_from_db()
    assert not recleaning.is_behind(made)
    assert not recleaning.behind(clinic).exists()
    review.release(made, by=by, seen=made.current_run_id)
    assert Instance.objects.get(pk=made.pk).state == InstanceState.RELEASED


def test_the_forecast_counts_each_picture_once(clinic: Clinic) -> None:
    for days in (31, 29.5, 25, 10, -100):
        picture(clinic, InstanceState.RELEASED, days)
    picture(clinic, InstanceState.REJECTED, 31)
    lines = {line.rule: line for line in forecast(clinic, timezone.now())}
    released = lines[Rule.RELEASED]
    assert (released.now, released.day, released.week, released.month, released.later) == (1, 1, 1, 1, 1)
    assert (lines[Rule.REJECTED].now, lines[Rule.ABANDONED].later) == (1, 0)


def test_a_fault_in_the_middle_destroys_nothing_of_that_picture(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = picture(clinic, InstanceState.RELEASED, 40)

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("deid.services.destruction._record", broken)
    with pytest.raises(OSError, match="no space"), transaction.atomic():
        retention._apply(made.pk, Rule.RELEASED)
    monkeypatch.undo()
    made.refresh_from_db()
    assert made.original_destroyed_at is None
    assert {"original", "source_still"} <= living(made)
    assert due(clinic, Rule.RELEASED, timezone.now()).count() == 1
    assert ArtefactKind.SOURCE_STILL in living(made)


def test_the_clock_stands_still_while_quiet_holds_and_counts_anew_afterwards(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = picture(clinic, InstanceState.RELEASED, 31)
    staff = f"user:{make_staff(clinic).pk}"
    note_status(made.study.patient, CareStatus.LOSS, actor=staff)
    assert keep_to_the_rules() == Report(originals=0, rejected=0, abandoned=0)
    note_status(made.study.patient, CareStatus.CONTINUING, actor=staff)
    for days, originals in ((29, 0), (31, 1)):
        monkeypatch.setattr(timezone, "now", lambda days=days: utc_now() + timedelta(days=days))
        assert keep_to_the_rules().originals == originals
