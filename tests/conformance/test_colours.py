"""The chart keeps its colours in every photometric interpretation and transfer syntax, as three readers see it.

Source and master are each read by pydicom and by a program that shares no decoder with it (DCMTK, FFmpeg for
JPEG 2000, another build of FFmpeg for films), and what lies under no cover is compared; the engine's own reading is
compared bit by bit.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import HEVCM10P51, JPEGLossless, JPEGLosslessSV1, MPEGTransferSyntaxes

from deid.engine import bareness
from deid.engine.errors import Held, HoldReason
from deid.engine.geometry import Box, Why
from tests.conformance import charts, readers, road
from tests.conformance.charts import Case

pytestmark = pytest.mark.requirement("R33")

COVER = Box(x=40, y=50, w=30, h=11, first_frame=0, last_frame=0, why=Why.UNKNOWN_TEXT)
# how far two readers' roundings of one source lie apart: DCMTK rounds YBR and inverted greys in its own way
ROUNDING = 2
# FFmpeg's own way to RGB is darker by a tone, and rounds each colour
PLAYED = 3
# tones by which a second compression may change a chart with hard edges between full colours, on average and for most
LOSS, MOST = 2.5, 20
# a master takes at most so many times the room of its source; where that is less, a cover's edges in a chart of flat
# patches, which take hardly any room at all, and the method's codes in the header may take so many bytes more
GROWTH, EDGES = 1.2, 1536
# pydicom has no decoder for them here, and the engine has some of its own
UNKNOWN_TO_PYDICOM = (JPEGLossless, JPEGLosslessSV1, *MPEGTransferSyntaxes)


def kept() -> np.ndarray:
    mask = np.ones((charts.ROWS, charts.COLUMNS), np.bool_)
    mask[:8] = False
    mask[:, :5] = False
    return mask


def open_pixels() -> np.ndarray:
    mask = kept()
    mask[COVER.y : COVER.y + COVER.h, COVER.x : COVER.x + COVER.w] = False
    return mask


def differences(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return np.abs(one.astype(int) - two)[open_pixels()]


def alike(one: np.ndarray, two: np.ndarray, *, lossless: bool, rounding: int = 0) -> bool:
    off = differences(one, two)
    if lossless:
        return bool(off.max() <= rounding)
    return bool(off.mean() <= LOSS and np.percentile(off, 95) <= MOST)


@pytest.mark.parametrize("case", charts.CASES, ids=lambda case: case.name)
def test_the_chart_keeps_its_colours(case: Case, tmp_path: Path) -> None:
    source = case.build(tmp_path)
    truth = np.repeat(charts.greys()[:, :, None], 3, axis=2) if case.grey else charts.chart()

    master = road.cleaned(source, kept(), [COVER])

    # pixels outside every cover are those of the source, bit by bit, unless its coding loses something
    (before,), (after,) = road.pictures(source), road.pictures(master)
    assert alike(after, before, lossless=case.lossless)
    assert alike(before, truth, lossless=case.lossless, rounding=1)
    assert after[:8].mean() <= (0 if case.lossless else LOSS)
    assert bareness.is_bare(master)
    assert len(master) <= max(GROWTH * len(source), len(source) + EDGES)
    # and other programs see the same in both files
    dataset = dcmread(io.BytesIO(master))
    syntax = dcmread(io.BytesIO(source), stop_before_pixels=True).file_meta.TransferSyntaxUID
    if syntax not in UNKNOWN_TO_PYDICOM:
        assert alike(readers.pydicoms(master), readers.pydicoms(source), lossless=case.lossless)
    seen = readers.second(master, tmp_path)
    if syntax != HEVCM10P51:  # of ten bits it smooths the colours
        assert alike(seen, readers.second(source, tmp_path), lossless=case.lossless, rounding=ROUNDING)
    assert differences(seen, after).max() <= (PLAYED if syntax in MPEGTransferSyntaxes else ROUNDING)
    # loss is told of, once, by its method; the picture is a derived one
    assert ("LossyImageCompressionMethod" in dataset) is not case.lossless
    assert dataset.ImageType[0] == "DERIVED"
    assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation) == (8, 8, 7, 0)


@pytest.mark.parametrize("case", charts.CASES, ids=lambda case: case.name)
def test_without_covers_the_smallest_file_hardly_grows(case: Case, tmp_path: Path) -> None:
    source = case.build(tmp_path)

    master = road.cleaned(source, np.ones((charts.ROWS, charts.COLUMNS), np.bool_), [])

    assert len(master) <= GROWTH * len(source)


def test_cases_cover_every_interpretation_and_syntax(tmp_path: Path) -> None:
    sources = [dcmread(io.BytesIO(case.build(tmp_path)), stop_before_pixels=True) for case in charts.CASES]

    assert {source.PhotometricInterpretation for source in sources} == {
        *("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"),
        "YBR_PARTIAL_420",
    }
    assert {str(source.file_meta.TransferSyntaxUID).removeprefix("1.2.840.10008.1.2") for source in sources} == {
        *("", ".1", ".2", ".5", ".4.50", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81", ".4.90", ".4.91"),
        *(".4.201", ".4.202", ".4.203"),
        *(f".4.{number}{part}" for number in range(100, 106) for part in ("", ".1")),
        *(".4.107", ".4.108"),
    }


@pytest.mark.parametrize(
    ("option", "stored"), [("+ee", 12), ("+el", 12), ("+e1", 16)], ids=["extended", "lossless", "lossless SV1"]
)
def test_jpeg_of_more_than_eight_bits_is_held(option: str, stored: int, tmp_path: Path) -> None:
    source = charts.by_dcmtk("dcmcjpeg", option, source=charts.deep_grey(stored=stored, signed=False))(tmp_path)

    with pytest.raises(Held) as caught:
        road.pictures(source)
    assert caught.value.reason is HoldReason.UNDECODABLE
