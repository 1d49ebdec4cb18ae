"""Each coding reads back as what its label says, stays lossless where the source is, and about as large."""

import io

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from deid.engine import coding, frames
from deid.engine.coding import Coding
from tests import samples
from tests.deid.engine.screens import speckle


def source(syntax: UID, *, samples_per_pixel: int = 3, size: int = 1000, **values: str) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SamplesPerPixel = samples_per_pixel
    dataset.PixelData = b"\0" * size
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def jpeg_source(picture: np.ndarray, **options: int) -> Dataset:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", **options)
    dataset = source(JPEGBaseline8Bit)
    dataset.PixelData = encapsulate([buffer.getvalue()])
    return dataset


def shape_of(picture: np.ndarray, count: int = 1) -> frames.Shape:
    return frames.Shape(rows=picture.shape[0], columns=picture.shape[1], count=count, rate=25.0)


def read_back(coded: bytes, made: Coding, picture: np.ndarray) -> np.ndarray:
    dataset = source(made.syntax, samples_per_pixel=1 if picture.ndim == 2 else 3)
    dataset.Rows, dataset.Columns = picture.shape[:2]
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = made.photometric, made.planar
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = encapsulate([coded]) if made.syntax.is_encapsulated else coded
    (seen,) = frames.open_frames(dataset, max_pixels=10**8)
    return seen


def coloured() -> np.ndarray:
    picture = speckle(5)
    picture[40:90, 30:200] = (200, 30, 60)
    return picture


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (ExplicitVRLittleEndian, ExplicitVRLittleEndian),
        (ImplicitVRLittleEndian, ExplicitVRLittleEndian),
        (RLELossless, RLELossless),
        (JPEGLosslessSV1, JPEGLSLossless),
        (JPEGLSLossless, JPEGLSLossless),
        (JPEG2000Lossless, JPEG2000Lossless),
    ],
)
@pytest.mark.parametrize("grey", [True, False])
def test_lossless_source_stays_lossless(given: UID, expected: UID, grey: bool) -> None:
    picture = coloured()
    dataset = source(given, samples_per_pixel=1 if grey else 3, size=picture.nbytes)

    made = coding.coding_for(dataset, shape_of(picture), grey=grey)

    shown = np.ascontiguousarray(picture[:, :, 0]) if grey else picture
    seen = read_back(made.encode(shown), made, shown)
    assert (made.syntax, made.method) == (expected, None)
    assert np.array_equal(seen[:, :, 0] if grey else seen, shown)


def test_uncompressed_palette_does_not_grow_threefold() -> None:
    picture = coloured()

    made = coding.coding_for(
        source(ExplicitVRLittleEndian, samples_per_pixel=1, size=picture.nbytes // 3), shape_of(picture), grey=False
    )

    assert made.syntax == RLELossless


def test_palette_in_runs_becomes_jpeg_ls() -> None:
    made = coding.coding_for(source(RLELossless, samples_per_pixel=1), shape_of(coloured()), grey=False)

    assert made.syntax == JPEGLSLossless


def test_film_too_large_to_stay_uncompressed_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = coloured()
    monkeypatch.setattr(coding, "_LARGEST", picture.nbytes - 1)

    made = coding.coding_for(source(ExplicitVRLittleEndian, size=picture.nbytes), shape_of(picture), grey=False)

    assert made.syntax == RLELossless


@pytest.mark.parametrize(("subsampling", "label"), [(0, "YBR_FULL"), (1, "YBR_FULL_422"), (2, "YBR_FULL_422")])
@pytest.mark.parametrize("quality", [60, 95])
def test_jpeg_keeps_the_sources_tables(subsampling: int, label: str, quality: int) -> None:
    dataset = jpeg_source(coloured(), quality=quality, subsampling=subsampling)
    picture = coloured()
    dataset.Rows, dataset.Columns, dataset.PhotometricInterpretation = *picture.shape[:2], "YBR_FULL_422"
    dataset.BitsAllocated = dataset.BitsStored = 8
    (shown,) = frames.open_frames(dataset, max_pixels=10**8)

    made = coding.coding_for(dataset, shape_of(picture), grey=False)

    coded = made.encode(shown)
    assert (made.syntax, made.photometric, made.method) == (JPEGBaseline8Bit, label, "ISO_10918_1")
    assert len(coded) <= 1.1 * len(dataset.PixelData)
    # coded again with the same tables, nearly every pixel stays what it was
    assert np.abs(read_back(coded, made, shown).astype(int) - shown).mean() < 1


def test_other_lossy_jpeg_is_coded_well() -> None:
    made = coding.coding_for(source(JPEGExtended12Bit), shape_of(coloured()), grey=True)

    grey = np.ascontiguousarray(coloured()[:, :, 0])
    assert (made.syntax, made.photometric) == (JPEGBaseline8Bit, "MONOCHROME2")
    assert np.abs(read_back(made.encode(grey), made, grey)[:, :, 0].astype(int) - grey).mean() < 3


def test_lossy_jpeg_2000_keeps_its_size() -> None:
    picture = coloured()
    dataset = source(JPEG2000, size=picture.nbytes // 12, LossyImageCompression="01")

    made = coding.coding_for(dataset, shape_of(picture), grey=False)

    coded = made.encode(picture)
    assert (made.syntax, made.photometric, made.method) == (JPEG2000, "YBR_ICT", "ISO_15444_1")
    assert len(coded) <= 1.2 * picture.nbytes / 12
    assert np.abs(read_back(coded, made, picture).astype(int) - picture).mean() < 6


def test_jpeg_2000_that_lost_nothing_stays_so() -> None:
    dataset = source(JPEG2000, LossyImageCompression="00")

    assert coding.coding_for(dataset, shape_of(coloured()), grey=False).syntax == JPEG2000Lossless


@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_public_files_hardly_grow(path: object) -> None:
    dataset = dcmread(str(path))
    film = frames.open_frames(dataset, max_pixels=10**9)
    made = coding.coding_for(dataset, film.shape, grey=film.grey)
    shown = film.spread(3)

    coded = [made.encode(np.ascontiguousarray(frame[:, :, 0] if film.grey else frame)) for frame in shown]

    share = len(dataset.PixelData) * len(shown) / len(film)
    assert sum(map(len, coded)) <= 1.5 * share
