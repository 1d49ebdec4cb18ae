"""A step is a call of the portal's own code; each can be struck, and the verdict sees what a strike would leave."""

import hashlib

import pytest

from deid.models import Artefact, Instance, Run
from deid.states import InstanceState
from tests.chaos import verdict
from tests.chaos.steps import Steps, counted
from tests.factories.pictures import make_picture, make_run
from ultrasound_portal import env
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject


def test_steps_are_counted_alike_each_time_and_only_in_the_portal() -> None:
    counts = []
    for _ in range(2):
        with counted(Steps()) as steps:
            hashlib.sha256(b"not ours").hexdigest()
            env.is_loopback("127.0.0.1")
        counts.append(steps.count)
    assert counts[0] == counts[1] > 1


def test_the_chosen_step_is_struck_once() -> None:
    struck = []
    for at in range(1, 4):
        with counted(Steps(at, lambda at=at: struck.append(at))) as steps:
            env.is_loopback("127.0.0.1")
            env.is_loopback("127.0.0.1")
        assert steps.struck
    assert struck == [1, 2, 3]
    with counted(Steps(10_000, struck.clear)) as steps:
        env.is_loopback("127.0.0.1")
    assert not steps.struck


@pytest.mark.django_db
@pytest.mark.requirement("R36")
def test_every_kind_of_damage_is_seen() -> None:
    fine = make_picture()
    alone = [fault for fault in verdict.faults([fine.sop_match]) if "trail" not in fault]
    assert alone == []
    assert "lost" in str(verdict.faults(["f" * 64]))
    make_run(fine, outputs=False)
    assert "2 runs" in str(verdict.faults([fine.sop_match]))
    Run.objects.exclude(pk=fine.current_run_id).delete()
    job = Job.objects.create(kind="process_instance", object_id=fine.pk)
    assert "is queued" in str(verdict.faults([]))
    job.delete()
    Instance.objects.filter(pk=fine.pk).update(state=InstanceState.PROCESSING)
    assert "is processing" in str(verdict.faults([fine.sop_match]))
    make_picture(fine.study, InstanceState.RELEASED)
    assert "1 released" in str(verdict.faults([]))
    made = Artefact.objects.filter(instance=fine)[0]
    stores.delete(SealedObject.objects.get(pk=made.object_id).store_key)
    with pytest.raises(Exception, match="gone"):
        verdict.faults([])
