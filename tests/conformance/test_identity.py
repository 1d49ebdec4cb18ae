"""Whatever is covered, pixels outside the covers stay what they were, bit by bit, in every lossless way of storing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine.geometry import Box, Why
from tests.conformance import charts, road

LOSSLESS = [case.name for case in charts.CASES if case.lossless]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the chart in each lossless way of storing."""
    folder = tmp_path_factory.mktemp("chart")
    return {case.name: case.build(folder) for case in charts.CASES if case.lossless}


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y = draw(st.integers(0, charts.COLUMNS - 1)), draw(st.integers(0, charts.ROWS - 1))
    w, h = draw(st.integers(1, charts.COLUMNS - x)), draw(st.integers(1, charts.ROWS - y))
    return Box(x=x, y=y, w=w, h=h, first_frame=0, last_frame=0, why=Why.UNKNOWN_TEXT)


@pytest.mark.requirement("R33")
@given(
    name=st.sampled_from(LOSSLESS),
    covers=st.lists(boxes(), max_size=4),
    area=st.tuples(st.integers(0, 60), st.integers(0, 40)),
)
@settings(deadline=None, max_examples=80)
def test_pixels_outside_the_covers_are_bit_identical(
    sources: dict[str, bytes], name: str, covers: list[Box], area: tuple[int, int]
) -> None:
    data = sources[name]
    kept = np.ones((charts.ROWS, charts.COLUMNS), np.bool_)
    kept[: area[0]] = False
    kept[:, : area[1]] = False
    untouched = kept.copy()
    for box in covers:
        untouched[box.y : box.y + box.h, box.x : box.x + box.w] = False

    (before,) = road.pictures(data)
    (after,) = road.pictures(road.cleaned(data, kept, covers))

    assert np.array_equal(after[untouched], before[untouched])
    assert not after[~kept].any()
