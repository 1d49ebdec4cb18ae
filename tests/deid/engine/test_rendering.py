"""Stills carry nothing but pixels; films have the source's length and start before they are whole."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from deid.engine import rendering
from deid.engine.errors import Held, HoldReason


def picture(rows: int = 60, columns: int = 80) -> rendering.Pixels:
    return np.random.default_rng(3).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


@pytest.mark.requirement("R33")
def test_stills_carry_no_metadata() -> None:
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


def played(film: bytes) -> list[float]:
    with av.open(io.BytesIO(film)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def filmed(pictures: list[np.ndarray], times: tuple[int, ...] | None = None, *, quick: bool = False) -> bytes:
    rows, columns = pictures[0].shape[:2]
    with rendering.Film(
        rows=rows, columns=columns, frames=len(pictures), rate=20.0, times=times, quick=quick
    ) as writer:
        for shown in pictures:
            writer.write(shown)
        return writer.finish()


@pytest.mark.parametrize("quick", [True, False])
def test_frames_stand_at_their_own_times(quick: bool) -> None:
    times = (0, 40, 90, 91, 400, 450, 500, 1700)

    film = filmed([picture() for _ in times], times, quick=quick)

    assert [round(1000 * time) for time in played(film)] == list(times)


def test_quick_film_shows_the_same_colours() -> None:
    tone = np.full((48, 64, 3), (200, 60, 40), dtype=np.uint8)

    showing = rendering.showing(filmed([tone] * 3, quick=True), rows=48, columns=64)

    assert np.abs(showing.first[10, 10].astype(int) - (200, 60, 40)).max() < 8


def test_showing_counts_every_frame_and_gathers_what_shines() -> None:
    pictures = [np.full((48, 64, 3), 30, np.uint8) for _ in range(120)]
    for shown in pictures[40:100]:
        shown[20:30, 20:40] = 220

    showing = rendering.showing(filmed(pictures), rows=48, columns=64)

    assert showing.count == 120
    assert showing.first[25, 30].max() < 60
    assert showing.brightest[25, 30].min() > 180
    assert np.abs(showing.brightest[5, 5].astype(int) - 30).max() < 8


@pytest.mark.parametrize("film", [b"no film", b""], ids=["text", "nothing"])
def test_broken_film_is_held(film: bytes) -> None:
    with pytest.raises(Held) as caught:
        rendering.showing(film, rows=48, columns=64)
    assert caught.value.reason is HoldReason.RENDER_FAILED


def test_film_of_another_size_is_held() -> None:
    with pytest.raises(Held):
        rendering.showing(filmed([picture()] * 2), rows=600, columns=800)
