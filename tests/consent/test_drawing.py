"""Strokes of a signature are taken as whole points on the sheet, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.drawing import HEIGHT, WIDTH, drawing_from, path_of, strokes_of

POINT = st.lists(st.integers(0, HEIGHT), min_size=2, max_size=2)


@given(st.lists(st.lists(POINT, min_size=2, max_size=8), min_size=1, max_size=8))
def test_what_was_drawn_is_kept_point_for_point(strokes: list[Any]) -> None:
    kept = drawing_from(json.dumps(strokes, indent=1))
    assert strokes_of(kept) == strokes
    assert drawing_from(kept.decode()) == kept
    assert path_of(kept).count("M") == len(strokes)


@pytest.mark.parametrize("text", ["", "  ", "[]", "[[]]", "[[[5,5]]]"], ids=["empty", "blank", "none", "dry", "dot"])
def test_nothing_drawn_is_nothing_kept(text: str) -> None:
    assert drawing_from(text) == b""


@pytest.mark.parametrize(
    "strokes",
    [
        {},
        [1],
        [[1]],
        [[[1]]],
        [[[1, 2, 3]]],
        [[["1", "2"]]],
        [[[1.5, 2]]],
        [[[True, 2]]],
        [[[-1, 2]]],
        [[[WIDTH + 1, 2]]],
        [[[1, HEIGHT + 1]]],
        [[[1, 1]]] * 101,
        [[[1, 1]] * 4001],
    ],
    ids=lambda strokes: json.dumps(strokes)[:20],
)
def test_anything_else_is_refused(strokes: Any) -> None:
    with pytest.raises(ValueError):
        drawing_from(json.dumps(strokes))


@pytest.mark.parametrize("text", ["<svg>", "[" * 60_001, "[[[NaN,1],[1,1]]]"], ids=["markup", "long", "no number"])
def test_what_is_no_list_of_strokes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        drawing_from(text)
