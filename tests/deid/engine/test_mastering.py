"""The master has the source's size, new pixels, and a header that describes them truly."""

import io

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
    UltrasoundMultiFrameImageStorage,
)

from deid.engine import frames
from deid.engine.frames import Shape
from deid.engine.mastering import Master


def source(syntax: UID, size: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = b"\0" * size
    return dataset


def header(count: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.SOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.SOPInstanceUID = UID("2.25.1")
    dataset.NumberOfFrames = count
    return dataset


def film(shape: Shape) -> list[np.ndarray]:
    base = np.zeros((shape.rows, shape.columns, 3), np.uint8)
    base[:, :, 0] = np.linspace(0, 200, shape.columns).astype(np.uint8)
    return [base + index for index in range(shape.count)]


def mastered(syntax: UID, size: int, shape: Shape, *, grey: bool = False) -> tuple[Dataset, Master]:
    master = Master(source(syntax, size), shape, grey=grey)
    for frame in film(shape):
        master.add(frame)
    return dcmread(io.BytesIO(master.finish(header(shape.count)))), master


@pytest.mark.parametrize(
    ("syntax", "size", "rows", "expected"),
    [
        (ExplicitVRLittleEndian, 120001, 31, ExplicitVRLittleEndian),
        (JPEGBaseline8Bit, 5000, 31, JPEGBaseline8Bit),
        (JPEGBaseline8Bit, 5000, 1200, JPEGBaseline8Bit),
        (RLELossless, 5000, 1200, JPEGLSLossless),
    ],
)
def test_master_reads_back_as_it_was_meant(syntax: UID, size: int, rows: int, expected: UID) -> None:
    shape = Shape(rows=rows, columns=1201, count=3, rate=25.0)

    dataset, master = mastered(syntax, size, shape)

    found = list(frames.open_frames(dataset, max_pixels=10**9))
    assert master.syntax == dataset.file_meta.TransferSyntaxUID == expected
    assert len(found) == 3
    for shown, meant in zip(found, film(shape), strict=True):
        assert np.abs(shown.astype(int) - meant).mean() <= (3 if master.lossy else 0)


def test_new_loss_is_recorded() -> None:
    dataset, _ = mastered(JPEGBaseline8Bit, 5000, Shape(rows=1200, columns=1201, count=3, rate=25.0))

    assert dataset.LossyImageCompression == "01"
    assert dataset.LossyImageCompressionMethod == "ISO_10918_1"
    assert dataset.PhotometricInterpretation == "YBR_FULL_422"


def test_grey_source_stays_grey() -> None:
    dataset, _ = mastered(ExplicitVRLittleEndian, 9, Shape(rows=3, columns=3, count=1, rate=25.0), grey=True)

    assert dataset.PhotometricInterpretation == "MONOCHROME2"
    assert dataset.SamplesPerPixel == 1
    assert "PlanarConfiguration" not in dataset
    assert len(dataset.PixelData) == 10
