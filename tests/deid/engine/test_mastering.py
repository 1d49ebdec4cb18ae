"""The master has the source's size, new pixels, and a header that describes them truly."""

import io

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    RLELossless,
    UltrasoundMultiFrameImageStorage,
)

from deid.engine import frames
from deid.engine.errors import Held, HoldReason
from deid.engine.frames import Shape
from deid.engine.mastering import Master

SHAPE = Shape(rows=31, columns=41, count=3, rate=25.0)


def source(syntax: UID, size: int = 31 * 41 * 9, **values: object) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SamplesPerPixel = 3
    dataset.PhotometricInterpretation = "RGB"
    dataset.PixelData = encapsulate([jpeg()]) if syntax == JPEGExtended12Bit else b"\0" * size
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def jpeg() -> bytes:
    """Return a JPEG of good quality, whose tables are used again."""
    buffer = io.BytesIO()
    Image.new("RGB", (41, 31)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def header(name: str = "") -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.SOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.SOPInstanceUID = UID("2.25.1")
    dataset.PatientName = name
    return dataset


def film(shape: Shape = SHAPE) -> list[np.ndarray]:
    base = np.zeros((shape.rows, shape.columns, 3), np.uint8)
    base[:, :, 0] = np.linspace(0, 200, shape.columns).astype(np.uint8)
    return [base + index for index in range(shape.count)]


def filled(dataset: Dataset, shape: Shape = SHAPE, *, grey: bool = False) -> Master:
    master = Master(dataset, shape, grey=grey)
    for frame in film(shape):
        master.add(frame)
    return master


def mastered(dataset: Dataset, shape: Shape = SHAPE, *, grey: bool = False) -> Dataset:
    return dcmread(io.BytesIO(filled(dataset, shape, grey=grey).finish(header())))


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEGLosslessSV1, JPEGExtended12Bit])
def test_master_reads_back_as_it_was_meant(syntax: UID) -> None:
    master = filled(source(syntax))
    dataset = dcmread(io.BytesIO(master.finish(header())))

    found = list(frames.open_frames(dataset, max_pixels=10**9))

    assert master.syntax == dataset.file_meta.TransferSyntaxUID
    assert (len(found), dataset.NumberOfFrames) == (3, 3)
    for shown, meant in zip(found, film(), strict=True):
        assert np.abs(shown.astype(int) - meant).mean() <= (3 if master.lossy else 0)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
def test_coded_frame_is_seen_as_a_reader_sees_it(syntax: UID) -> None:
    master = Master(source(syntax), SHAPE, grey=False)
    frame = film()[1]

    assert np.array_equal(master.seen(master.add(frame)), frame)


def test_broken_frame_is_not_seen() -> None:
    master = Master(source(JPEGExtended12Bit), SHAPE, grey=False)

    with pytest.raises(Held) as caught:
        master.seen(b"no picture")
    assert caught.value.reason is HoldReason.RENDER_FAILED


def test_same_pixels_take_another_header() -> None:
    master = filled(source(RLELossless))

    first, second = master.finish(header("One")), master.finish(header("Another, longer"))

    assert dcmread(io.BytesIO(second)).PatientName == "Another, longer"
    assert dcmread(io.BytesIO(first)).PixelData == dcmread(io.BytesIO(second)).PixelData


def test_frames_missing_or_too_many_are_held() -> None:
    master = Master(source(RLELossless), SHAPE, grey=False)
    frame, *_ = film()

    with pytest.raises(Held):
        master.finish(header())
    for _ in range(3):
        master.add(frame)
    with pytest.raises(Held):
        master.add(frame)


def test_frame_of_another_size_is_held() -> None:
    with pytest.raises(Held):
        Master(source(RLELossless), SHAPE, grey=False).add(np.zeros((5, 5, 3), np.uint8))


@pytest.mark.requirement("R33")
def test_new_loss_follows_the_sources_own() -> None:
    dataset = mastered(
        source(JPEGExtended12Bit, LossyImageCompressionRatio="9.5", LossyImageCompressionMethod="ISO_15444_1")
    )

    assert dataset.LossyImageCompression == "01"
    assert list(dataset.LossyImageCompressionMethod) == ["ISO_15444_1", "ISO_10918_1"]
    assert float(dataset.LossyImageCompressionRatio[0]) == 9.5
    assert float(dataset.LossyImageCompressionRatio[1]) > 1


@pytest.mark.parametrize(
    "values",
    [
        {"LossyImageCompressionRatio": "9.5", "LossyImageCompressionMethod": "MEYER_ANNA"},
        {"LossyImageCompressionRatio": ["9.5", "3"], "LossyImageCompressionMethod": "ISO_10918_1"},
        {"LossyImageCompressionRatio": "19840101", "LossyImageCompressionMethod": "ISO_10918_1"},
    ],
    ids=["method", "count", "ratio"],
)
def test_steps_that_make_no_sense_are_left_out(values: dict[str, object]) -> None:
    assert "LossyImageCompressionRatio" not in mastered(source(RLELossless, **values))


def test_source_whose_coding_cannot_be_taken_up_is_held() -> None:
    broken = source(JPEGExtended12Bit)
    broken.PixelData = encapsulate([b"no picture at all"])

    with pytest.raises(Held) as caught:
        Master(broken, SHAPE, grey=False)
    assert caught.value.reason is HoldReason.RENDER_FAILED


def test_grey_source_stays_grey() -> None:
    shape = Shape(rows=3, columns=3, count=1, rate=25.0)

    dataset = mastered(source(ExplicitVRLittleEndian, 9, SamplesPerPixel=1), shape, grey=True)

    assert dataset.PhotometricInterpretation == "MONOCHROME2"
    assert dataset.SamplesPerPixel == 1
    assert "PlanarConfiguration" not in dataset
    assert "NumberOfFrames" not in dataset
    assert len(dataset.PixelData) == 10
