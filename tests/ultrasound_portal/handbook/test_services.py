"""Who may share depends on what was read, where the clinic asks for it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.clinics import make_clinic, make_staff
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.handbook.models import Chapter
from ultrasound_portal.handbook.services import LONGEST, current, demand, may_share, note_reading, publish, unread

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R53")]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.sampled_from(["publish", "read", "on", "off"]), max_size=12))
def test_who_may_share_has_read_all_that_holds(db: None, acts: list[str]) -> None:
    clinic = make_clinic()
    by, demanded, read = make_staff(clinic), False, True
    for number, act in enumerate(acts):
        match act:
            case "publish":
                publish(clinic, list(Chapter)[number % 3], f"Text {number}", by=by)
                read = False
            case "read":
                for edition in unread(by, clinic):
                    note_reading(edition, by=by)
                    note_reading(edition, by=by)
                read = True
            case _:
                demanded = act == "on"
                demand(clinic, reading=demanded, by=by)
        assert may_share(by, clinic) == (read or not demanded)


def test_a_new_edition_is_read_anew_and_other_clinics_are_left_alone() -> None:
    clinic, other = make_clinic(), make_clinic()
    by = make_staff(clinic)
    first = publish(clinic, Chapter.ACCESS, "Look when you need to.", by=by)
    note_reading(first, by=by)
    second = publish(clinic, Chapter.ACCESS, "Look only when you need to.", by=by)
    assert (first.version, second.version) == (1, 2)
    assert list(current(clinic)) == [second]
    assert list(unread(by, clinic)) == [second]
    assert list(current(other)) == []
    events = Entry.objects.filter(object_kind="handbook").order_by("seq").values_list("event", flat=True)
    assert list(events) == [Event.HANDBOOK_PUBLISHED, Event.HANDBOOK_READ, Event.HANDBOOK_PUBLISHED]


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST + 1)], ids=["empty", "blank", "too-long"])
def test_a_chapter_says_something(text: str) -> None:
    clinic = make_clinic()
    with pytest.raises(ValueError, match="characters"):
        publish(clinic, Chapter.ACCESS, text, by=make_staff(clinic))
