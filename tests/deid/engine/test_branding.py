"""The strip takes the place of the identity strip, never a pixel of the ultrasound."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from deid.engine import branding
from deid.engine.brand import Brand

BRAND = Brand(name="Harbour Clinic", line="With love", background="#0f4c5c", ink="#ffffff")


def area(top: int, rows: int = 480, columns: int = 640) -> branding.Mask:
    mask = np.zeros((rows, columns), dtype=np.bool_)
    mask[top : rows - 20, 40:600] = True
    return mask


@pytest.mark.requirement("R31")
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 200))
def test_strip_never_covers_ultrasound(top: int) -> None:
    kept = area(top)
    frame = np.full((480, 640, 3), 77, dtype=np.uint8)

    strip = branding.strip_for(BRAND, kept)
    shown = strip.on(frame)

    lower = shown[shown.shape[0] - 480 :]
    assert shown.shape[1] == 640
    assert (lower[kept] == 77).all()
    assert (strip.pixels == (15, 76, 92)).all(axis=2).any()


def test_strip_stands_in_the_filled_rows_where_they_are_tall_enough() -> None:
    assert not branding.strip_for(BRAND, area(60)).above
    assert branding.strip_for(BRAND, area(4)).above


@pytest.mark.parametrize("top", [4, 60])
def test_without_takes_the_strip_off_again(top: int) -> None:
    frame = np.zeros((480, 640, 3), dtype=np.uint8)
    frame[area(top)] = 90
    strip = branding.strip_for(BRAND, area(top))

    assert np.array_equal(strip.without(strip.on(frame)), frame)


@pytest.mark.parametrize("name", ["Ω клиника 診療所", "W" * 300, "x"])
@pytest.mark.parametrize("size", [(640, 32), (320, 60), (64, 40)])
def test_any_name_is_drawn(name: str, size: tuple[int, int]) -> None:
    brand = Brand(name=name, line=name, background="#101010", ink="#ffffff")

    assert branding.draw(brand, *size).shape == (size[1], size[0], 3)


def test_logo_is_drawn_at_the_left() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), (255, 0, 0)).save(buffer, "PNG")
    brand = Brand(name="A", line="", background="#000000", ink="#ffffff", logo=buffer.getvalue())

    strip = branding.draw(brand, 400, 60)

    assert (strip[:, :80] == (255, 0, 0)).all(axis=2).any()


def test_broken_logo_is_refused() -> None:
    brand = Brand(name="A", line="", background="#000000", ink="#ffffff", logo=b"no picture")

    with pytest.raises(ValueError):
        branding.draw(brand, 400, 60)


def test_drawing_is_repeatable() -> None:
    assert np.array_equal(branding.draw(BRAND, 500, 50), branding.draw(BRAND, 500, 50))


def test_a_line_without_room_gives_way_to_the_name() -> None:
    brand = Brand(name="Wrenfield Imaging", line="With you from the first picture", background="#000000", ink="#ffffff")
    alone = Brand(name=brand.name, line="", background=brand.background, ink=brand.ink)
    assert np.array_equal(branding.draw(brand, 240, 32), branding.draw(alone, 240, 32))
    assert not np.array_equal(branding.draw(brand, 900, 32), branding.draw(alone, 900, 32))
