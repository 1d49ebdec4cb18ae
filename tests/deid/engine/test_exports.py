"""Plain pictures and films become captures of nothing but pixels; hostile ones are refused by name."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from deid.engine import exports, frames, intake, pipeline
from deid.engine.errors import HoldReason, Rejected, RejectReason
from deid.engine.findings import Status
from deid.engine.policy import Policy
from tests.deid.engine import outputs
from tests.deid.engine.screens import speckle

CANARY = "Mustermann"


def picture() -> np.ndarray:
    shown = speckle(5)
    shown[40:90, 30:200] = (200, 30, 60)
    return shown


def coded(kind: str, shown: np.ndarray | None = None, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture() if shown is None else shown).convert(mode).save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x010E] = orientation, CANARY
    return made


def film(*, title: str = "", codec: str = "libx264", count: int = 10) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        made.metadata["title"] = title
        stream = made.add_stream(codec, rate=20)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(count):
            made.mux(stream.encode(av.VideoFrame.from_ndarray(speckle(3, 240, 320), format="rgb24")))
        made.mux(stream.encode())
    return out.getvalue()


def read(data: bytes) -> list[np.ndarray]:
    return list(frames.open_frames(intake.read(data), max_pixels=10**9))


EXACT: dict[str, Callable[[], bytes]] = {
    "png": lambda: coded("PNG"),
    "png of a palette": lambda: coded("PNG", speckle(5), mode="P"),
    "png in grey": lambda: coded("PNG", speckle(5), mode="L"),
}


@pytest.mark.parametrize("kind", EXACT)
def test_a_png_keeps_every_pixel(kind: str) -> None:
    data = EXACT[kind]()
    with Image.open(io.BytesIO(data)) as meant:
        (seen,) = read(data)
        assert np.array_equal(seen, np.asarray(meant.convert("RGB")))


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"quality": 60, "subsampling": 2}, {"exif": exif()}, {"keep_rgb": True}],
    ids=["usual", "progressive", "poor", "noted", "red green blue"],
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_looks_as_any_reader_shows_it(mode: str, options: dict[str, object]) -> None:
    data = coded("JPEG", mode=mode, **(options if mode == "RGB" else {}))
    with Image.open(io.BytesIO(data)) as meant:
        (seen,) = read(data)
        assert np.abs(seen.astype(int) - np.asarray(meant.convert("RGB"))).max() <= 2


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_that_lies_on_its_side_stands_up(orientation: int) -> None:
    data = coded("JPEG", exif=exif(orientation))
    (seen,) = read(data)
    peek = intake.peek(data)
    assert seen.shape[:2] == (peek.rows, peek.columns)
    assert (seen.shape[0] > seen.shape[1]) is (orientation in (6, 8))


def test_what_is_transparent_is_black() -> None:
    layers = np.dstack([picture(), np.full(picture().shape[:2], 255, np.uint8)])
    layers[:50, :, 3] = 0
    out = io.BytesIO()
    Image.fromarray(layers).save(out, "PNG")
    (seen,) = read(out.getvalue())
    assert not seen[:50].any()
    assert np.array_equal(seen[50:], picture()[50:])


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_film_has_its_frames_and_its_rate(codec: str) -> None:
    data = film(codec=codec)
    assert len(read(data)) == 10
    assert (intake.peek(data).rows, intake.peek(data).columns, intake.peek(data).frames) == (240, 320, 10)
    assert intake.read(data).FrameTime == pytest.approx(50, abs=1)


NOTED: dict[str, Callable[[], bytes]] = {
    "exif": lambda: coded("JPEG", exif=exif()),
    "comment": lambda: coded("JPEG", comment=CANARY.encode()),
    "xmp": lambda: coded("JPEG", xmp=f"<x>{CANARY}</x>".encode()),
    "png text": lambda: coded("PNG", pnginfo=_note()),
    "film title": lambda: film(title=CANARY),
    "trailer": lambda: coded("JPEG") + CANARY.encode(),
}


def _note() -> PngImagePlugin.PngInfo:
    note = PngImagePlugin.PngInfo()
    note.add_text("Patient", CANARY)
    return note


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("kind", NOTED)
def test_an_export_is_held_and_carries_no_note_along(kind: str) -> None:
    data = NOTED[kind]()
    assert CANARY.encode() in data
    outcome = pipeline.deidentify(data, policy=Policy(), brand=None, secret=b"the tests' own")
    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.PLAIN_EXPORT)
    made = outcome.outputs
    assert made.dicom is not None
    for output in (made.dicom, made.still, made.still_jpeg, made.thumbnail, made.film):
        assert output is None or CANARY.encode() not in output


def bomb(side: int) -> bytes:
    """Return a PNG that says it has so many pixels a side."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    sealed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff\xe0 is not all of a JPEG", RejectReason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), RejectReason.DAMAGED),
        (b"\0\0\0\x18ftypisom" + bytes(40), RejectReason.DAMAGED),
        (b"\0\0\0\x18ftypheic" + bytes(200), RejectReason.NOT_DICOM),
        (bomb(60_000), RejectReason.TOO_LARGE),
        (bomb(2_000_000), RejectReason.TOO_LARGE),
        (b"GIF89a" + bytes(200), RejectReason.NOT_DICOM),
    ],
    ids=["jpeg", "png", "film", "heic", "pixel flood", "endless", "gif"],
)
def test_a_hostile_file_is_refused_before_anything_is_decoded(data: bytes, reason: RejectReason) -> None:
    for ask in (intake.peek, intake.read):
        with pytest.raises(Rejected) as refused:
            ask(data)
        assert refused.value.reason is reason


def test_a_film_of_too_many_samples_is_refused_while_it_is_decoded() -> None:
    with pytest.raises(Rejected) as refused:
        exports.wrapped(film(), most=10**7, most_samples=3 * 240 * 320 * 5)
    assert refused.value.reason is RejectReason.TOO_LARGE


def test_two_files_are_two_instances_and_one_is_itself() -> None:
    one, two = intake.peek(outputs.jpeg()), intake.peek(outputs.jpeg(quality=80))
    assert one == intake.peek(outputs.jpeg())
    assert len({one.sop_instance_uid, two.sop_instance_uid, one.study_instance_uid}) == 3


SMALL = {"JPEG": outputs.jpeg(), "PNG": outputs.png(), "film": outputs.mp4()}


@given(
    st.sampled_from(sorted(SMALL)),
    st.lists(st.tuples(st.integers(12, 10**6), st.integers(0, 255)), max_size=20),
)
@settings(deadline=None, max_examples=40)
def test_any_damage_ends_in_a_reading_or_a_reason(kind: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL[kind])
    for place, value in changes:
        data[12 + place % (len(data) - 12)] = value
    with suppress(Rejected):
        intake.read(bytes(data))
