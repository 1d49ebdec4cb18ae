"""The strip shows whose picture it is at every size, and always the same."""

import io
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from deid.engine import branding
from deid.engine.brand import Brand

BRAND = Brand(name="Harbour Clinic", line="With love", background="#0f4c5c", ink="#ffffff")


@pytest.mark.parametrize("width", [64, 240, 320, 641, 1024, 1280, 4000])
def test_height_follows_the_width_within_bounds(width: int) -> None:
    height = branding.height_for(width)

    assert 32 <= height <= 120
    assert height % 2 == 0
    assert height <= max(32, 0.08 * width + 1)


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


def changed(one: Brand, two: Brand, size: tuple[int, int]) -> npt.NDArray[np.intp]:
    """Return the rows in which two strips of one size differ."""
    return np.flatnonzero((branding.draw(one, *size) != branding.draw(two, *size)).any(axis=(1, 2)))


def test_a_line_without_room_gives_way_to_the_name() -> None:
    brand = Brand(name="Wrenfield Imaging", line="With you from the first picture", background="#000000", ink="#ffffff")
    alone = replace(brand, line="")

    assert not changed(brand, alone, (240, 32)).size
    assert changed(brand, alone, (900, 32)).size


def test_name_and_line_stand_beside_each_other_where_both_fit_and_else_in_two_rows() -> None:
    short = Brand(name="Harbour", line="", background="#000000", ink="#ffffff")
    long = replace(short, name="Wrenfield Imaging and Prenatal Care Centre")
    line = "With you from the first picture"

    assert changed(short, replace(short, line=line), (640, 52)).min() > 10
    assert changed(long, replace(long, line=line), (640, 52)).size > 30
    assert branding.draw(replace(long, line=line), 640, 52)[34:46].any()
