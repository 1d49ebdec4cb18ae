"""Stills carry nothing but pixels; films have the source's length and start before they are whole."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from deid.engine import rendering


def picture(rows: int = 60, columns: int = 80) -> rendering.Pixels:
    return np.random.default_rng(3).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def test_png_gives_the_pixels_back_and_is_repeatable() -> None:
    source = picture()

    coded = rendering.png(source)

    assert np.array_equal(rendering.picture_of(coded), source)
    assert coded == rendering.png(source)


@pytest.mark.requirement("R33")
def test_stills_carry_no_metadata() -> None:
    with Image.open(io.BytesIO(rendering.png(picture()))) as still:
        assert set(still.info) <= {"srgb"}
    with Image.open(io.BytesIO(rendering.jpeg(picture()))) as still:
        assert not still.getexif()
        assert "comment" not in still.info


def test_thumbnail_is_at_most_480_wide() -> None:
    with Image.open(io.BytesIO(rendering.thumbnail(picture(300, 900)))) as still:
        assert still.size == (480, 160)


@pytest.mark.parametrize("size", [(48, 64), (49, 65)])
def test_film_has_length_rate_and_even_size(size: tuple[int, int]) -> None:
    tone = np.full((*size, 3), (200, 60, 40), dtype=np.uint8)
    with rendering.Film(rows=size[0], columns=size[1], frames=7, rate=1000 / 33.333) as writer:
        for _ in range(7):
            writer.write(tone)
        film = writer.finish()

    with av.open(io.BytesIO(film)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 7
    assert abs(float(stream.average_rate) - 30) < 0.1
    assert (stream.width, stream.height) == (size[1] + size[1] % 2, size[0] + size[0] % 2)
    assert np.abs(frames[3][10, 10].astype(int) - (200, 60, 40)).max() < 8
    assert film.index(b"moov") < film.index(b"mdat")
    assert b"Lavf" not in film
