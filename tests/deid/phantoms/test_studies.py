"""The demo's two studies."""

import io

import pydicom
import pytest

from deid.phantoms.studies import FIRST, SECOND, demo_files


@pytest.fixture(scope="module")
def files() -> list[pydicom.FileDataset]:
    return [pydicom.dcmread(io.BytesIO(data)) for data in demo_files("Marrow Lane Imaging")]


def test_two_patients_have_stills_and_a_cine_in_one_study_each(files: list[pydicom.FileDataset]) -> None:
    assert {file.PatientID for file in files} == {FIRST.record_number, SECOND.record_number}
    assert len({file.StudyInstanceUID for file in files}) == 2
    assert sum("NumberOfFrames" not in file for file in files) >= 5
    assert sum("NumberOfFrames" in file for file in files) >= 1
    assert len({file.SOPInstanceUID for file in files}) == len(files)


def test_some_pictures_come_without_regions(files: list[pydicom.FileDataset]) -> None:
    assert sum("SequenceOfUltrasoundRegions" not in file for file in files) == 2


def test_the_files_are_always_the_same(files: list[pydicom.FileDataset]) -> None:
    again = next(demo_files("Marrow Lane Imaging"))
    assert pydicom.dcmread(io.BytesIO(again)).PixelData == files[0].PixelData
