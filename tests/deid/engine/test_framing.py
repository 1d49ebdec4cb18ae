"""The patient's picture shows the whole area, evenly framed, and nothing of the source is moved or changed in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import framing
from deid.engine.brand import Brand

BRAND = Brand(name="Harbour Clinic", line="With love", background="#0f4c5c", ink="#ffffff")
STRIP = (15, 76, 92)


@st.composite
def areas(draw: st.DrawFn) -> framing.Mask:
    """A rectangle somewhere in a picture of some size, or nothing at all."""
    rows, columns = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    mask = np.zeros((rows, columns), dtype=np.bool_)
    top, left = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1))
    mask[top : top + draw(st.integers(0, rows)), left : left + draw(st.integers(0, columns))] = True
    return mask


def noise(mask: framing.Mask) -> framing.Pixels:
    values = np.random.default_rng(mask.size).integers(1, 256, (*mask.shape, 3), dtype=np.uint8)
    return np.where(mask[:, :, None], values, 0).astype(np.uint8)


@pytest.mark.requirement("R31")
@settings(max_examples=40, deadline=None)
@given(areas(), st.sampled_from([BRAND, None]))
def test_whole_area_is_shown_as_it_is_and_never_under_the_strip(kept: framing.Mask, brand: Brand | None) -> None:
    frame = noise(kept)
    found = framing.of(brand, kept)
    picture = found.picture_of(frame)
    x, y = found.origin
    shown = np.argwhere(kept)

    assert picture.shape == (found.rows, found.columns, 3)
    assert (found.rows % 2, found.columns % 2) == (0, 0)
    assert (picture[shown[:, 0] + y, shown[:, 1] + x] == frame[kept]).all()
    assert not shown.size or (shown[:, 0].min() + y > found.strip.shape[0])
    assert np.array_equal(found.source_of(picture), frame)


@settings(max_examples=20, deadline=None)
@given(areas())
def test_around_the_area_is_a_margin_of_black(kept: framing.Mask) -> None:
    found = framing.of(None, kept)
    picture = found.picture_of(noise(kept))

    assert not picture[:8].any()
    assert not picture[-8:].any()
    assert not picture[:, :8].any()
    assert not picture[:, -8:].any()


def test_wide_dark_columns_beside_the_area_are_cut_away() -> None:
    kept = np.zeros((768, 1024), dtype=np.bool_)
    kept[80:740, 180:840] = True

    found = framing.of(BRAND, kept)

    assert found.columns == 660 + 2 * 16
    assert found.rows == 660 + 2 * 16 + found.strip.shape[0]
    assert found.origin == (16 - 180, 16 - 80 + found.strip.shape[0])


@pytest.mark.parametrize("sides", [(60, 80), (700, 90), (40, 40)], ids=["tiny", "slim", "small"])
def test_narrow_pictures_leave_the_strip_room(sides: tuple[int, int]) -> None:
    found = framing.of(BRAND, np.ones(sides, dtype=np.bool_))

    assert found.columns >= 240
    assert found.columns >= 0.8 * found.size[0]
    assert (found.strip == STRIP).all(axis=2).any()


def test_a_picture_without_an_area_keeps_its_place() -> None:
    frame = noise(np.ones((300, 400), dtype=np.bool_))
    found = framing.of(BRAND, np.zeros((300, 400), dtype=np.bool_))

    assert np.array_equal(found.source_of(found.picture_of(frame)), frame)


def test_framing_is_repeatable() -> None:
    kept = np.ones((200, 300), dtype=np.bool_)
    one, two = framing.of(BRAND, kept), framing.of(BRAND, kept)

    assert np.array_equal(one.strip, two.strip)
    assert (one.left, one.top, one.size) == (two.left, two.top, two.size)
