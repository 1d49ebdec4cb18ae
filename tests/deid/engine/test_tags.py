"""The clean header holds what a picture needs and nothing of the source beyond numbers and defined terms."""

import base64
import re
import shutil
import subprocess
import warnings
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.datadict import DicomDictionary, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.engine import identifiers, intake, sweep, tags, timeline
from deid.engine.disclosure import STRICTEST, Dates, Disclosure, Purpose
from deid.engine.errors import Rejected
from tests import samples
from tests.deid.engine import bad_headers
from tests.deid.engine.headers import (
    DISCLOSURES,
    EVERYTHING,
    SECONDARY_CAPTURE,
    US_IMAGE,
    US_MULTIFRAME,
    full,
    region,
    ultrasound,
    with_pixels,
    written,
)

# what lies between the two is made of the same steps
EXTREMES = {name: DISCLOSURES[name] for name in ("strictest", "everything")}
BAD = bad_headers.all_of_them()
ROOT = Path(__file__).parents[3]
SECRET = b"a secret of the test's own, 32 b"


def clean(
    source: Dataset,
    *,
    disclosure: Disclosure = STRICTEST,
    secret: bytes = SECRET,
    burned_in_clean: bool = True,
) -> Dataset:
    return tags.deidentify(
        source,
        known=identifiers.of(source),
        disclosure=disclosure,
        secret=secret,
        burned_in_clean=burned_in_clean,
    )


def errors_of(path: Path) -> set[str]:
    """Return the error lines of dciodvfy, without the values that it quotes."""
    run = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False)
    lines = (run.stdout + run.stderr).splitlines()
    return {line.split("=")[0] for line in lines if line.startswith("Error")}


def test_the_clean_header_names_nobody() -> None:
    result = clean(ultrasound())
    assert result.PatientName == result.PatientID
    assert "Mustermann" not in str(result)
    assert result.StudyDate == ""
    assert result.PatientIdentityRemoved == "YES"
    assert result.LongitudinalTemporalInformationModified == "REMOVED"


def test_identity_in_numbers_is_dropped() -> None:
    result = clean(ultrasound(InstanceNumber=19900312, SeriesNumber=48213000))
    assert result["InstanceNumber"].is_empty
    assert result["SeriesNumber"].is_empty


def test_numbers_are_written_anew() -> None:
    source = ultrasound(SOPClassUID="1.2.840.10008.5.1.4.1.1.3.1", NumberOfFrames=2, FrameTime="33.19900312")
    assert clean(source).FrameTime == 33.199


@pytest.mark.parametrize("burned_in_clean", [True, False])
def test_the_method_tells_the_truth(burned_in_clean: bool) -> None:
    result = clean(ultrasound(), burned_in_clean=burned_in_clean)
    codes = [item.CodeValue for item in result.DeidentificationMethodCodeSequence]
    assert codes == (["113100", "113101"] if burned_in_clean else ["113100"])
    assert result.BurnedInAnnotation == ("NO" if burned_in_clean else "YES")


def test_one_study_keeps_together() -> None:
    first = clean(ultrasound(SOPInstanceUID="1.2.3.1"))
    second = clean(ultrasound(SOPInstanceUID="1.2.3.2", PatientName="Mustermann^E"))
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.PatientID == second.PatientID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SOPInstanceUID.is_valid


def test_the_secret_decides_the_pseudonym() -> None:
    one = clean(ultrasound(), secret=b"one")
    other = clean(ultrasound(), secret=b"other")
    assert one.PatientID != other.PatientID
    assert one.StudyInstanceUID != other.StudyInstanceUID


def test_regions_are_rebuilt_from_numbers() -> None:
    item = region(ReferencePixelX0=-4)
    item.ImageComments = "Erika was here"
    item.add_new(0x00090010, "LO", "MAKER")
    result = clean(ultrasound(SequenceOfUltrasoundRegions=Sequence([item, Dataset()])))
    (kept,) = result.SequenceOfUltrasoundRegions
    assert kept.ReferencePixelX0 == -4
    assert kept.PhysicalDeltaX == pytest.approx(item.PhysicalDeltaX, rel=1e-6)
    assert "ImageComments" not in kept
    assert not any(element.tag.is_private for element in kept)


@pytest.mark.parametrize(
    ("source_class", "frames", "photometric", "expected"),
    [
        ("1.2.840.10008.5.1.4.1.1.6", None, "MONOCHROME2", "1.2.840.10008.5.1.4.1.1.6.1"),
        ("1.2.840.10008.5.1.4.1.1.6.1", 2, "MONOCHROME2", "1.2.840.10008.5.1.4.1.1.3.1"),
        ("1.2.840.10008.5.1.4.1.1.3", 1, "RGB", "1.2.840.10008.5.1.4.1.1.3.1"),
        (SECONDARY_CAPTURE, None, "RGB", SECONDARY_CAPTURE),
        (SECONDARY_CAPTURE, 2, "RGB", "1.2.840.10008.5.1.4.1.1.7.4"),
        (SECONDARY_CAPTURE, 2, "MONOCHROME2", "1.2.840.10008.5.1.4.1.1.7.2"),
    ],
)
def test_retired_and_misused_classes_are_brought_up_to_date(
    source_class: str, frames: int | None, photometric: str, expected: str
) -> None:
    source = ultrasound(SOPClassUID=source_class, NumberOfFrames=frames, PhotometricInterpretation=photometric)
    result = clean(source)
    assert result.SOPClassUID == expected
    assert result.file_meta.MediaStorageSOPClassUID == expected


def test_timing_of_a_film_stays() -> None:
    source = ultrasound(NumberOfFrames=3, FrameTimeVector=[0, 33.3, 33.4], CineRate=30)
    result = clean(source)
    assert list(result.FrameTimeVector) == [0, 33.3, 33.4]
    assert result.FrameIncrementPointer == 0x00181065


def test_a_vector_of_another_length_gives_way_to_the_cine_rate() -> None:
    result = clean(ultrasound(NumberOfFrames=3, FrameTimeVector=[0, 33], CineRate=30))
    assert "FrameTimeVector" not in result
    assert result.FrameTime == 33.333
    assert result.FrameIncrementPointer == 0x00181063


@pytest.mark.parametrize("disclosure", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="the validator of dicom3tools is not installed")
def test_the_validator_finds_no_new_errors(path: Path, disclosure: Disclosure, tmp_path: Path) -> None:
    source = intake.read(path.read_bytes())
    target = tmp_path / "clean.dcm"
    target.write_bytes(written(with_pixels(clean(source, disclosure=disclosure), source)))
    assert errors_of(target) <= errors_of(path)


@pytest.mark.parametrize("disclosure", DISCLOSURES.values(), ids=DISCLOSURES)
@pytest.mark.parametrize("sop_class_uid", [US_IMAGE, US_MULTIFRAME, SECONDARY_CAPTURE])
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="the validator of dicom3tools is not installed")
def test_the_fullest_header_is_sound(sop_class_uid: str, disclosure: Disclosure, tmp_path: Path) -> None:
    """Whatever may be told is told here, in every class; DCMTK reads it and the validator has no complaint."""
    source = full()
    source.SOPClassUID = sop_class_uid
    target = tmp_path / "clean.dcm"
    target.write_bytes(written(with_pixels(clean(source, disclosure=disclosure), source)))
    assert errors_of(target) == set()
    run = subprocess.run(["dcmdump", "-q", str(target)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("disclosure", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_nothing_of_a_real_header_survives(path: Path, disclosure: Disclosure) -> None:
    source = intake.read(path.read_bytes())
    made = clean(source, disclosure=disclosure)
    known = identifiers.of(source)
    if disclosure.dates is Dates.KEPT:
        known = known.without(timeline.told(made))
    assert not sweep.found(written(with_pixels(made, source)), known)


@pytest.mark.requirement("R34")
def test_codes_of_two_purposes_never_match() -> None:
    made = [clean(ultrasound(), disclosure=Disclosure.usual(purpose)) for purpose in Purpose]
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        assert len({header[keyword].value for header in made}) == len(Purpose)


@pytest.mark.requirement("R34")
def test_two_studies_of_one_patient_are_linked_for_research_only() -> None:
    later = {"StudyInstanceUID": "1.2.3.4.5.6.9", "StudyDate": "20260214"}
    own = [clean(ultrasound(**changes)) for changes in ({}, later)]
    assert own[0].PatientID != own[1].PatientID
    first, second = (
        clean(ultrasound(**changes), disclosure=Disclosure.usual(Purpose.RESEARCH)) for changes in ({}, later)
    )
    assert first.PatientID == second.PatientID
    days = [date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in (first.StudyDate, second.StudyDate)]
    assert (days[1] - days[0]).days == 31


def test_a_reference_leads_to_the_instance_as_it_is_renamed() -> None:
    research = Disclosure.usual(Purpose.RESEARCH)
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = US_IMAGE, "1.2.3.1"
    one = clean(ultrasound(SOPInstanceUID="1.2.3.1"), disclosure=research)
    other = clean(ultrasound(SOPInstanceUID="1.2.3.2", SourceImageSequence=[item]), disclosure=research)
    assert other.SourceImageSequence[0].ReferencedSOPInstanceUID == one.SOPInstanceUID


@pytest.mark.parametrize(
    ("disclosure", "codes", "temporal"),
    [
        (STRICTEST, {"113100", "113101"}, "REMOVED"),
        (Disclosure.usual(Purpose.TEACHING), {"113100", "113101", "113105", "113107"}, "MODIFIED"),
        (Disclosure.usual(Purpose.RESEARCH), {"113100", "113101", "113105", "113107", "113108"}, "MODIFIED"),
        (EVERYTHING, {"113100", "113101", "113105", "113106", "113108"}, "UNMODIFIED"),
    ],
    ids=DISCLOSURES,
)
def test_the_header_says_what_was_done(disclosure: Disclosure, codes: set[str], temporal: str) -> None:
    result = clean(full(), disclosure=disclosure)
    assert {item.CodeValue for item in result.DeidentificationMethodCodeSequence} == codes
    assert result.LongitudinalTemporalInformationModified == temporal


@pytest.mark.parametrize("disclosure", DISCLOSURES.values(), ids=DISCLOSURES)
def test_only_what_the_page_lists_is_there(disclosure: Disclosure) -> None:
    """A source with every attribute of the dictionary gives no attribute that docs/headers.md does not name."""
    source = full()
    for tag, (vr, *_) in DicomDictionary.items():
        if tag >> 16 > 2 and vr in ("CS", "DA", "DS", "IS", "LO", "PN", "SH", "UI", "US") and tag not in source:
            source[tag] = pydicom.DataElement(tag, vr, {"DA": "20260114", "PN": "A^B", "UI": "1.2.3"}.get(vr, "1"))
    told = {element.keyword for element in clean(source, disclosure=disclosure).iterall()}
    assert told - named_in_docs() == set()


def named_in_docs() -> set[str]:
    return set(re.findall(r"`([A-Z][A-Za-z0-9]+)`", (ROOT / "docs" / "headers.md").read_text(encoding="utf-8")))


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    "keyword", ["Manufacturer", "TransducerType", "Laterality", "ConversionType", "LossyImageCompression"]
)
def test_text_outside_the_defined_terms_is_dropped(keyword: str) -> None:
    source = ultrasound(SOPClassUID=SECONDARY_CAPTURE, ImageType=["ORIGINAL", "PRIMARY", "ERIKA", "LINDENHOF"])
    setattr(source, keyword, "PHILIPS ERIKA M")
    output = written(with_pixels(clean(source), source))
    assert b"ERIKA" not in output
    assert b"LINDENHOF" not in output


WORDS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=9, max_size=16).filter(
    lambda value: not value.isdigit() and not value.isalpha()
)
DISGUISES: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "wide": lambda word: word.decode().encode("utf-16-le"),
    "wide, big endian": lambda word: word.decode().encode("utf-16-be"),
    "base64": base64.b64encode,
    "hex": lambda word: word.hex().encode(),
    "inflated": zlib.compress,
    "in XML": lambda word: b"<name>" + word + b"</name>",
    "turned round": lambda word: word[::-1],
}
# a senseless character set cannot be written by pydicom; `bad_headers` has some
PUBLIC = [
    tag
    for tag in sorted(DicomDictionary)
    if tag != 0x00080005 and tag >> 16 > 0x0002 and tag >> 16 != 0xFFFE and not (tag >> 16) % 2 and tag & 0xFFFF
]
SEQUENCES = [tag for tag in PUBLIC if DicomDictionary[tag][0] == "SQ"]
# without these the file is refused, and these have no text
UNTOUCHED = {tag_for_keyword(keyword) for keyword in ultrasound().dir()} - {
    tag_for_keyword(keyword)
    for keyword in (
        "PatientName",
        "PatientSex",
        "StudyDate",
        "StudyTime",
        "Manufacturer",
        "InstitutionName",
        "ImageType",
    )
}
CARRIED = (0x00186011, 0x00082218, 0x00082220, 0x00082112, 0x00400555, 0x00540220)


@st.composite
def elements(draw: st.DrawFn) -> tuple[int, str, bytes]:
    tag = draw(st.sampled_from(PUBLIC))
    word = DISGUISES[draw(st.sampled_from(sorted(DISGUISES)))](draw(WORDS).encode())
    own = DicomDictionary[tag][0].split(" or ")
    return tag, draw(st.sampled_from([*own, "UN", "OB", "LO", "UT", "PN"])), word


HIDDEN = st.recursive(
    st.lists(elements(), max_size=4).map(lambda found: [*found]),
    lambda inner: st.lists(
        elements() | st.tuples(st.sampled_from((*CARRIED, *SEQUENCES)), st.sampled_from(("SQ", "UN")), inner),
        max_size=4,
    ),
    max_leaves=20,
)


def hide(target: Dataset, found: list[tuple[int, str, object]], *, top: bool = True) -> list[bytes]:
    """Put what was drawn into a data set, and return the words."""
    words: list[bytes] = []
    for tag, vr, held in found:
        if top and tag in UNTOUCHED:
            continue
        if isinstance(held, list):
            item = region() if tag == 0x00186011 else Dataset()
            words += hide(item, held, top=False)
            target[tag] = pydicom.DataElement(tag, "SQ", Sequence([item]))
            target[tag].VR = "SQ"
            continue
        words.append(held)
        even = held + b" " * (len(held) % 2)
        element = pydicom.DataElement(tag, "UN", even, already_converted=True)
        element.VR = vr if vr in ("OB", "UN") else "UN"
        target[tag] = element
        if vr in ("LO", "UT", "PN", "SH", "LT", "ST", "CS"):
            target[tag] = pydicom.DataElement(tag, vr, held.decode("latin-1"))
    return words


@given(found=HIDDEN, disclosure=st.sampled_from(list(DISCLOSURES.values())))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.requirement("R32")
def test_nothing_hidden_survives(found: list[tuple[int, str, object]], disclosure: Disclosure) -> None:
    """Words in any disguise, tag, representation and depth: none is in the file that is built, and no part of one."""
    source = ultrasound()
    words = hide(source, found)
    block = source.private_block(0x0019, "MAKER OF THINGS", create=True)
    for number, word in enumerate(words[:20]):
        block.add_new(number, "OB", word + b" " * (len(word) % 2))
    try:
        read = intake.read(written(source))
        made = clean(read, disclosure=disclosure)
    except Rejected:
        return
    output = written(with_pixels(made, read))
    for word in words:
        assert word not in output
        assert word[:8] not in output


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("disclosure", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_header_is_rebuilt_or_refused(data: bytes, disclosure: Disclosure) -> None:
    """Never half clean: a sound header without the word, or a reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = intake.read(data)
        except Rejected:
            return
    output = written(with_pixels(clean(read, disclosure=disclosure), read))
    assert bad_headers.CANARY.encode() not in output
    assert bad_headers.CANARY[:8].encode() not in output
    assert not sweep.found(output, identifiers.of(read)) or disclosure.dates is Dates.KEPT
    again = intake.read(output)
    assert not any(element.tag.is_private for element in again.iterall())
