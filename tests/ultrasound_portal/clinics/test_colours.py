"""Contrast is that of WCAG 2.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ultrasound_portal.clinics.colours import contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#1f4e5f", "#ffffff", 9.08),
        ("#123456", "#123456", 1),
    ],
)
def test_known_ratios(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(one=COLOURS, other=COLOURS)
def test_it_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.0000001


@pytest.mark.parametrize("odd", ["", "#fff", "red", "#GGGGGG", "#12345G", "#1234567", "#123456\n"])
def test_anything_else_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        contrast(odd, "#ffffff")
