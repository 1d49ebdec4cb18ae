"""No identifier gets past the last search, in whatever clothes it comes; and clean files are not held for nothing."""

import base64
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit

from deid.engine import framing, identifiers, png, rendering, sweep
from deid.engine.brand import Brand
from tests.deid.engine import outputs
from tests.deid.engine.headers import ultrasound, with_pixels, written

KNOWN = identifiers.of(ultrasound(PatientName="Mustermann^Jörg"))
VALUES = [
    "Mustermann",
    "MUSTERMANN",
    "mustermann",
    "Jörg",
    "JÖRG",
    "Mustermann^Jörg",
    "Jörg Mustermann",
    "MRN0048213",
    "19900312",
    "12.03.1990",
    "12/03/1990",
    "1990-03-12",
    "03/12/1990",
    "12 Mar 1990",
    "Klinikum Lindenhof",
    "ACC771234",
    "143210",
    "1.2.3.4.5.6.1",
]

pytestmark = pytest.mark.requirement("R32")


def clean_dicom() -> bytes:
    source = ultrasound()
    clean = outputs.header(source)
    return written(with_pixels(clean, source))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16-le", "utf-16-be"])
def test_a_value_in_any_encoding_is_found(value: str, encoding: str) -> None:
    assert sweep.spells(outputs.jpeg(comment=value.encode(encoding)), KNOWN)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("lead", ["", "a", "ab"])
def test_a_value_in_base64_or_hexadecimal_is_found(value: str, lead: str) -> None:
    raw = (lead + " " + value + " ").encode()
    assert sweep.spells(outputs.jpeg(comment=raw.hex().encode()), KNOWN)
    assert sweep.spells(outputs.jpeg(comment=raw.hex().upper().encode()), KNOWN)
    if len(value) > 4:
        assert sweep.spells(outputs.jpeg(comment=base64.b64encode(raw)), KNOWN)
        assert sweep.spells(outputs.jpeg(comment=base64.urlsafe_b64encode(raw)), KNOWN)


@pytest.mark.parametrize("value", ["Mustermann", "MRN0048213", "12.03.1990"])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_value_in_a_text_chunk_is_found(value: str, compressed: bool) -> None:
    assert sweep.spells(outputs.png(text=f"made for {value}.", compressed=compressed), KNOWN)


def test_a_value_in_streams_within_streams_is_found() -> None:
    inner = zlib.compress(zlib.compress(b"padding Mustermann padding"))
    assert sweep.spells(outputs.jpeg(comment=b"xx" + inner), KNOWN)
    assert sweep.spells(outputs.jpeg(comment=zlib.compress(b"Mustermann", wbits=31)), KNOWN)


def test_a_title_in_a_film_is_found() -> None:
    assert sweep.spells(outputs.mp4(title="Mustermann"), KNOWN)


def test_a_value_behind_the_end_is_found() -> None:
    for output in (outputs.png(), outputs.jpeg(), outputs.mp4(), clean_dicom()):
        assert sweep.spells(output + b"Mustermann", KNOWN)


def test_a_value_in_the_preamble_is_found() -> None:
    assert sweep.spells(b"Mustermann".ljust(128, b"\0") + clean_dicom()[128:], KNOWN)


def test_a_value_in_a_comment_of_an_encapsulated_frame_is_found() -> None:
    clean = outputs.header(ultrasound())
    clean.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    for comment, expected in ((b"Mustermann", True), (b"", False)):
        clean.PixelData = encapsulate([outputs.jpeg(comment=comment)])
        clean["PixelData"].is_undefined_length = True
        assert sweep.spells(written(clean), KNOWN) is expected


def test_an_unknown_kind_of_file_is_searched_whole_and_never_passes() -> None:
    assert sweep.spells(b"GIF89a....Mustermann....", KNOWN)
    assert not sweep.spells(b"GIF89a........", KNOWN)
    assert sweep.found(b"GIF89a........", KNOWN)


def test_clean_outputs_pass() -> None:
    for output in (outputs.png(), outputs.jpeg(), clean_dicom()):
        assert not sweep.found(output, KNOWN)
    assert not sweep.spells(outputs.mp4(), KNOWN)


def test_a_second_picture_in_a_file_is_found_whatever_it_shows() -> None:
    assert sweep.found(outputs.jpeg(comment=b"nothing"), KNOWN)
    assert not sweep.spells(outputs.jpeg(comment=b"nothing"), KNOWN)


def test_coding_tables_are_no_text() -> None:
    """The standard Huffman table spells 456789 and CDEFGHIJ."""
    known = identifiers.of(ultrasound(PatientID="456789", PatientName="Cdefghij^Stuv"))
    assert not sweep.spells(outputs.jpeg(), known)


def test_chance_hits_in_pictures_are_not_counted() -> None:
    """Short names against many noisy pictures."""
    known = identifiers.of(ultrasound(PatientName="Roth^Anna^Lena", PatientID="4711", AccessionNumber="0815"))
    for seed in range(40):
        picture = Image.fromarray(outputs.noise(seed, (96, 128, 3)))
        for kind in ("PNG", "JPEG"):
            buffer = BytesIO()
            picture.save(buffer, kind)
            assert not sweep.spells(buffer.getvalue(), known)


def test_a_short_name_in_raw_pixels_is_a_picture_and_a_long_one_is_not() -> None:
    source = ultrasound(Rows=64, Columns=64)
    clean = with_pixels(outputs.header(source), source)
    for name, expected in ((b"Mustermann", False), (b"1.2.3.4.5.6.19900312.77", True)):
        clean.PixelData = bytes(100) + name.ljust(64 * 64 - 100, b"\0")
        assert sweep.spells(written(clean), KNOWN) is expected


def packed_bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


WRAPPINGS = {
    "zlib": zlib.compress,
    "zlib, little": lambda data: zlib.compress(data, wbits=9),
    "gzip": lambda data: zlib.compress(data, wbits=31),
    "deflate": packed_bare,
    "base64": base64.b64encode,
    "hexadecimal": lambda data: data.hex().encode(),
    "numbers": lambda data: b"\\".join(b"%d" % sign for sign in data),
    "numbers of 16 bits": lambda data: b" ".join(b"0x%04x" % sign for sign in data),
    "JSON": lambda data: b"".join(b"\\u%04x" % sign for sign in data),
    "XML": lambda data: b"".join(b"&#%d;" % sign for sign in data),
    "address": lambda data: b"".join(b"%%%02X" % sign for sign in data),
}


@given(
    value=st.sampled_from(["Mustermann", "E. Mustermann", "MRN0048213", "12.03.1990", "Brinkmann, O"]),
    ways=st.lists(st.sampled_from(sorted(WRAPPINGS)), min_size=1, max_size=3),
    before=st.binary(max_size=20),
)
@settings(deadline=None, max_examples=80)
def test_a_value_in_wrappings_in_any_order_is_found(value: str, ways: list[str], before: bytes) -> None:
    content = f" seen by {value} today ".encode("latin-1")
    for way in ways:
        content = WRAPPINGS[way](content)
    assert sweep.spells(outputs.jpeg(comment=before + b" " + content + b" "), KNOWN)


STRATEGIES = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED)


@given(
    text=st.one_of(st.text(st.characters(max_codepoint=0x17F), max_size=200), st.text("aeinrst ", min_size=400)),
    strategy=st.sampled_from(STRATEGIES),
    level=st.integers(0, 9),
    flushed=st.sampled_from([zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH]),
    before=st.binary(max_size=20),
    after=st.binary(max_size=20),
)
@settings(deadline=None, max_examples=50)
def test_a_bare_stream_is_found_however_it_was_packed(
    text: str, strategy: int, level: int, flushed: int, before: bytes, after: bytes
) -> None:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, strategy)
    stream = packer.compress(f"{text} ".encode()) + packer.flush(flushed) + packer.compress(b"Mustermann ")
    assert sweep.spells(outputs.jpeg(comment=before + stream + packer.flush() + after), KNOWN)


def test_what_is_packed_too_deeply_or_too_large_counts_as_found() -> None:
    deep = b"nothing, nothing, nothing, nothing"
    for _ in range(8):
        # letters that no packer leaves as they are
        deep = zlib.compress(deep.hex().encode() + bytes(500))
    assert sweep.spells(outputs.jpeg(comment=deep), KNOWN)
    assert sweep.spells(outputs.jpeg(comment=zlib.compress(bytes(9 << 20))), KNOWN)


@given(
    value=st.sampled_from(["Brinkmann^Ole", "Klinikum Lindenhof", "1.2.3.4.5.6.19900312.77"]),
    place=st.floats(0, 1),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
)
@settings(deadline=None)
def test_a_long_value_in_coded_picture_data_is_found(value: str, place: float, encoding: str) -> None:
    output = bytearray(outputs.png())
    start = output.index(b"IDAT") + 4
    room = len(output) - start - 200
    spot = start + int(place * room)
    output[spot : spot + len(value.encode(encoding))] = value.encode(encoding)
    assert sweep.spells(bytes(output), KNOWN)


def test_a_clinic_named_as_in_the_header_has_its_name_on_the_strip() -> None:
    """The hospital's name identifies where a machine wrote it; on the strip it is drawn, and stands in no byte."""
    brand = Brand(name="Klinikum Lindenhof", line="MRN0048213", background="#0f4c5c", ink="#ffffff")
    frame = framing.of(brand, np.ones((120, 320), np.bool_))
    picture = frame.picture_of(np.zeros((120, 320, 3), np.uint8))
    with rendering.Film(rows=frame.rows, columns=frame.columns, frames=2, rate=25.0) as film:
        film.write(picture)
        film.write(picture)
        made = film.finish()
    for output in (png.encoded(picture), rendering.jpeg(picture), rendering.thumbnail(picture), made):
        assert not sweep.spells(output, KNOWN)


def test_own_words_are_nobodys_name() -> None:
    known = identifiers.of(ultrasound(PatientName="Profile^Basic", PatientID="Clean Pixel"))
    assert not sweep.spells(clean_dicom(), known)


def test_nothing_known_nothing_found() -> None:
    assert not sweep.spells(b"anything", identifiers.Identifiers())


@given(
    value=st.text("abcdefghijklmnopqrstuvwxyzäöüßéñ", min_size=4, max_size=20),
    before=st.binary(max_size=30),
    encoding=st.sampled_from(["utf-8", "latin-1", "utf-16-le", "utf-16-be"]),
    upper=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_any_name_is_found_between_any_bytes(value: str, before: bytes, encoding: str, upper: bool) -> None:
    known = identifiers.of(ultrasound(PatientName=f"{value}^X"))
    shown = value.upper() if upper else value
    assert sweep.spells(outputs.jpeg(comment=before + b" " + shown.encode(encoding) + b" "), known)


@given(st.binary(max_size=400), st.sampled_from(["png", "jpeg", "mp4", "dicom"]), st.integers(0, 4_000))
@settings(deadline=None, max_examples=30)
def test_damaged_outputs_are_still_searched(noise: bytes, kind: str, place: int) -> None:
    output = {"png": outputs.png, "jpeg": outputs.jpeg, "mp4": _film, "dicom": clean_dicom}[kind]()
    cut = output[: place % len(output)] + noise
    assert isinstance(sweep.spells(cut, KNOWN), bool)
    assert np.frombuffer(cut, np.uint8).size == len(cut)


_FILM = outputs.mp4()


def _film() -> bytes:
    return _FILM
