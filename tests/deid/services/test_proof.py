"""The proof sheet says in numbers what a run found, and nothing that was read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.findings import Flag
from deid.engine.geometry import Box, Why
from deid.models import Run
from deid.services.proof import SecondLook, proof_of, share_of
from deid.states import InstanceState, RunStatus
from tests.factories.pictures import COLUMNS, ROWS, make_picture

SIDES = (12, 9, 4)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """A box that lies inside the sides of the picture and its frames."""
    columns, rows, frames = SIDES
    x, y, first = (draw(st.integers(0, side - 1)) for side in SIDES)
    return Box(
        x,
        y,
        draw(st.integers(1, columns - x)),
        draw(st.integers(1, rows - y)),
        first,
        draw(st.integers(first, frames - 1)),
        draw(st.sampled_from(Why)),
    )


@given(st.lists(boxes(), max_size=6))
def test_each_pixel_of_each_frame_is_counted_once(found: list[Box]) -> None:
    columns, rows, frames = SIDES
    film = np.zeros((frames, rows, columns), dtype=bool)
    for box in found:
        film[box.first_frame : box.last_frame + 1, box.y : box.y + box.h, box.x : box.x + box.w] = True
    assert share_of(found, *SIDES) == pytest.approx(film.mean())


def test_a_picture_of_no_size_has_no_share() -> None:
    assert share_of([Box(0, 0, 4, 4, 0, 0, Why.OUTSIDE)], 0, 0, 0) == 0.0


def finished(
    *places: Why, status: RunStatus = RunStatus.CLEAN, reason: str = "", seconds: tuple[str, ...] = ("decode", "verify")
) -> Run:
    """Return the run of a picture with a box of ten rows for each reason, side by side."""
    run = make_picture().current_run
    assert run is not None
    run.report["boxes"] = [Box(8 * n, 0, 8, 10, 0, 0, why).to_json() for n, why in enumerate(places)]
    run.report["seconds"] = dict.fromkeys(seconds, 0.25)
    run.status, run.reason = status, reason
    return run


@pytest.mark.django_db
def test_places_are_counted_and_measured_by_reason() -> None:
    sheet = proof_of(finished(Why.OUTSIDE, Why.IDENTIFIER, Why.OUTSIDE))
    one = 80 / (COLUMNS * ROWS)
    assert [(line.why, line.places) for line in sheet.covered] == [(Why.OUTSIDE, 2), (Why.IDENTIFIER, 1)]
    assert [line.share for line in sheet.covered] == pytest.approx([2 * one, one])
    assert (sheet.places, sheet.share) == (3, pytest.approx(3 * one))


@pytest.mark.django_db
def test_versions_flags_and_seconds_come_from_the_record() -> None:
    run = finished()
    run.report |= {"engine": 4, "detector": "ab" * 32, "flags": ["fetal_sex"]}
    run.policy, run.brand_version = {"version": 6}, 7
    sheet = proof_of(run)
    assert (sheet.engine, sheet.policy_version, sheet.brand_version) == (4, 6, 7)
    assert sheet.detector == "ab" * 32
    assert sheet.flags == {Flag.FETAL_SEX}
    assert sheet.seconds == (("decode", 0.25), ("verify", 0.25))
    assert sheet.total_seconds == 0.5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "reason", "places", "stages", "said"),
    [
        ("clean", "", [], ("verify",), SecondLook.NOTHING_LEFT),
        ("clean", "", [Why.TEXT_LEFT], ("verify",), SecondLook.COVERED_MORE),
        ("held", "text_left", [Why.TEXT_LEFT], ("verify",), SecondLook.TEXT_LEFT),
        ("held", "identifier_left", [], ("verify",), SecondLook.IDENTIFIER_LEFT),
        ("held", "area_uncertain", [], ("verify",), SecondLook.NOT_SETTLED),
        ("held", "area_uncertain", [Why.TEXT_LEFT], ("verify",), SecondLook.TEXT_LEFT),
        ("held", "undecodable", [], ("decode",), SecondLook.NOT_REACHED),
    ],
)
def test_the_second_look_speaks(
    status: str, reason: str, places: list[Why], stages: tuple[str, ...], said: SecondLook
) -> None:
    run = finished(*places, status=RunStatus(status), reason=reason, seconds=stages)
    assert proof_of(run).second_look is said


@pytest.mark.django_db
def test_a_run_that_broke_off_has_a_sheet() -> None:
    instance = make_picture(state=InstanceState.HELD, reason="timed_out", outputs=False)
    instance.rows = instance.columns = instance.frames = 0
    run = instance.current_run
    run.instance, run.report = (
        instance,
        {
            "engine": 1,
            "boxes": [],
            "seconds": {},
            "flags": [],
            "detector": "",
        },
    )
    sheet = proof_of(run)
    assert (sheet.places, sheet.share, sheet.second_look) == (0, 0.0, SecondLook.NOT_REACHED)
