"""Films of one stream are read as they are shown, or held: every frame, in its colours, and nothing but pictures."""

import io

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HEVCM10P51,
    HEVCMP51,
    MPEG2MPML,
    MPEG4HP41,
    MPEG4HP41F,
    MPEG4HP42STEREO,
    MPEG4HP42STEREOF,
    UID,
    JPEGBaseline8Bit,
    MPEGTransferSyntaxes,
)

from deid.engine import frames, intake, video
from deid.engine.errors import Held, HoldReason
from tests.deid.engine import videos

ROWS, COLUMNS, COUNT = 48, 64, 6
STEREO = (MPEG4HP42STEREO, MPEG4HP42STEREOF)
# tones by which a stream of good quality and the joining of two colours for four pixels change a smooth picture
LOSS = 3.0


def pictures(count: int = COUNT) -> list[np.ndarray]:
    """Return smooth pictures in strong colours; each is lighter than the one before."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    base = np.stack([40 + 2 * across, 180 - 2 * down, 60 + down + across], axis=2)
    return [(base + 6 * number).clip(0, 255).astype(np.uint8) for number in range(count)]


def read(dataset: Dataset) -> list[np.ndarray]:
    return list(frames.open_frames(intake.read(videos.written(dataset)), max_pixels=10**8))


def film(coded: bytes, syntax: UID = MPEG4HP41, *, count: int = COUNT, **changes: object) -> Dataset:
    return videos.instance(coded, pictures(1)[0], count, syntax, **changes)


def reason(dataset: Dataset) -> HoldReason:
    with pytest.raises(Held) as caught:
        read(dataset)
    return caught.value.reason


def off(seen: list[np.ndarray], meant: list[np.ndarray]) -> float:
    return max(float(np.abs(one.astype(int) - two).mean()) for one, two in zip(seen, meant, strict=True))


def test_every_syntax_of_video_is_known_but_two_views_in_one_stream() -> None:
    known = {UID(syntax) for syntax in MPEGTransferSyntaxes} - set(STEREO)

    assert set(videos.ENCODERS) == known
    assert all(video.is_video(syntax) for syntax in known)
    assert not any(video.is_video(syntax) for syntax in (*STEREO, JPEGBaseline8Bit))


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("syntax", videos.ENCODERS, ids=lambda syntax: syntax.name)
def test_every_syntax_shows_its_pictures(syntax: UID) -> None:
    samples = "yuv420p10le" if syntax == HEVCM10P51 else "yuv420p"
    coded = videos.stream(pictures(), videos.ENCODERS[syntax], samples=samples)

    assert off(read(film(coded, syntax)), pictures()) < LOSS


@pytest.mark.parametrize(
    ("syntax", "lies_in"),
    [
        *((MPEG4HP41, kind) for kind in ("mp4", "mpegts", "mpeg", "h264")),
        *((HEVCMP51, kind) for kind in ("mpegts", "mpeg", "hevc")),
        *((MPEG2MPML, kind) for kind in ("mp4", "mpegts", "mpeg", "mpeg2video")),
    ],
    ids=lambda value: value if isinstance(value, str) and not isinstance(value, UID) else value.name,
)
def test_it_does_not_matter_what_the_stream_lies_in(syntax: UID, lies_in: str) -> None:
    coded = videos.stream(pictures(), videos.ENCODERS[syntax], lies_in=lies_in)

    assert off(read(film(coded, syntax)), pictures()) < LOSS


def test_packets_with_a_time_before_each_are_read_as_discs_have_them() -> None:
    coded = videos.stream(pictures(), lies_in="mpegts")
    disc = b"".join(bytes(4) + coded[start : start + 188] for start in range(0, len(coded), 188))

    assert off(read(film(disc)), pictures()) < LOSS


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("matrix", [Colorspace.ITU601, Colorspace.ITU709], ids=lambda matrix: matrix.name)
@pytest.mark.parametrize("span", ["tv", "pc"])
def test_colours_are_those_that_the_stream_names(matrix: Colorspace, span: str) -> None:
    coded = videos.stream(pictures(), colours=(matrix, span))

    assert off(read(film(coded)), pictures()) < LOSS


def test_samples_that_the_syntax_does_not_have_are_held() -> None:
    assert reason(film(videos.stream(pictures(), samples="yuv422p"))) is HoldReason.UNDECODABLE


def test_a_picture_coded_anew_has_the_colours_that_it_had() -> None:
    """What nobody changed must not grow darker or paler from one coding to the next."""
    source = intake.read(videos.written(film(videos.stream(pictures()))))
    (seen, *_) = video.pictures(source)

    joined = av.VideoFrame.from_ndarray(seen, "rgb24").reformat(format="yuv420p", interpolation="AREA")

    again = video.in_rgb(joined)
    assert abs(float((again.astype(int) - seen).mean())) < 0.1
    assert np.abs(again.astype(int) - seen).mean() < 0.5


@pytest.mark.parametrize("label", ["RGB", "YBR_FULL_422", "YBR_PARTIAL_420"])
def test_the_word_of_the_header_for_the_colours_does_not_count(label: str) -> None:
    assert off(read(film(videos.stream(pictures()), PhotometricInterpretation=label)), pictures()) < LOSS


def test_greys_have_no_stream() -> None:
    grey = film(videos.stream(pictures()), PhotometricInterpretation="MONOCHROME2", SamplesPerPixel=1)

    assert reason(grey) is HoldReason.UNSUPPORTED_COLOUR


@pytest.mark.parametrize("syntax", STEREO, ids=lambda syntax: syntax.name)
def test_two_views_in_one_stream_are_held(syntax: UID) -> None:
    assert reason(film(videos.stream(pictures()), syntax)) is HoldReason.UNKNOWN_SYNTAX


@pytest.mark.parametrize("count", [COUNT - 1, COUNT + 1, 1, 400])
def test_a_film_of_another_length_than_told_is_held(count: int) -> None:
    assert reason(film(videos.stream(pictures()), count=count)) is HoldReason.UNDECODABLE


@pytest.mark.parametrize("changes", [{"Rows": 46}, {"Columns": 66}, {"Rows": 16, "Columns": 16}], ids=str)
def test_a_film_of_another_size_than_told_is_held(changes: dict[str, int]) -> None:
    assert reason(film(videos.stream(pictures()), **changes)) is HoldReason.UNDECODABLE


def test_a_film_in_another_coding_than_told_is_held() -> None:
    assert reason(film(videos.stream(pictures()), MPEG2MPML)) is HoldReason.UNDECODABLE
    assert reason(film(videos.stream(pictures(), "libx265"))) is HoldReason.UNDECODABLE


@pytest.mark.parametrize(
    "coded",
    [
        b"\0\0",
        b"\0\0\0\1",
        b"\0\0\1\xba",
        b"#!/bin/sh\necho",
        b"\0\0\0\x14ftypisom",
        b"G" * 400,
        b"#EXTM3U\nfile:///etc",
    ],
    ids=["zeros", "start code", "program", "script", "box", "signs", "playlist"],
)
def test_what_is_no_stream_is_held(coded: bytes) -> None:
    assert reason(film(coded)) is HoldReason.UNDECODABLE


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_stream_that_breaks_off_is_held(share: float) -> None:
    coded = videos.stream(pictures(), lies_in="h264")

    assert reason(film(coded[: int(share * len(coded))])) is HoldReason.UNDECODABLE


def test_a_stream_with_noise_among_its_pictures_is_held() -> None:
    coded = videos.stream(pictures(), lies_in="h264")
    middle = len(coded) * 3 // 4
    noise = np.random.default_rng(3).integers(1, 255, 40, dtype=np.uint8).tobytes()

    assert reason(film(coded[:middle] + noise + coded[middle + 40 :])) is HoldReason.UNDECODABLE


def test_several_fragments_are_read_only_where_the_syntax_has_them() -> None:
    pieces = encapsulate([videos.stream(pictures())], fragments_per_frame=3, has_bot=False)

    assert off(read(film(b"", MPEG4HP41F, PixelData=pieces)), pictures()) < LOSS
    assert reason(film(b"", MPEG4HP41, PixelData=pieces)) is HoldReason.UNDECODABLE


def test_sound_is_not_read() -> None:
    assert off(read(film(videos.stream(pictures(), sound=True))), pictures()) < LOSS


def test_a_second_film_beside_the_first_is_held() -> None:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as both:
        tracks = [both.add_stream("libx264", rate=25) for _ in range(2)]
        for track in tracks:
            track.width, track.height, track.pix_fmt = COLUMNS, ROWS, "yuv420p"
            for picture in pictures():
                both.mux(track.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        for track in tracks:
            both.mux(track.encode(None))

    assert reason(film(buffer.getvalue())) is HoldReason.UNDECODABLE


def test_chosen_frames_are_those_of_the_whole_film() -> None:
    source = intake.read(videos.written(film(videos.stream(pictures()))))

    every, chosen = list(video.pictures(source)), list(video.pictures(source, [0, 4]))

    assert [np.array_equal(every[index], one) for index, one in zip((0, 4), chosen, strict=True)] == [True, True]


def test_a_stream_is_left_at_the_first_picture_that_it_has_too_many() -> None:
    """However few of them are wanted, and however many more there are."""
    source = intake.read(videos.written(film(videos.stream(pictures()), count=3)))
    walk = video.pictures(source, [0])

    next(walk)
    with pytest.raises(ValueError, match="another than the header tells of"):
        next(walk)


def test_the_largest_picture_is_no_larger_than_the_film() -> None:
    source = intake.read(videos.written(film(videos.stream(pictures()))))

    assert 0 < video.largest_picture(source) < len(source.PixelData)
