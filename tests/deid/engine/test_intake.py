"""Only ultrasound pictures of sane structure and size come through, and identity is read in its character set."""

import struct
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from deid.engine import intake
from deid.engine.errors import Rejected, RejectReason
from tests import samples
from tests.deid.engine import bad_headers
from tests.deid.engine.headers import SECONDARY_CAPTURE, nested, ultrasound, written


def reason_of(data: bytes) -> RejectReason:
    with pytest.raises(Rejected) as refused:
        intake.read(data)
    with pytest.raises(Rejected) as also:
        intake.peek(data)
    assert also.value.reason is refused.value.reason
    assert refused.value.__cause__ is None
    return refused.value.reason


def test_a_still_is_read_and_peeked_at() -> None:
    data = written(ultrasound())
    assert intake.read(data).PatientID == "MRN0048213"
    peek = intake.peek(data)
    assert (peek.patient_name, peek.patient_id, peek.birth_date) == (
        "Mustermann^Erika^Marie",
        "MRN0048213",
        "19900312",
    )
    assert (peek.rows, peek.columns, peek.frames, peek.instance_number) == (4, 6, 1, 3)
    assert peek.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert peek.study_instance_uid == "1.2.3.4.5.6.1"


@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_real_ultrasound_is_taken(path: Path) -> None:
    data = path.read_bytes()
    peek = intake.peek(data)
    dataset = intake.read(data)
    assert peek.rows == dataset.Rows
    assert peek.frames == int(dataset.get("NumberOfFrames", 1))


def test_no_other_sample_is_taken() -> None:
    for path in samples.others():
        with pytest.raises(Rejected):
            intake.peek(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("CT_small.dcm", RejectReason.NOT_ULTRASOUND),
        ("SC_rgb.dcm", RejectReason.NOT_ULTRASOUND),
        ("DICOMDIR", RejectReason.DICOMDIR),
        ("test-SR.dcm", RejectReason.STRUCTURED_REPORT),
        ("MR_truncated.dcm", RejectReason.TRUNCATED),
        ("image_dfl.dcm", RejectReason.DEFLATED),
        ("meta_missing_tsyntax.dcm", RejectReason.NO_META),
        ("no_meta.dcm", RejectReason.NOT_DICOM),
    ],
)
def test_other_samples_are_refused_by_name(name: str, reason: RejectReason) -> None:
    assert reason_of(samples.named(name).read_bytes()) is reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectReason.EMPTY),
        (b"Dear colleague,\nplease find enclosed", RejectReason.NOT_DICOM),
        (b"<html>" * 100, RejectReason.NOT_DICOM),
        (b"\0" * 132, RejectReason.NOT_DICOM),
        (b"\0" * 128 + b"DICM", RejectReason.NO_META),
        (b"\0" * 128 + b"DICM" + b"\x02\0\x10\0UI", RejectReason.TRUNCATED),
    ],
)
def test_what_is_no_dicom_is_refused(data: bytes, reason: RejectReason) -> None:
    assert reason_of(data) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SOPClassUID": UID("1.2.840.10008.5.1.4.1.1.2")}, RejectReason.NOT_ULTRASOUND),
        ({"SOPClassUID": UID("1.2.840.10008.5.1.4.1.1.6.2")}, RejectReason.NOT_ULTRASOUND),
        ({"SOPClassUID": SECONDARY_CAPTURE, "Modality": "OT"}, RejectReason.NOT_ULTRASOUND),
        ({"SOPClassUID": UID("1.2.840.10008.5.1.4.1.1.104.1")}, RejectReason.ENCAPSULATED_DOCUMENT),
        ({"SOPClassUID": UID("1.2.840.10008.5.1.4.1.1.88.50")}, RejectReason.STRUCTURED_REPORT),
        ({"PixelData": None}, RejectReason.NO_PIXELS),
        ({"Rows": 0}, RejectReason.NO_PIXELS),
        ({"Columns": None}, RejectReason.NO_PIXELS),
        ({"StudyInstanceUID": None}, RejectReason.NO_IDENTITY),
        ({"SeriesInstanceUID": ""}, RejectReason.NO_IDENTITY),
        ({"Rows": 65535, "Columns": 65535}, RejectReason.TOO_LARGE),
        ({"Rows": 1, "Columns": 65535}, RejectReason.TOO_LARGE),
        ({"NumberOfFrames": 2**31}, RejectReason.TOO_LARGE),
        ({"NumberOfFrames": 0}, RejectReason.DAMAGED),
        ({"NumberOfFrames": -3}, RejectReason.DAMAGED),
        ({"SamplesPerPixel": 60000}, RejectReason.DAMAGED),
    ],
)
def test_what_is_no_ultrasound_picture_is_refused(changes: dict[str, object], reason: RejectReason) -> None:
    assert reason_of(written(ultrasound(**changes))) is reason


@pytest.mark.parametrize(
    "sop_class_uid",
    sorted(intake.ULTRASOUND | intake.SECONDARY_CAPTURE),
)
def test_every_ultrasound_class_is_taken(sop_class_uid: str) -> None:
    assert intake.peek(written(ultrasound(SOPClassUID=UID(sop_class_uid)))).sop_class_uid == sop_class_uid


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 192", "Sørensen^Åse^مريم"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ],
)
def test_names_are_decoded(charset: str | list[str], name: str) -> None:
    data = written(ultrasound(SpecificCharacterSet=charset, PatientName=name))
    assert intake.peek(data).patient_name == name


@pytest.mark.parametrize("program", [b"MZ\x90\x00", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"<html>", b"%PDF-1.7", b"II*\0"])
def test_a_program_in_the_preamble_is_ignored(program: bytes) -> None:
    data = program.ljust(128, b"\0") + written(ultrasound())[128:]
    assert intake.peek(data).rows == 4


def test_zero_padding_at_the_end_is_ignored() -> None:
    assert intake.read(written(ultrasound()) + b"\0" * 300).Rows == 4


def test_a_broken_number_that_is_needed_is_damage() -> None:
    data = written(ultrasound())
    start = data.index(b"\x28\x00\x10\x00US\x02\x00\x04\x00")
    broken = data[:start] + b"\x28\x00\x10\x00US\x03\x00\x04\x00\x00" + data[start + 10 :]
    assert reason_of(broken) is RejectReason.DAMAGED


def test_a_broken_number_that_is_not_needed_does_no_harm() -> None:
    data = written(ultrasound())
    start = data.index(b"\x20\x00\x11\x00IS\x02\x00")
    dataset = intake.read(data[:start] + b"\x20\x00\x11\x00US\x03\x00abc" + data[start + 10 :])
    assert dataset["SeriesNumber"].value == b"abc"


def test_a_broken_sequence_is_damage() -> None:
    data = written(ultrasound())
    start = data.index(b"\x20\x00\x0d\x00UI")
    bad = b"\x18\x00\x11\x60UN\0\0\x03\0\0\0" + b"no "
    assert reason_of(data[:start] + bad + data[start:]) is RejectReason.DAMAGED


@pytest.mark.parametrize(
    ("depth", "reason"),
    [(31, None), (32, None), (33, RejectReason.TOO_DEEP), (200, RejectReason.TOO_DEEP)],
)
def test_nesting_is_bounded(depth: int, reason: RejectReason | None) -> None:
    data = written(ultrasound())
    start = data.index(b"\x28\x00\x02\x00US")
    bomb = _sequences(depth)
    if reason is None:
        assert intake.read(data[:start] + bomb + data[start:]).Rows == 4
    else:
        assert reason_of(data[:start] + bomb + data[start:]) is reason


def test_a_hundred_thousand_levels_are_refused_at_once() -> None:
    data = written(ultrasound())
    start = data.index(b"\x28\x00\x02\x00US")
    opened = (b"\x21\x00\x01\x10SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * 100_000
    assert reason_of(data[:start] + opened) is RejectReason.TOO_DEEP


def test_elements_are_bounded() -> None:
    item = Dataset()
    item.ReferencedStudySequence = Sequence([Dataset() for _ in range(50_001)])
    data = written(ultrasound())
    start = data.index(b"\x28\x00\x02\x00US")
    empty = b"\xfe\xff\x00\xe0\0\0\0\0" * 50_001
    flood = b"\x21\x00\x01\x10SQ\0\0" + struct.pack("<I", len(empty)) + empty
    assert reason_of(data[:start] + flood + data[start:]) is RejectReason.TOO_MANY_ELEMENTS


def test_a_pixel_flood_costs_no_memory() -> None:
    data = written(ultrasound(Rows=65535, Columns=65535, NumberOfFrames=1000))
    tracemalloc.start()
    reason_of(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@given(st.integers(0, 1_200))
@settings(deadline=None)
def test_a_file_cut_anywhere_is_refused(length: int) -> None:
    data = written(ultrasound())
    if length < len(data):
        assert reason_of(data[:length]) in (
            RejectReason.EMPTY,
            RejectReason.NOT_DICOM,
            RejectReason.NO_META,
            RejectReason.TRUNCATED,
            RejectReason.DAMAGED,
            RejectReason.NO_PIXELS,
            RejectReason.NO_IDENTITY,
            RejectReason.NOT_ULTRASOUND,
        )


@given(st.lists(st.tuples(st.integers(132, 1_100), st.integers(0, 255)), min_size=1, max_size=12))
@settings(max_examples=400, deadline=None)
def test_any_damage_ends_in_a_reading_or_a_reason(changes: list[tuple[int, int]]) -> None:
    data = bytearray(written(ultrasound(ReferencedStudySequence=Sequence([nested(3)]))))
    for position, value in changes:
        data[position % len(data)] = value
    with suppress(Rejected):
        assert intake.read(bytes(data)).Rows


def _sequences(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        item = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(inner)) + inner
        inner = b"\x21\x00\x01\x10SQ\0\0" + struct.pack("<I", len(item)) + item
    return inner


BAD = bad_headers.all_of_them()
REFUSED = {
    "frames as text": RejectReason.DAMAGED,
    "long UID": RejectReason.NO_IDENTITY,
    "many studies": RejectReason.NO_IDENTITY,
    "many rows": RejectReason.DAMAGED,
    "a bomb of sequences as UN": RejectReason.TOO_DEEP,
    "a flood of items as UN": RejectReason.TOO_MANY_ELEMENTS,
    "of class encapsulated document": RejectReason.ENCAPSULATED_DOCUMENT,
    "of class structured report": RejectReason.STRUCTURED_REPORT,
    "of class presentation state": RejectReason.PRESENTATION_STATE,
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("fault", BAD)
def test_a_bad_header_is_taken_or_refused_for_its_reason(fault: str) -> None:
    if fault in REFUSED:
        assert reason_of(BAD[fault]) is REFUSED[fault]
    else:
        assert intake.read(BAD[fault]).Rows == 4


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "fault", [fault for fault in BAD if "sequence" in fault and "UN" in fault and "bomb" not in fault]
)
def test_a_sequence_of_unknown_representation_is_opened(fault: str) -> None:
    """PS3.5 section 6.2.2: what is inside is looked at, however it was sent."""
    if fault == "UN that only begins like a sequence":
        assert intake.read(BAD[fault])[0x00191001].VR == "UN"
    else:
        names = [element for element in intake.read(BAD[fault]).iterall() if element.keyword == "PatientName"]
        assert any(bad_headers.CANARY in str(element.value) for element in names)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 101", "Kovář^Jiří"),
        ("ISO_IR 126", "Παπαδοπούλου^Μαρία"),
        ("GB18030", "山田^太郎"),
        (["", "ISO 2022 IR 149"], "Kim^Huijung=김^희중"),
        (["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"),
        (["ISO 2022 IR 6", "ISO 2022 IR 101"], "Kovář^Jiří"),
    ],
    ids=ascii,
)
def test_more_names_are_decoded(charset: str | list[str], name: str) -> None:
    assert intake.peek(written(ultrasound(SpecificCharacterSet=charset, PatientName=name))).patient_name == name
