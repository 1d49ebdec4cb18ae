"""Which pictures are behind the policy, and their second cleaning."""

import pytest

from deid.models import Instance
from deid.services import recleaning
from deid.services.policies import publish_policy
from deid.states import InstanceState, KeptTextChoice
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.jobs.models import Job

pytestmark = pytest.mark.django_db


def publish(clinic: Clinic) -> None:
    publish_policy(
        clinic,
        text=KeptTextChoice.NOTHING,
        gestational_age=True,
        also_kept=(),
        also_covered=(),
        by=make_staff(clinic),
    )


def used(instance: Instance, version: int) -> None:
    instance.current_run.policy = {"version": version}
    instance.current_run.save()


def test_nothing_is_behind_the_first_policy() -> None:
    instance = make_picture()
    assert not recleaning.behind(instance.clinic).exists()
    assert not recleaning.is_behind(instance)


@pytest.mark.parametrize("state", list(InstanceState))
def test_what_waits_for_a_release_is_behind_a_new_version(state: InstanceState) -> None:
    instance = make_picture(state=state)
    publish(instance.clinic)
    waits = state in {InstanceState.CLEAN, InstanceState.HELD}
    assert recleaning.is_behind(instance) is waits
    assert recleaning.behind(instance.clinic).exists() is waits


def test_what_was_cleaned_under_the_newest_version_is_not_behind() -> None:
    instance = make_picture()
    publish(instance.clinic)
    used(instance, 1)
    assert not recleaning.is_behind(instance)
    assert not recleaning.behind(instance.clinic).exists()


def test_a_held_picture_without_a_run_is_left_alone() -> None:
    instance = make_picture(state=InstanceState.HELD)
    Instance.objects.filter(pk=instance.pk).update(current_run=None)
    publish(instance.clinic)
    instance.refresh_from_db()
    assert not recleaning.is_behind(instance)
    assert not recleaning.behind(instance.clinic).exists()


def test_what_is_behind_is_queued_and_each_step_is_on_the_trail() -> None:
    study = make_study()
    old = [make_picture(study), make_picture(study, InstanceState.HELD)]
    fresh, released, elsewhere = make_picture(study), make_picture(study, InstanceState.RELEASED), make_picture()
    publish(study.clinic)
    used(fresh, 1)
    by = make_staff(study.clinic)
    assert recleaning.clean_again(study.clinic, by=by) == 2
    states = {one.pk: one.state for one in Instance.objects.all()}
    assert [states[one.pk] for one in old] == [InstanceState.RECEIVED] * 2
    assert states[fresh.pk] == states[elsewhere.pk] == InstanceState.CLEAN
    assert states[released.pk] == InstanceState.RELEASED
    assert set(Job.objects.values_list("object_id", flat=True)) == {one.pk for one in old}
    assert Entry.objects.filter(event="job_retried", actor=f"user:{by.pk}").count() == 2
    assert recleaning.clean_again(study.clinic, by=by) == 0


def test_a_large_stock_is_queued_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study()
    for _ in range(3):
        make_picture(study)
    publish(study.clinic)
    monkeypatch.setattr(recleaning, "AT_ONCE", 2)
    assert recleaning.clean_again(study.clinic, by=make_staff(study.clinic)) == 2
    assert recleaning.behind(study.clinic).count() == 1
