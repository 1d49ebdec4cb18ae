"""Boxes keep inside the picture and survive the way to JSON and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.geometry import Box, Why


@given(
    x=st.integers(0, 4000),
    y=st.integers(0, 4000),
    w=st.integers(1, 4000),
    h=st.integers(1, 4000),
    first=st.integers(0, 500),
    length=st.integers(0, 500),
    why=st.sampled_from(Why),
)
def test_box_survives_json(x: int, y: int, w: int, h: int, first: int, length: int, why: Why) -> None:
    box = Box(x, y, w, h, first, first + length, why)

    assert Box.from_json(box.to_json()) == box


@pytest.mark.parametrize(
    "values",
    [(-1, 0, 1, 1, 0, 0), (0, -1, 1, 1, 0, 0), (0, 0, 0, 1, 0, 0), (0, 0, 1, 0, 0, 0), (0, 0, 1, 1, 2, 1)],
)
def test_impossible_box_is_refused(values: tuple[int, int, int, int, int, int]) -> None:
    with pytest.raises(ValueError):
        Box(*values, Why.MANUAL)
