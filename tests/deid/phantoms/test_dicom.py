"""Painted screens as files."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import Person, invent_person
from deid.phantoms.spec import Phantom, Spec, Subject

PERSON = Person("Grünewald^Elin", "73-668500", "20020121", "A12345678")


@pytest.fixture(scope="module", params=[1, 3], ids=["still", "cine"])
def phantom(request: pytest.FixtureRequest) -> Phantom:
    return paint(Spec(PERSON, width=400, height=321, frames=request.param))


def read(data: bytes) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(data))


@pytest.mark.parametrize("packing", Packing)
@pytest.mark.parametrize("regions", [True, False])
def test_the_validator_finds_no_error(phantom: Phantom, packing: Packing, regions: bool, tmp_path: Path) -> None:
    file = tmp_path / "phantom.dcm"
    file.write_bytes(to_dicom(phantom, PERSON, Wrapping(packing, regions=regions)))
    found = subprocess.run(["dciodvfy", str(file)], capture_output=True, text=True, check=False)
    assert "Error" not in found.stdout + found.stderr
    assert "US" in found.stderr


def test_uncompressed_pixels_come_back_unchanged(phantom: Phantom) -> None:
    pixels = read(to_dicom(phantom, PERSON)).pixel_array
    assert (pixels.reshape(phantom.frames.shape) == phantom.frames).all()


def test_grey_pixels_keep_the_brightness(phantom: Phantom) -> None:
    pixels = read(to_dicom(phantom, PERSON, Wrapping(Packing.MONOCHROME2))).pixel_array
    grey = pixels.reshape(phantom.frames.shape[:3]).astype(int)
    assert np.abs(grey - phantom.frames.mean(axis=3)).max() < 110
    assert np.abs(grey - phantom.frames.mean(axis=3)).mean() < 4


def test_jpeg_says_that_it_lost_something_and_stays_close(phantom: Phantom) -> None:
    file = read(to_dicom(phantom, PERSON, Wrapping(Packing.JPEG)))
    assert file.LossyImageCompression == "01"
    assert float(file.LossyImageCompressionRatio) > 2
    pixels = file.pixel_array.reshape(phantom.frames.shape).astype(int)
    assert np.abs(pixels - phantom.frames).mean() < 6


def test_identity_stands_in_the_header_and_in_private_copies(phantom: Phantom) -> None:
    file = read(to_dicom(phantom, PERSON))
    assert str(file.PatientName) == "Grünewald^Elin"
    assert file.PatientBirthDate == "20020121"
    block = file.private_block(0x0019, "NORRLAND ACOUSTICS 1.0")
    assert block[0x01].value == "GRÜNEWALD, Elin"
    assert file.BurnedInAnnotation == "YES"


def test_regions_and_private_copies_can_be_left_out(phantom: Phantom) -> None:
    file = read(to_dicom(phantom, PERSON, Wrapping(regions=False, private=False)))
    assert "SequenceOfUltrasoundRegions" not in file
    assert not [element for element in file if element.tag.is_private]


def test_the_same_order_gives_the_same_bytes_and_studies_keep_together(phantom: Phantom) -> None:
    one, two = (to_dicom(phantom, PERSON, Wrapping(number=number)) for number in (1, 2))
    assert one == to_dicom(phantom, PERSON, Wrapping(number=1))
    assert read(one).StudyInstanceUID == read(two).StudyInstanceUID
    assert read(one).SOPInstanceUID != read(two).SOPInstanceUID
    other = to_dicom(phantom, invent_person(8), Wrapping())
    assert read(one).StudyInstanceUID != read(other).StudyInstanceUID


def test_an_uninked_picture_says_so() -> None:
    bare = paint(Spec(PERSON, width=320, height=240, subject=Subject.SPINE))
    assert read(to_dicom(bare, PERSON)).BurnedInAnnotation == "YES"
    bare = paint(replace(bare.spec, inked=False))
    assert read(to_dicom(bare, PERSON)).BurnedInAnnotation == "NO"
