"""Files are taken apart so that everything but coded picture data is at hand."""

import struct

import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, RLELossless

from deid.engine import containers
from deid.engine.containers import Kind
from tests.deid.engine import outputs
from tests.deid.engine.headers import ultrasound, written


def joined(data: bytes, *kinds: Kind) -> bytes:
    wanted = kinds or (Kind.ANYTHING,)
    return b"|".join(bytes(part.content) for part in containers.parts(data) if part.kind in wanted)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def unit(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


FTYP = box(b"ftyp", b"isom")


def test_png_gives_text_and_no_pixels() -> None:
    data = outputs.png(text="planted")
    assert b"planted" in joined(data)
    assert len(joined(data)) < 200


def test_jpeg_gives_comments_and_no_pixels() -> None:
    data = outputs.jpeg(comment=b"planted")
    assert b"planted" in joined(data)
    assert len(joined(data)) < 200


def test_a_segment_behind_the_pixels_is_given() -> None:
    data = outputs.jpeg()
    late = data[:-2] + b"\xff\xfe\x00\x09planted" + data[-2:]
    assert b"planted" in joined(late)


def test_jpeg_with_fill_bytes_and_restarts_is_walked() -> None:
    data = outputs.jpeg(comment=b"planted")
    assert b"planted" in joined(data[:2] + b"\xff\xff\xff" + data[3:])


def test_a_film_gives_titles_and_remarks_and_no_pixels() -> None:
    data = outputs.mp4(title="planted")
    parts = joined(data)
    assert b"planted" in parts
    assert b"x264" in parts
    assert len(parts) < len(data) / 4


def test_media_data_that_are_no_units_are_given_whole() -> None:
    assert b"planted" in joined(FTYP + box(b"mdat", b"\0\0\0\x99planted"))


def test_slices_are_left_out_and_remarks_given() -> None:
    media = unit(b"\x65slice") + unit(b"\x06remark") + unit(b"\x41slice")
    assert b"remark" in joined(FTYP + box(b"mdat", media))
    assert b"slice" not in joined(FTYP + box(b"mdat", media))


def test_boxes_of_64_bits_and_open_ends_are_walked() -> None:
    wide = struct.pack(">I", 1) + b"free" + struct.pack(">Q", 16 + 7) + b"planted"
    assert b"planted" in joined(FTYP + wide)
    assert b"planted" in joined(FTYP + struct.pack(">I", 0) + b"free" + b"planted")


def test_a_lying_box_is_given_whole() -> None:
    assert b"planted" in joined(FTYP + struct.pack(">I", 9999) + b"mdat" + b"planted")
    assert b"planted" in joined(FTYP + struct.pack(">I", 3) + b"mdat" + b"planted")


def test_deep_boxes_are_given_whole() -> None:
    content = b"planted"
    for _ in range(50):
        content = box(b"moov", content)
    assert b"planted" in joined(FTYP + content)


def test_dicom_gives_all_but_native_pixels() -> None:
    data = written(ultrasound(PixelData=b"PIXELPIXELPIXELPIXELPIXE"))
    assert b"Mustermann" in joined(data)
    assert b"PIXEL" not in joined(data)


@pytest.mark.parametrize(
    ("syntax", "frame", "shown"),
    [
        (JPEG2000Lossless, b"\xff\x4f\xff\x64\x00\x09planted\xff\x90\x00\x04xxpixels!", True),
        (JPEG2000Lossless, b"\x00\x00\x00\x0cjP  \r\n\x87\nplanted!", True),
        (RLELossless, b"\x01\0\0\0\x40\0\0\0" + bytes(56) + b"planted!", False),
        (RLELossless, b"\x01\0\0\0\x41\0\0\0" + bytes(56) + b"planted!", True),
        (RLELossless, b"\x01\0\0\0\x40\0\0\0" + bytes(52) + b"hidden__planted!", True),
    ],
)
def test_dicom_gives_headers_of_encapsulated_frames(syntax: str, frame: bytes, shown: bool) -> None:
    source = ultrasound(PixelData=encapsulate([frame]))
    source.file_meta.TransferSyntaxUID = syntax
    source["PixelData"].is_undefined_length = True
    assert (b"planted" in joined(written(source))) is shown
    assert b"pixels!" not in joined(written(source))


def test_every_byte_of_a_picture_is_somewhere() -> None:
    """What is no part of the header is a picture's data, and tells by its kind which rule holds for it."""
    assert b"PIXELPIXEL" in joined(written(ultrasound(PixelData=b"PIXELPIXELPIXELPIXELPIXE")), Kind.SAMPLES)
    assert len(joined(outputs.png(), Kind.CODED)) > 4000
    assert len(joined(outputs.jpeg(), Kind.CODED)) > 2000
    assert len(joined(outputs.mp4(), Kind.CODED)) > 4000


def test_a_scan_of_jpeg_ls_ends_at_its_own_kind_of_marker() -> None:
    """In JPEG-LS any byte below 0x80 may follow 0xFF in coded data; in JPEG only zero."""
    head = b"\xff\xd8\xff%c\x00\x04xx\xff\xda\x00\x03\x00"
    body = b"abc\xff\x7fdef\xff\xd9late"
    assert joined(head % 0xF7 + body, Kind.CODED) == b"abc\xff\x7fdef"
    assert joined(head % 0xC0 + body, Kind.CODED) == b"abc"
    assert b"late" in joined(head % 0xF7 + body)


def test_what_follows_a_codestream_is_no_picture() -> None:
    frame = b"\xff\x4f\xff\x64\x00\x04xx\xff\x90\x00\x04xxpixels!\xff\xd9late"
    source = ultrasound(PixelData=encapsulate([frame]))
    source.file_meta.TransferSyntaxUID = JPEG2000Lossless
    source["PixelData"].is_undefined_length = True
    assert b"late" in joined(written(source))
    assert b"pixels!" in joined(written(source), Kind.CODED)


def test_dicom_without_pixels_and_broken_dicom_are_given_whole() -> None:
    data = written(ultrasound(PixelData=None))
    assert joined(data) == data
    assert joined(data[:-3]) == data[:-3]


def test_anything_else_is_given_whole() -> None:
    assert joined(b"whatever") == b"whatever"
