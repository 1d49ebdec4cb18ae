"""DICOM without its first part is read where the rest proves how it is written, and refused by name where not."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import ImplicitVRLittleEndian, JPEGBaseline8Bit

from deid.engine import headless, intake
from deid.engine.errors import Rejected, RejectReason
from tests.conformance import charts
from tests.deid.engine.headers import ultrasound, written


def bare(dataset: Dataset, *, implicit: bool = False) -> bytes:
    """Return a data set alone, as PS3.5 section 7 writes it."""
    buffer = io.BytesIO()
    kept = Dataset({element.tag: element for element in dataset})
    kept.save_as(buffer, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()


def reason_of(data: bytes) -> RejectReason:
    with pytest.raises(Rejected) as caught:
        intake.read(data)
    return caught.value.reason


@pytest.mark.parametrize("cut", [128, 132], ids=["preamble", "preamble and magic"])
def test_a_file_without_its_start_reads_like_the_whole_one(cut: int) -> None:
    whole = written(ultrasound())

    assert intake.peek(whole[cut:]) == intake.peek(whole)
    assert headless.completed(whole) is whole


@pytest.mark.parametrize("implicit", [False, True], ids=["explicit", "implicit"])
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "RGB", "YBR_FULL_422"])
def test_a_bare_data_set_is_read_where_its_pixels_prove_it(photometric: str, implicit: bool) -> None:
    source = {"MONOCHROME2": charts.native_grey, "RGB": lambda: charts.native_colour("RGB")}.get(
        photometric, charts.native_422
    )()
    whole = dcmread(io.BytesIO(charts.written(source)))

    found = intake.read(bare(whole, implicit=implicit))

    assert found.PixelData == whole.PixelData
    assert (found.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian) is implicit


def test_pixels_that_may_be_coded_prove_nothing() -> None:
    jpeg = dcmread(io.BytesIO(charts.pillow_jpeg("YBR_FULL")))
    shorter = ultrasound()
    shorter.PixelData = shorter.PixelData[:-2]
    odd = ultrasound(BitsAllocated=12)

    assert reason_of(bare(jpeg)) is RejectReason.NO_META
    assert reason_of(bare(shorter)) is RejectReason.NO_META
    assert reason_of(bare(odd)) is RejectReason.NO_META
    native = dcmread(io.BytesIO(charts.written(charts.native_grey())))
    native.PixelData = encapsulate([bytes(100)])
    native["PixelData"].is_undefined_length = True
    native.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    assert reason_of(bare(native)) is RejectReason.NO_META


def test_what_is_wrong_with_a_whole_file_is_wrong_with_a_bare_one() -> None:
    assert reason_of(bare(ultrasound(Rows=65535, Columns=65535))) is RejectReason.TOO_LARGE
    assert reason_of(bare(ultrasound(StudyInstanceUID=None))) is RejectReason.NO_IDENTITY
    assert reason_of(bare(ultrasound())[:-3]) is RejectReason.TRUNCATED


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"DICM\x02\x00", b"\x02\x00\x00\x00UL\x04\x00", b"\x08\x00\x05\x00CS"]),
)
@settings(max_examples=100, deadline=None)
def test_whatever_begins_like_it_is_refused_by_name(noise: bytes, start: bytes) -> None:
    with pytest.raises(Rejected):
        intake.peek(start + noise)
    assert headless.is_headless(start + noise) == headless.is_headless((start + noise)[:132])


def test_text_is_no_bare_data_set() -> None:
    assert not headless.is_headless(b"Dear colleague,\nplease find enclosed")
    assert not headless.is_headless(b"")
