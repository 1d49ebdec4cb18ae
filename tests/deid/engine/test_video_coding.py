"""The film of a master is H.264 in MP4 with nothing but pictures in it, as it was looked at, and not larger."""

import io

import av
import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import MPEG4HP41, MPEG4HP422D

from deid.engine import bareness, containers, intake, video
from deid.engine.containers import Kind
from deid.engine.errors import Held, HoldReason
from deid.engine.frames import Shape
from deid.engine.video_coding import VideoCoding, even, level_for
from tests.deid.engine import videos

ROWS, COLUMNS, COUNT = 96, 128, 12
SHAPE = Shape(rows=ROWS, columns=COLUMNS, count=COUNT, rate=25.0)


def speckle(count: int = COUNT) -> list[np.ndarray]:
    """Return pictures of coarse grey noise that changes from one to the next."""
    small = np.random.default_rng(11).integers(0, 200, (count, ROWS // 4, COLUMNS // 4, 1), dtype=np.uint8)
    return [one.repeat(4, axis=0).repeat(4, axis=1).repeat(3, axis=2) for one in small]


def source(**options: str) -> Dataset:
    coded = videos.stream(speckle(), **options)
    return intake.read(videos.file(coded, speckle(1)[0], COUNT))


def written(coding: VideoCoding) -> tuple[bytes, list[np.ndarray]]:
    """Return the film and every picture as it was looked at."""
    seen = [coding.decoded(coding.encode(picture)) for picture in speckle()]
    return coding.finish(), seen


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("quality", ["12", "24", "34"])
def test_a_film_hardly_grows_whatever_its_quality(quality: str) -> None:
    before = source(crf=quality)

    film, _ = written(VideoCoding(before, SHAPE))

    assert len(film) <= 1.2 * len(before.PixelData)


def test_one_large_picture_among_small_ones_has_its_room() -> None:
    first, *_ = speckle(1)
    before = intake.read(videos.file(videos.stream([first] * COUNT), first, COUNT))
    (meant, *_) = video.pictures(before)
    coding = VideoCoding(before, SHAPE)

    seen = [coding.decoded(coding.encode(meant)) for _ in range(COUNT)]

    assert len(coding.finish()) <= 1.2 * len(before.PixelData)
    assert np.abs(seen[-1].astype(int) - meant).mean() < 2


def test_what_was_looked_at_is_what_players_show() -> None:
    film, seen = written(VideoCoding(source(), SHAPE))

    with av.open(io.BytesIO(film), "r", format="mp4") as played:
        shown = [video.in_rgb(frame) for frame in played.decode(video=0)]
    assert all(np.array_equal(one, two) for one, two in zip(shown, seen, strict=True))


def test_a_film_holds_slices_and_an_index_and_is_of_even_length() -> None:
    film, _ = written(VideoCoding(source(), SHAPE))

    assert bareness.is_bare(film)
    assert len(film) % 2 == 0
    assert b"x264" not in film
    assert sum(part.kind is Kind.CODED for part in containers.parts(film)) == COUNT


def test_an_odd_length_is_made_even_by_an_empty_box() -> None:
    film, _ = written(VideoCoding(source(), SHAPE))
    odd = film + b"\0\0\0\x09free\0"

    assert even(film) == film
    assert even(odd) == odd + b"\0\0\0\x09free\0"
    assert bareness.is_bare(even(odd))


@pytest.mark.parametrize(
    ("rows", "columns", "rate", "syntax"),
    [
        (768, 1024, 60.0, MPEG4HP41),
        (1080, 1920, 30.0, MPEG4HP41),
        (1080, 1920, 60.0, MPEG4HP422D),
        (1080, 1920, 120.0, None),
        (2160, 3840, 25.0, None),
        (601, 800, 25.0, None),
        (600, 801, 25.0, None),
    ],
)
def test_levels_follow_size_and_rate(rows: int, columns: int, rate: float, syntax: str | None) -> None:
    level = level_for(Shape(rows=rows, columns=columns, count=2, rate=rate))

    assert (None if level is None else level.syntax) == syntax


def test_a_film_without_a_level_is_held() -> None:
    with pytest.raises(Held) as caught:
        VideoCoding(source(), Shape(rows=2160, columns=3840, count=COUNT, rate=25.0))
    assert caught.value.reason is HoldReason.UNKNOWN_SYNTAX
