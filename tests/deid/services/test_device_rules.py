"""What is remembered for a machine covers more on later pictures of it, never less."""

import pytest

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.ingest.receive import receive
from deid.models import DeviceRule, Instance
from deid.services import covers, device_rules, machines, processing
from deid.states import LiftReason
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import COLUMNS, ROWS, make_picture, make_study, ultrasound_bytes
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.jobs.models import Job

pytestmark = pytest.mark.django_db
BOX = Box(4, 40, 20, 10, 0, 0, Why.MANUAL)
OTHER = Box(40, 30, 9, 9, 0, 0, Why.MANUAL)


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


@pytest.fixture
def by(clinic: Clinic) -> User:
    return make_staff(clinic)


def picture(clinic: Clinic, *boxes: Box, frames: int = 1, station: str = "ROOM 2") -> Instance:
    """Return a clean picture of a machine with covers of a person."""
    made = make_picture(make_study(clinic), frames=frames)
    made.machine = machines.find_or_create(clinic, manufacturer="Orbelle", model="8", station=station)
    made.covers = [box.to_json() for box in boxes]
    made.save()
    return made


def refused(instance: Instance, by: User) -> ReviewRefusal:
    with pytest.raises(ReviewRefused) as raised:
        device_rules.remember(instance, by=by)
    return raised.value.reason


def test_covers_are_proposed_for_the_same_machine_and_size_only(clinic: Clinic, by: User) -> None:
    device_rules.remember(picture(clinic, BOX), by=by)
    film, elsewhere = picture(clinic, frames=12), picture(clinic, station="ROOM 3")
    wide = picture(clinic)
    wide.columns = COLUMNS + 1
    nameless = make_picture(make_study(clinic))
    rule = device_rules.rule_for(film)
    assert device_rules.boxes_of(rule, film) == [Box(4, 40, 20, 10, 0, 11, Why.DEVICE).to_json()]
    assert [device_rules.rule_for(one) for one in (elsewhere, wide, nameless)] == [None, None, None]


def test_what_is_remembered_grows_and_each_step_stays_written_down(clinic: Clinic, by: User) -> None:
    first = device_rules.remember(picture(clinic, BOX), by=by)
    assert device_rules.remember(picture(clinic, BOX), by=by) == first
    second = device_rules.remember(picture(clinic, OTHER, BOX), by=by)
    first.refresh_from_db()
    assert second.boxes == [[4, 40, 20, 10], [40, 30, 9, 9]]
    assert (first.ended_by, second.ended_by) == (by, None)
    events = Entry.objects.filter(object_kind="device_rule").order_by("seq").values_list("event", flat=True)
    assert list(events) == ["device_rule_made", "device_rule_ended", "device_rule_made"]


def test_a_rule_that_is_switched_off_proposes_nothing(clinic: Clinic, by: User) -> None:
    rule = device_rules.remember(picture(clinic, BOX), by=by)
    device_rules.switch_off(rule, by=by)
    device_rules.switch_off(rule, by=by)
    assert device_rules.rule_for(picture(clinic)) is None
    assert Entry.objects.filter(event="device_rule_ended").count() == 1


def test_without_machine_or_covers_there_is_nothing_to_remember(clinic: Clinic, by: User) -> None:
    nameless = picture(clinic, BOX)
    nameless.machine = None
    assert refused(nameless, by) is ReviewRefusal.NO_MACHINE
    assert refused(picture(clinic), by) is ReviewRefusal.NO_COVERS
    many = [Box(x, y, 1, 1, 0, 0, Why.MANUAL) for x in range(COLUMNS) for y in range(ROWS)]
    assert refused(picture(clinic, *many[: covers.COVERS_AT_MOST + 1]), by) is ReviewRefusal.TOO_MANY
    assert not DeviceRule.objects.exists()


@pytest.mark.requirement("R36")
def test_the_worker_burns_the_rule_in_and_a_person_may_put_it_aside_for_one_picture(clinic: Clinic, by: User) -> None:
    def cleaned(instance_id: object) -> Instance:
        processing.process(Job.objects.filter(object_id=instance_id).latest("created_at").pk)
        return Instance.objects.select_related("current_run").get(pk=instance_id)

    def received() -> Instance:
        data = ultrasound_bytes()
        return cleaned(receive(data, clinic=clinic, actor="system:test", door="test").instance_id)

    first = received()
    assert first.machine is not None
    covers.edit(first, [BOX], by=by, edition=0)
    rule = device_rules.remember(cleaned(first.pk), by=by)
    second = received()
    device = Box(4, 40, 20, 10, 0, 0, Why.DEVICE)
    assert second.current_run.device_rule == rule
    assert device.to_json() in second.current_run.policy["extra_boxes"]
    second.current_run.report["boxes"].append(device.to_json())
    second.current_run.save()
    covers.lift(second, device, reason=LiftReason.PICTURE, by=by, edition=0)
    third = cleaned(second.pk)
    assert third.current_run.policy["extra_boxes"] == third.current_run.policy["lifted"] == []
    assert rule.runs.count() == 2
