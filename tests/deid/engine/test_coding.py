"""Each coding reads back as what its label says, stays lossless where the source is, and about as large."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import get_encoder
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
    JPEGLSNearLossless,
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
    dataset.PhotometricInterpretation = "RGB" if samples_per_pixel == 3 else "MONOCHROME2"
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
    if made.palette is not None:
        dataset.SamplesPerPixel = 1
        made.palette.describe(dataset)
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


def with_colours(dataset: Dataset, colours: np.ndarray) -> Dataset:
    """Make an indexed source of `dataset`, with those colours, `uint8` (any, 3), in tables of 16 bits."""
    entries = 256 if len(colours) <= 256 else 65536
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    dataset.BitsAllocated = dataset.BitsStored = 8 if entries == 256 else 16
    for place, name in enumerate(("Red", "Green", "Blue")):
        column = np.zeros(entries, "<u2")
        column[: len(colours)] = colours[:, place].astype("<u2") * 257
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [entries % 65536, 0, 16])
        setattr(dataset, f"{name}PaletteColorLookupTableData", column.tobytes())
    return dataset


def too_many_colours(dataset: Dataset) -> Dataset:
    """Make a source of `dataset` whose table has more colours than one byte tells apart."""
    return with_colours(dataset, np.stack([np.arange(300) % 256, np.arange(300) // 256, np.zeros(300)], axis=1))


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_a_palette_stays_one_plane_in_the_coding_of_its_source(syntax: UID) -> None:
    picture = coloured()
    size = picture.nbytes // 3
    dataset = with_colours(source(syntax, samples_per_pixel=1, size=size), np.unique(picture.reshape(-1, 3), axis=0))

    made = coding.coding_for(dataset, shape_of(picture), grey=False, trial=lambda: (picture,))

    coded = made.encode(picture)
    assert (made.syntax, made.photometric, made.method) == (syntax, "PALETTE COLOR", None)
    assert len(coded) <= size
    assert np.array_equal(read_back(coded, made, picture), picture)


@pytest.mark.parametrize(
    ("sop_class", "count", "photometric"),
    [("1.2.840.10008.5.1.4.1.1.7", 1, "PALETTE COLOR"), ("1.2.840.10008.5.1.4.1.1.7.4", 2, "RGB")],
    ids=["one frame", "film"],
)
def test_a_captured_film_has_no_palette(sop_class: str, count: int, photometric: str) -> None:
    picture = coloured()
    dataset = with_colours(source(RLELossless, samples_per_pixel=1), picture.reshape(-1, 3)[:50])
    dataset.SOPClassUID = sop_class

    assert coding.coding_for(dataset, shape_of(picture, count), grey=False).photometric == photometric


def test_uncompressed_palette_of_many_colours_does_not_grow_threefold() -> None:
    picture = coloured()
    dataset = too_many_colours(source(ExplicitVRLittleEndian, samples_per_pixel=1, size=picture.nbytes // 3))

    made = coding.coding_for(dataset, shape_of(picture), grey=False)

    assert (made.syntax, made.photometric) == (RLELossless, "RGB")


def speckled(rows: int = 240, columns: int = 320) -> np.ndarray:
    """Return grain all over, in three equal planes, as a grey screen behind a palette is."""
    grain = np.random.default_rng(3).integers(0, 120, (rows, columns), dtype=np.uint8)
    return np.repeat(grain[:, :, None], 3, axis=2)


@pytest.mark.parametrize(
    ("syntax", "photometric", "samples_per_pixel"),
    [
        (RLELossless, "PALETTE COLOR", 1),
        (JPEGLSLossless, "PALETTE COLOR", 1),
        (JPEGLosslessSV1, "PALETTE COLOR", 1),
        (ExplicitVRLittleEndian, "PALETTE COLOR", 1),
        (RLELossless, "YBR_FULL", 3),
        (ExplicitVRLittleEndian, "YBR_FULL_422", 3),
    ],
)
@pytest.mark.parametrize("picture", [speckled(), coloured()], ids=["grain", "screen"])
def test_one_plane_that_becomes_three_does_not_grow_threefold(
    syntax: UID, photometric: str, samples_per_pixel: int, picture: np.ndarray
) -> None:
    """What the planes of indices or of even colours took in their own coding is the measure."""
    plane = np.ascontiguousarray(picture[:, :, 0])
    grey = source(syntax, samples_per_pixel=1, size=plane.size)
    alone = coding.coding_for(grey, shape_of(picture), grey=True).encode(plane)
    room = plane.size * (2 if photometric == "YBR_FULL_422" else 1)
    size = room if syntax == ExplicitVRLittleEndian else len(alone)
    dataset = source(syntax, samples_per_pixel=samples_per_pixel, size=size)
    dataset.PhotometricInterpretation = photometric
    if photometric == "PALETTE COLOR":
        too_many_colours(dataset)

    made = coding.coding_for(dataset, shape_of(picture), grey=False, trial=lambda: (picture,))

    coded = made.encode(picture)
    assert len(coded) <= 1.2 * size
    assert made.method is None
    assert np.array_equal(read_back(coded, made, picture), picture)


def test_the_smallest_is_taken_where_nothing_is_small_enough() -> None:
    dataset = too_many_colours(source(RLELossless, samples_per_pixel=1, size=10))

    made = coding.coding_for(dataset, shape_of(speckled()), grey=False, trial=lambda: (speckled(),))

    assert made.syntax == JPEG2000Lossless


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(32, 48),
    columns=st.integers(32, 48),
    grey=st.booleans(),
    syntax=st.sampled_from([ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless, JPEGLosslessSV1]),
)
@settings(deadline=None, max_examples=60)
def test_no_lossless_coding_changes_any_picture(seed: int, rows: int, columns: int, grey: bool, syntax: UID) -> None:
    """Noise, even areas and edges in one picture, of any size."""
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    picture[: rows // 2] = random.integers(0, 256, 3)
    shown = np.ascontiguousarray(picture[:, :, 0]) if grey else picture
    dataset = source(syntax, samples_per_pixel=1 if grey else 3, size=shown.nbytes)

    made = coding.coding_for(dataset, shape_of(picture), grey=grey)

    seen = read_back(made.encode(shown), made, shown)
    assert np.array_equal(seen[:, :, 0] if grey else seen, shown)


@pytest.mark.parametrize("near", [1, 3])
@pytest.mark.parametrize("grey", [True, False])
def test_near_lossless_stays_as_near(near: int, grey: bool) -> None:
    picture = np.ascontiguousarray(coloured()[:, :, 0]) if grey else coloured()
    coded = get_encoder(JPEGLSNearLossless).encode(
        picture,
        rows=picture.shape[0],
        columns=picture.shape[1],
        samples_per_pixel=1 if grey else 3,
        photometric_interpretation="MONOCHROME2" if grey else "RGB",
        number_of_frames=1,
        bits_allocated=8,
        bits_stored=8,
        pixel_representation=0,
        planar_configuration=0,
        jls_error=near,
    )
    dataset = source(JPEGLSNearLossless, samples_per_pixel=1 if grey else 3)
    dataset.PixelData = encapsulate([coded])

    made = coding.coding_for(dataset, shape_of(picture), grey=grey)

    again = made.encode(picture)
    assert (made.syntax, made.method) == (JPEGLSNearLossless, "ISO_14495_1")
    assert len(again) <= 1.05 * len(coded)
    seen = read_back(again, made, picture)
    assert np.abs((seen[:, :, 0] if grey else seen).astype(int) - picture).max() <= near


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


def test_extended_jpeg_of_eight_bits_becomes_baseline_with_its_own_tables() -> None:
    dataset = jpeg_source(coloured(), quality=70, subsampling=0)
    dataset.file_meta.TransferSyntaxUID = JPEGExtended12Bit

    made = coding.coding_for(dataset, shape_of(coloured()), grey=False)

    assert (made.syntax, made.photometric) == (JPEGBaseline8Bit, "YBR_FULL")
    assert len(made.encode(coloured())) <= 1.02 * len(dataset.PixelData)


def test_codes_fitted_to_the_picture_are_fitted_again() -> None:
    picture = np.tile(coloured(), (4, 4, 1))
    usual, fitted = (jpeg_source(picture, quality=90, optimize=optimize) for optimize in (False, True))

    sizes = [len(coding.coding_for(each, shape_of(picture), grey=False).encode(picture)) for each in (usual, fitted)]

    assert sizes[1] < sizes[0]


def test_codes_are_fitted_to_a_small_picture_of_which_the_usual_ones_are_a_large_part() -> None:
    small = np.ascontiguousarray(coloured()[:96, :128])
    dataset = jpeg_source(small, quality=90)

    coded = coding.coding_for(dataset, shape_of(small), grey=False).encode(small)

    assert len(coded) <= len(dataset.PixelData) - 300


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
    made = coding.coding_for(dataset, film.shape, grey=film.grey, trial=lambda: film.spread(3))
    shown = film.spread(3)

    coded = [made.encode(np.ascontiguousarray(frame[:, :, 0] if film.grey else frame)) for frame in shown]

    share = len(dataset.PixelData) * len(shown) / len(film)
    # a palette film in runs takes most, with its whole screen kept
    assert sum(map(len, coded)) <= 1.4 * share
