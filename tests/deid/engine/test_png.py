"""A PNG gives its pixels back to every reader, carries nothing else, and a broken one is held."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from deid.engine import png
from deid.engine.errors import Held, HoldReason

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))
CODED = png.encoded(np.random.default_rng(3).integers(0, 256, (60, 80, 3), dtype=np.uint8))


@given(arrays.arrays(np.uint8, SIZES))
def test_every_reader_gets_the_pixels_back(picture: png.Pixels) -> None:
    coded = png.encoded(picture)

    with Image.open(io.BytesIO(coded)) as image:
        image.verify()
    with Image.open(io.BytesIO(coded)) as image:
        assert np.array_equal(np.asarray(image), picture)
    assert np.array_equal(cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR_RGB), picture)
    assert np.array_equal(png.decoded(coded), picture)
    assert coded == png.encoded(picture)


@pytest.mark.requirement("R33")
def test_it_carries_nothing_but_pixels_and_their_colours() -> None:
    with Image.open(io.BytesIO(CODED)) as image:
        assert (image.mode, set(image.info)) == ("RGB", {"srgb"})


@given(st.integers(0, len(CODED) - 1), st.integers(1, 255))
def test_any_byte_that_changed_is_noticed(place: int, change: int) -> None:
    broken = bytearray(CODED)
    broken[place] ^= change

    with pytest.raises(Held) as caught:
        png.decoded(bytes(broken))
    assert caught.value.reason is HoldReason.RENDER_FAILED


@pytest.mark.parametrize("end", [0, 20, 60, len(CODED) - 30, len(CODED) - 1])
def test_a_part_of_one_is_held(end: int) -> None:
    with pytest.raises(Held):
        png.decoded(CODED[:end])


def test_a_png_made_otherwise_is_held() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")

    with pytest.raises(Held):
        png.decoded(buffer.getvalue())
