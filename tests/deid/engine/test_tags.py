"""The clean header holds what a picture needs and nothing of the source beyond numbers and defined terms."""

import shutil
import subprocess
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.datadict import DicomDictionary, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.engine import identifiers, intake, sweep, tags
from deid.engine.disclosure import STRICTEST, Disclosure
from tests import samples
from tests.deid.engine.headers import SECONDARY_CAPTURE, region, ultrasound, with_pixels, written

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


@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="the validator of dicom3tools is not installed")
def test_the_validator_finds_no_new_errors(path: Path, tmp_path: Path) -> None:
    source = intake.read(path.read_bytes())
    target = tmp_path / "clean.dcm"
    target.write_bytes(written(with_pixels(clean(source), source)))
    assert errors_of(target) <= errors_of(path)


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_nothing_of_a_real_header_survives(path: Path) -> None:
    source = intake.read(path.read_bytes())
    output = written(with_pixels(clean(source), source))
    assert not sweep.found(output, identifiers.of(source))


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


TEXT_VRS = ("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT", "DA", "TM", "DT", "UN")
PLANTED = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=9, max_size=16).filter(
    lambda value: not value.isdigit() and not value.isalpha()
)
PUBLIC_TAGS = st.sampled_from(
    sorted(
        tag
        for tag, entry in DicomDictionary.items()
        if entry[0] in TEXT_VRS and tag >> 16 not in (0x0000, 0x0002, 0xFFFE) and not (tag >> 16) % 2
    )
)
SEQUENCE_TAGS = st.sampled_from(
    sorted(tag for tag, entry in DicomDictionary.items() if entry[0] == "SQ" and tag >> 16 > 0x0002)
)


def plant(target: Dataset, tag: int, value: str) -> None:
    vr = dictionary_VR(tag)
    content: object = value.encode() if vr in ("UN", "OB") else value
    target[tag] = pydicom.DataElement(tag, vr, content)


@given(
    flat=st.dictionaries(PUBLIC_TAGS, PLANTED, max_size=8),
    deep=st.dictionaries(SEQUENCE_TAGS, st.tuples(PUBLIC_TAGS, PLANTED), max_size=5),
    private=st.dictionaries(st.integers(0x1000, 0x10FF), PLANTED, max_size=5),
    vr=st.sampled_from(["LO", "PN", "UT", "UN", "OB"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.requirement("R32")
def test_nothing_planted_survives(
    flat: dict[int, str], deep: dict[int, tuple[int, str]], private: dict[int, str], vr: str
) -> None:
    source = ultrasound()
    kept = {"SOPClassUID", "PhotometricInterpretation"}
    for tag, value in flat.items():
        if pydicom.datadict.keyword_for_tag(tag) not in kept:
            plant(source, tag, value)
    for sequence, (tag, value) in deep.items():
        item = region() if sequence == 0x00186011 else Dataset()
        plant(item, tag, value)
        source[sequence] = pydicom.DataElement(sequence, "SQ", Sequence([item]))
    block = source.private_block(0x0019, "MAKER OF THINGS", create=True)
    for offset, value in private.items():
        block.add_new(offset & 0xFF, vr, value.encode() if vr in ("UN", "OB") else value)
    output = written(with_pixels(clean(source), source))
    for value in (*flat.values(), *(pair[1] for pair in deep.values()), *private.values()):
        assert value.encode() not in output
