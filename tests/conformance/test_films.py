"""Films in DICOM: a cine of palette colours does not explode, and video that is not decoded frame by frame is held."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import UID, MPEGTransferSyntaxes

from deid.engine import pipeline
from deid.engine.errors import EXPLANATIONS, HoldReason
from deid.engine.findings import Status
from deid.engine.policy import Policy
from tests import samples
from tests.conformance import charts, readers, road
from tests.deid.engine.headers import US_MULTIFRAME

VIDEO = tuple(map(UID, MPEGTransferSyntaxes))


def stream(codec: str) -> bytes:
    """Return ten frames of the chart as an elementary stream."""
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = charts.COLUMNS, charts.ROWS, "yuv420p"
    encoder.framerate = 25
    picture = av.VideoFrame.from_ndarray(charts.chart(), "rgb24")
    packets = [packet for frame in (*[picture] * 10, None) for packet in encoder.encode(frame)]
    return b"".join(map(bytes, packets))


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("syntax", VIDEO, ids=lambda syntax: syntax.name)
def test_video_is_held_with_a_reason_that_names_a_way_out(syntax: UID) -> None:
    coded = stream("mpeg2video" if "MPEG2" in syntax.name else "libx264")
    dataset = charts.described(
        "YBR_PARTIAL_420", encapsulate([coded]), NumberOfFrames=10, FrameTime=40, SOPClassUID=US_MULTIFRAME
    )

    outcome = pipeline.deidentify(charts.written(dataset, syntax), policy=Policy(), brand=None, secret=b"secret")

    assert (outcome.status, outcome.reason) == (Status.HELD, HoldReason.UNKNOWN_SYNTAX)
    assert outcome.outputs.dicom is None
    assert outcome.outputs.still is None
    assert "another transfer syntax" in EXPLANATIONS[HoldReason.UNKNOWN_SYNTAX]


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("name", ["OBXXXX1A_rle_2frame", "examples_ybr_color", "color3d_jpeg_baseline"])
def test_every_frame_of_a_film_is_the_sources(name: str, tmp_path: Path) -> None:
    """Frames at both ends, as DCMTK shows them in source and master."""
    source = samples.named(f"{name}.dcm").read_bytes()
    header = dcmread(io.BytesIO(source), stop_before_pixels=True)

    master = road.cleaned(source, np.ones((header.Rows, header.Columns), np.bool_), [])

    assert dcmread(io.BytesIO(master), stop_before_pixels=True).NumberOfFrames == header.NumberOfFrames
    for frame in (1, int(header.NumberOfFrames)):
        seen, meant = (readers.dcmtk(data, tmp_path, frame=frame).astype(int) for data in (master, source))
        assert np.abs(seen - meant).mean() < 0.5
