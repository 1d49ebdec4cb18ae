"""Every colour model and syntax comes out as the RGB picture that a viewer would show."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit

from deid.engine import frames
from deid.engine.errors import Held, HoldReason, Rejected
from tests.deid.engine.headers import ultrasound


def public(name: str) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dcmread(get_testdata_file(name, download=False))


def grey(values: np.ndarray, *, bits: int = 8, colour: str = "MONOCHROME2") -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = colour
    dataset.BitsAllocated = 8 if bits <= 8 else 16
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = bits, bits - 1, 0
    dataset.PixelData = values.astype(np.uint8 if bits <= 8 else "<u2").tobytes()
    return dataset


def shown(dataset: Dataset) -> np.ndarray:
    return next(iter(frames.open_frames(dataset, max_pixels=10**9)))


@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb.dcm",
        "SC_rgb_dcmtk_ebcr_dcmd.dcm",
        "SC_rgb_expb.dcm",
        "SC_rgb_rle.dcm",
        "SC_ybr_full_uncompressed.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "SC_rgb_dcmtk_+eb+cr.dcm",
        "SC_rgb_dcmtk_+eb+cy+n1.dcm",
        "SC_rgb_dcmtk_+eb+cy+np.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "SC_rgb_jls_lossy_line.dcm",
        "SC_rgb_gdcm_KY.dcm",
    ],
)
def test_red_stays_red_in_every_packing(name: str) -> None:
    picture = shown(public(name))

    assert picture.shape == (100, 100, 3)
    assert picture.dtype == np.uint8
    assert picture[5, 5, 0] > 250
    assert picture[5, 5, 1:].max() < 5
    assert picture[-5, -5].min() > 250


@pytest.mark.parametrize("name", ["OBXXXX1A.dcm", "OBXXXX1A_expb.dcm", "OBXXXX1A_rle.dcm"])
def test_palette_is_looked_up(name: str) -> None:
    assert tuple(shown(public(name))[5, 5]) == (37, 62, 94)


def test_lossless_jpeg_of_eight_bits_is_decoded() -> None:
    picture = shown(public("JPGLosslessP14SV1_1s_1f_8b.dcm"))

    assert picture.shape == (768, 1024, 3)
    assert picture.max() == 255
    assert picture[:5, :5].max() == 0


@pytest.mark.parametrize("name", ["US1_J2KR.dcm", "US1_UNCR.dcm"])
def test_jpeg_2000_equals_its_uncompressed_twin(name: str) -> None:
    assert np.array_equal(shown(public(name)), shown(public("US1_UNCR.dcm")))


def test_monochrome1_is_turned_round() -> None:
    values = np.array([[0, 255], [100, 7]])

    assert shown(grey(values, colour="MONOCHROME1"))[:, :, 0].tolist() == [[255, 0], [155, 248]]


def test_deep_greys_are_spread_over_eight_bits() -> None:
    values = np.array([[100, 1100], [600, 100]])

    assert shown(grey(values, bits=12))[:, :, 0].tolist() == [[0, 255], [128, 0]]


def test_window_is_applied() -> None:
    dataset = grey(np.array([[0, 4095], [2000, 3000]]), bits=12)
    dataset.WindowCenter, dataset.WindowWidth = 2048, 1000

    picture = shown(dataset)[:, :, 0]

    assert picture[0, 0] == 0
    assert picture[0, 1] == 255
    assert 110 < picture[1, 0] < 125


def test_bits_above_those_stored_are_ignored() -> None:
    dataset = grey(np.array([[0x1FFF, 0xF000], [0x0FFF, 0]]), bits=12)

    assert shown(dataset)[:, :, 0].tolist() == [[255, 0], [255, 0]]


def test_spread_takes_first_and_last_frame() -> None:
    film = frames.open_frames(public("OBXXXX1A_2frame.dcm"), max_pixels=10**9)

    assert len(film.spread(9)) == len(film) == 2
    assert len(list(film)) == len(list(film))


@pytest.mark.parametrize(
    ("keyword", "value", "rate"),
    [("FrameTime", "40", 25.0), ("CineRate", "31", 31.0), ("FrameTime", "0", 25.0), ("CineRate", "9000", 25.0)],
)
def test_frame_rate_is_the_sources_where_it_is_sane(keyword: str, value: str, rate: float) -> None:
    dataset = Dataset()
    setattr(dataset, keyword, value)

    assert frames.frame_rate(dataset) == rate


def held(dataset: Dataset) -> HoldReason:
    with pytest.raises(Held) as caught:
        list(frames.open_frames(dataset, max_pixels=10**9))
    return caught.value.reason


def test_unknown_syntax_is_held() -> None:
    dataset = grey(np.zeros((4, 4)))
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.106")

    assert held(dataset) is HoldReason.UNKNOWN_SYNTAX


def test_unknown_colour_is_held() -> None:
    assert held(grey(np.zeros((4, 4)), colour="CMYK")) is HoldReason.UNSUPPORTED_COLOUR


def test_short_pixel_data_are_held() -> None:
    dataset = grey(np.zeros((4, 4)))
    dataset.PixelData = b"\0" * 6

    assert held(dataset) is HoldReason.UNDECODABLE


def test_broken_jpeg_is_held() -> None:
    dataset = public("JPGLosslessP14SV1_1s_1f_8b.dcm")
    dataset.PixelData = dataset.PixelData[:200] + b"\0" * 400

    assert held(dataset) is HoldReason.UNDECODABLE


def test_too_many_pixels_are_refused_before_decoding() -> None:
    with pytest.raises(Rejected):
        frames.open_frames(grey(np.zeros((40, 40))), max_pixels=1599)


@pytest.mark.parametrize(
    ("values", "times"),
    [
        ({"FrameTimeVector": [0, 40, 50, 0.2]}, (0, 40, 90, 91)),
        ({"FrameTimeVector": [0, 40, 50]}, None),
        ({"FrameTimeVector": [0, 40, 50, 60], "FrameTime": "40"}, None),
        ({"FrameTimeVector": [0, 40, 0, 60]}, None),
        ({"FrameTimeVector": [0, 1, 1, 1]}, None),
        ({"FrameTimeVector": [0, 40, 60000, 40]}, None),
        ({}, None),
    ],
    ids=["own", "short", "even", "zero", "too_fast", "too_long", "none"],
)
def test_frames_have_their_own_times_where_they_make_sense(
    values: dict[str, object], times: tuple[int, ...] | None
) -> None:
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)

    assert frames.frame_times(dataset, 4) == times


def test_rate_of_a_film_with_times_is_their_mean() -> None:
    dataset = grey(np.zeros((4, 4)))
    dataset.NumberOfFrames, dataset.FrameTimeVector = 3, [0, 100, 300]
    dataset.PixelData = bytes(48)

    assert frames.open_frames(dataset, max_pixels=100).shape.rate == 5.0


@pytest.mark.parametrize(
    ("letters", "colour", "jfif", "expected"),
    [
        (None, "YBR_FULL_422", True, "pictured"),
        (None, "RGB", True, "pictured"),
        (None, "YBR_FULL_422", False, "pictured"),
        (None, "RGB", False, "as_stored"),
        (b"RGB", "YBR_FULL_422", False, "as_stored"),
        (b"rgb", "YBR_FULL_422", False, "as_stored"),
        (b"rgb", "RGB", False, "as_stored"),
    ],
)
def test_jpeg_colours_follow_markers_then_letters_then_the_header(
    letters: bytes | None, colour: str, jfif: bool, expected: str
) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 40, 90)).save(buffer, "JPEG", quality=95, subsampling=0)
    coded = buffer.getvalue()
    with Image.open(io.BytesIO(coded)) as image:
        image.draft("YCbCr", image.size)
        stored = np.asarray(image)[8, 8]
    if not jfif:
        # the marker becomes a comment of the same length
        coded = coded.replace(b"\xff\xe0\x00\x10JFIF", b"\xff\xfe\x00\x10JFIF", 1)
    if letters is not None:
        coded = relettered(coded, letters)
    dataset = grey(np.zeros((16, 16)))
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, colour
    dataset.PixelData = encapsulate([coded])

    seen = shown(dataset)[8, 8].astype(int)

    assert np.abs(seen - ((200, 40, 90) if expected == "pictured" else stored)).max() <= 3


def relettered(coded: bytes, letters: bytes) -> bytes:
    """Name the components of the frame header and of the scan header anew."""
    data = bytearray(coded)
    start, scan = coded.index(b"\xff\xc0"), coded.index(b"\xff\xda")
    for number, letter in enumerate(letters):
        data[start + 10 + 3 * number] = letter
        data[scan + 5 + 2 * number] = letter
    return bytes(data)


def test_jpeg_of_another_size_than_told_is_held() -> None:
    dataset = public("JPGLosslessP14SV1_1s_1f_8b.dcm")
    dataset.Rows -= 1

    assert held(dataset) is HoldReason.UNDECODABLE


def test_still_is_decoded_once_and_cannot_be_changed() -> None:
    film = frames.open_frames(grey(np.zeros((4, 4))), max_pixels=100)

    (first,), (second,) = film, film.spread(9)

    assert first is second
    assert not first.flags.writeable


def test_a_short_film_is_decoded_once_and_a_long_one_at_each_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    source = public("OBXXXX1A_2frame.dcm")
    short = frames.open_frames(source, max_pixels=10**9)
    monkeypatch.setattr(frames, "_MOST_KEPT", 0)
    long = frames.open_frames(source, max_pixels=10**9)

    assert [first is second for first, second in zip(long, long, strict=True)] == [False, False]
    assert all(np.array_equal(one, two) for one, two in zip(long.spread(9), long, strict=True))
    monkeypatch.undo()
    assert [first is second for first, second in zip(short, short.spread(9), strict=True)] == [True, True]


@pytest.mark.parametrize("keyword", ["BitsStored", "SamplesPerPixel"])
def test_a_number_that_is_a_list_is_held(keyword: str) -> None:
    dataset = ultrasound(**{keyword: [8, 8]})
    with pytest.raises(Held) as held:
        frames.open_frames(dataset, max_pixels=1_000)
    assert held.value.reason is HoldReason.UNDECODABLE
