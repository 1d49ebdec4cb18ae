"""Every public file and every phantom leaves as good DICOM, as other programs judge it, and hardly larger."""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import JPEG2000, JPEGBaseline8Bit

from deid.engine import bareness, reheading
from deid.engine.disclosure import Disclosure, Purpose
from deid.engine.geometry import Box, Why
from deid.phantoms.studies import demo_files
from tests import samples
from tests.conformance import road

pytestmark = pytest.mark.requirement("R33")

PUBLIC = {path.stem: path for path in samples.ultrasound()}
PHANTOMS = 9
NAMES = [*PUBLIC, *(f"phantom {number}" for number in range(1, PHANTOMS + 1))]
GROWTH = 1.2
# tones by which a picture changes when it is coded again in the way of its source, on average
AGAIN = {"ISO_10918_1": 0.3, "ISO_15444_1": 0.6}


@cache
def phantoms() -> list[bytes]:
    return list(demo_files("Klinikum Lindenhof"))


@cache
def pair(name: str) -> tuple[bytes, bytes, np.ndarray]:
    """Return source, master with everything kept but a box in the middle, and the mask of what is no box."""
    source = PUBLIC[name].read_bytes() if name in PUBLIC else phantoms()[int(name.split()[1]) - 1]
    header = dcmread(io.BytesIO(source), stop_before_pixels=True)
    rows, columns = header.Rows, header.Columns
    box = Box(
        columns // 3, rows // 3, columns // 6, rows // 12, 0, int(header.get("NumberOfFrames", 1)) - 1, Why.MANUAL
    )
    kept = np.ones((rows, columns), np.bool_)
    mask = kept.copy()
    mask[box.y : box.y + box.h, box.x : box.x + box.w] = False
    return source, road.cleaned(source, kept, [box]), mask


def errors(data: bytes, folder: Path) -> set[str]:
    """Return what the validator of dicom3tools calls errors."""
    file = folder / "judged.dcm"
    file.write_bytes(data)
    said = subprocess.run(["dciodvfy", "-new", file], capture_output=True, check=False)
    lines = (said.stdout + said.stderr).decode("utf-8", "replace").splitlines()
    return {line for line in lines if line.startswith("Error")}


def test_there_are_as_many_phantoms_as_named() -> None:
    assert len(phantoms()) == PHANTOMS


@pytest.mark.parametrize("name", NAMES)
def test_the_validator_finds_no_error_that_the_source_did_not_have(name: str, tmp_path: Path) -> None:
    source, master, _ = pair(name)

    assert errors(master, tmp_path) <= errors(source, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_header_that_tells_more_has_no_error_of_its_own_either(name: str, tmp_path: Path) -> None:
    """Research tells the most of the purposes for which the portal hands files over."""
    source, master, _ = pair(name)

    told = reheading.reheaded(source, master, disclosure=Disclosure.usual(Purpose.RESEARCH), secret=b"the tests' own")

    assert errors(told, tmp_path) <= errors(source, tmp_path)
    assert len(told) <= GROWTH * len(source)


@pytest.mark.parametrize("name", NAMES)
def test_dcmtk_reads_the_whole_file_without_a_complaint(name: str, tmp_path: Path) -> None:
    file = tmp_path / "read.dcm"
    file.write_bytes(pair(name)[1])

    read = subprocess.run(["dcmdump", file], capture_output=True, check=True)

    assert not read.stderr


@pytest.mark.parametrize("name", NAMES)
def test_the_master_is_hardly_larger_than_its_source(name: str) -> None:
    """With everything kept; in the portal most of a screen round the picture is black, which takes less room."""
    source, master, _ = pair(name)

    assert len(master) <= GROWTH * len(source)
    assert bareness.is_bare(master)


@pytest.mark.parametrize("name", NAMES)
def test_pixels_that_nobody_covered_are_those_of_the_source(name: str) -> None:
    source, master, mask = pair(name)
    dataset = dcmread(io.BytesIO(master))
    methods = dataset.get("LossyImageCompressionMethod", None)
    lossy = dataset.file_meta.TransferSyntaxUID in (JPEGBaseline8Bit, JPEG2000)

    for after, before in zip(road.pictures(master), road.pictures(source), strict=True):
        off = np.abs(after[mask].astype(int) - before[mask])
        assert off.mean() <= AGAIN[np.atleast_1d(methods)[-1]] if lossy else not off.any()
