"""A file that carries anything but the parts that are written here is not bare, whatever the part holds."""

import struct
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from deid.engine import bareness, png, rendering
from tests.deid.engine import outputs
from tests.deid.engine.headers import ultrasound, with_pixels, written

pytestmark = pytest.mark.requirement("R32")

PICTURE = np.zeros((40, 60, 3), np.uint8)


def film() -> bytes:
    with rendering.Film(rows=40, columns=60, frames=2, rate=25.0) as made:
        made.write(PICTURE)
        made.write(PICTURE)
        return made.finish()


def clean(**changes: object) -> Dataset:
    source = ultrasound()
    header = with_pixels(outputs.header(source), source)
    for keyword, value in changes.items():
        setattr(header, keyword, value)
    return header


def encapsulated(syntax: str, *frames: bytes) -> bytes:
    header = clean(PixelData=encapsulate(list(frames), has_bot=False))
    header.file_meta.TransferSyntaxUID = syntax
    header["PixelData"].is_undefined_length = True
    return written(header)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def test_what_is_written_here_is_bare() -> None:
    for output in (png.encoded(PICTURE), rendering.jpeg(PICTURE), rendering.thumbnail(PICTURE), film()):
        assert bareness.is_bare(output)
    assert bareness.is_bare(written(clean()))
    assert bareness.is_bare(encapsulated(JPEGBaseline8Bit, rendering.jpeg(PICTURE), outputs.jpeg()))


def exif() -> bytes:
    """Return a JPEG with a thumbnail of its own, as cameras write it."""
    buffer = BytesIO()
    Image.fromarray(PICTURE).save(buffer, "JPEG", exif=b"Exif\0\0MM\0*" + outputs.jpeg())
    return buffer.getvalue()


@pytest.mark.parametrize(
    "output",
    [
        outputs.png(text="a word"),
        outputs.png() + b"\0",
        outputs.png()[:-4],
        outputs.jpeg(comment=b"a word"),
        outputs.jpeg() + b"late",
        outputs.jpeg()[:-2],
        exif(),
        film() + box(b"uuid", b"x"),
        film() + box(b"free", b"x"),
        film() + box(b"meta", bytes(200)),
        film() + box(b"moov", box(b"udta", box(b"\xa9nam", b"x"))),
        film()[:-1],
        b"GIF89a",
        b"",
    ],
    ids=[
        *("text", "behind png", "cut png", "comment", "behind jpeg", "cut jpeg", "exif"),
        *("uuid", "free", "cover", "title", "cut film", "gif", "nothing"),
    ],
)
def test_anything_else_is_not(output: bytes) -> None:
    assert not bareness.is_bare(output)


def overlay(group: int) -> Dataset:
    header = clean()
    header.add_new((group, 0x3000), "OW", bytes(16))
    return header


def icon() -> Dataset:
    item = Dataset()
    item.Rows = item.Columns = 2
    return clean(IconImageSequence=Sequence([item]))


def private() -> Dataset:
    header = clean()
    header.private_block(0x200D, "Philips US Imaging DD 109", create=True).add_new(5, "LO", "x")
    return header


def deep() -> Dataset:
    item = Dataset()
    item.add_new((0x0009, 0x0010), "LO", "SOMEONE")
    return clean(RequestAttributesSequence=Sequence([item]))


@pytest.mark.parametrize(
    "header",
    [overlay(0x6000), overlay(0x601E), overlay(0x5000), icon(), private(), deep(), clean(DataSetTrailingPadding=b"xx")],
    ids=["overlay", "last overlay", "curve", "icon", "private", "deep private", "padding"],
)
def test_a_header_with_room_for_more_is_not(header: Dataset) -> None:
    assert not bareness.is_bare(written(header))


@pytest.mark.parametrize(
    ("table", "bare"),
    [(bytes(range(256)).hex(), False), ("4141" * 256, True), ("4142" * 256, False), ("4141" * 300, False)],
    ids=["half", "doubled", "two bytes", "longer"],
)
def test_a_palette_is_known_where_it_is_of_the_form_that_is_written_here(table: str, bare: bool) -> None:
    header = clean(RedPaletteColorLookupTableData=bytes.fromhex(table))
    header["RedPaletteColorLookupTableData"].VR = "OW"
    assert bareness.is_bare(written(header)) is bare


def test_a_preamble_or_a_tail_is_not() -> None:
    data = written(clean())
    assert not bareness.is_bare(b"II*\0".ljust(128, b"\0") + data[128:])
    assert not bareness.is_bare(data + b"late")
    assert not bareness.is_bare(data[:-3])


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (JPEGBaseline8Bit, outputs.jpeg(comment=b"x")),
        (JPEGBaseline8Bit, exif()),
        (JPEG2000Lossless, b"\x00\x00\x00\x0cjP  \r\n\x87\n"),
        (JPEG2000Lossless, b"\xff\x4f\xff\x63\x00\x04xx\xff\x90"),
        (RLELossless, bytes(80)),
    ],
    ids=["comment", "exif", "boxes", "unknown marker", "no runs"],
)
def test_a_frame_with_more_than_a_picture_is_not(syntax: str, frame: bytes) -> None:
    assert not bareness.is_bare(encapsulated(syntax, frame))


def test_a_table_of_offsets_is_not_written_here() -> None:
    header = clean(PixelData=encapsulate([outputs.jpeg()], has_bot=True))
    header.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    header["PixelData"].is_undefined_length = True
    assert not bareness.is_bare(written(header))


@given(st.sampled_from(["png", "jpeg", "film", "dicom"]), st.binary(min_size=1, max_size=40), st.floats(0, 1))
@settings(deadline=None, max_examples=60)
def test_any_damage_is_answered(kind: str, noise: bytes, place: float) -> None:
    output = {"png": outputs.png, "jpeg": outputs.jpeg, "film": film, "dicom": lambda: written(clean())}[kind]()
    cut = int(place * len(output))
    assert isinstance(bareness.is_bare(output[:cut] + noise), bool)
