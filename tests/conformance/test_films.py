"""Films in DICOM: every frame is the source's; one stream stays one, bare, good DICOM and no larger than it came."""

import io
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import HEVCMP51, MPEG2MPML, MPEG4HP41, UID

from deid.engine import pipeline
from deid.engine.findings import Outcome, Status
from deid.engine.policy import Policy
from tests import samples
from tests.conformance import charts, readers, road
from tests.deid.engine import videos

COUNT = 12
NAME = b"Mustermann"


def pictures() -> list[np.ndarray]:
    """Return the chart as it moves across, eight columns at a time."""
    return [np.roll(charts.chart(), 8 * number, axis=1) for number in range(COUNT)]


def talkative(coded: bytes) -> bytes:
    """Return a bare H.264 stream whose first message to the decoder names the patient (ISO/IEC 14496-10 D.1.6)."""
    told = bytes(range(16)) + b"Mustermann^Erika^Marie"
    return b"\0\0\0\1\x06\x05" + bytes([len(told)]) + told + b"\x80" + coded


@cache
def source(syntax: UID) -> bytes:
    """Return a film that tells the patient's name in every place that a stream has."""
    lies_in = {MPEG4HP41: "h264", HEVCMP51: "mpegts", MPEG2MPML: "mp4"}[syntax]
    coded = videos.stream(pictures(), videos.ENCODERS[syntax], lies_in=lies_in, sound=lies_in != "h264")
    return videos.file(talkative(coded) if lies_in == "h264" else coded, charts.chart(), COUNT, syntax)


@cache
def outcome(syntax: UID) -> Outcome:
    return pipeline.deidentify(source(syntax), policy=Policy(), brand=None, secret=b"the tests' own")


def errors(file: Path) -> set[str]:
    said = subprocess.run(["dciodvfy", "-new", file], capture_output=True, check=False)
    lines = (said.stdout + said.stderr).decode("utf-8", "replace").splitlines()
    return {line for line in lines if line.startswith("Error")}


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("syntax", [MPEG4HP41, HEVCMP51, MPEG2MPML], ids=lambda syntax: syntax.name)
class TestOneStream:
    def test_keeps_its_frames_and_colours(self, syntax: UID, tmp_path: Path) -> None:
        master = road.cleaned(source(syntax), np.ones((charts.ROWS, charts.COLUMNS), np.bool_), [])

        before, after = road.pictures(source(syntax)), road.pictures(master)
        assert len(after) == COUNT
        for one, two, three in zip(before, after, readers.played(master, tmp_path), strict=True):
            assert np.abs(one.astype(int) - two).mean() < 2.5
            assert np.abs(two.astype(int) - three).mean() < 2.5

    def test_names_nobody_in_any_byte(self, syntax: UID) -> None:
        outputs = outcome(syntax).outputs

        assert NAME in source(syntax)
        for made in (outputs.dicom, outputs.film, outputs.still, outputs.thumbnail):
            assert made
            assert NAME not in made

    def test_leaves_as_good_dicom(self, syntax: UID, tmp_path: Path) -> None:
        master = outcome(syntax).outputs.dicom or b""
        before, after = tmp_path / "before.dcm", tmp_path / "after.dcm"
        before.write_bytes(source(syntax))
        after.write_bytes(master)

        header = dcmread(after)

        assert header.file_meta.TransferSyntaxUID == MPEG4HP41
        assert (header.NumberOfFrames, header.FrameTime, header.CineRate) == (COUNT, 40, 25)
        assert (header.PhotometricInterpretation, header.SamplesPerPixel) == ("YBR_PARTIAL_420", 3)
        assert header.LossyImageCompression == "01"
        assert header.LossyImageCompressionMethod == "ISO_14496_10"
        assert header.LossyImageCompressionRatio > 1
        assert header.ImageType[0] == "DERIVED"
        assert errors(after) <= errors(before)
        assert not subprocess.run(["dcmdump", after], capture_output=True, check=True).stderr
        assert len(master) <= 1.2 * len(source(syntax))

    def test_is_looked_at_as_any_cine(self, syntax: UID) -> None:
        samples = b"".join(picture.tobytes() for picture in road.pictures(source(syntax)))
        frame_by_frame = charts.written(charts.described("RGB", samples, NumberOfFrames=COUNT))

        found = outcome(syntax)
        meant = pipeline.deidentify(frame_by_frame, policy=Policy(), brand=None, secret=b"the tests' own")
        assert (found.status, found.reason, found.boxes) == (meant.status, meant.reason, meant.boxes)
        assert found.frames == COUNT
        assert found.outputs.source_film


@pytest.mark.requirement("R33")
def test_a_stream_that_cannot_be_read_is_held_with_nothing_to_show() -> None:
    short = videos.file(videos.stream(pictures()[1:]), charts.chart(), COUNT)

    found = pipeline.deidentify(short, policy=Policy(), brand=None, secret=b"the tests' own")

    assert (found.status, str(found.reason)) == (Status.HELD, "undecodable")
    assert found.outputs.dicom is None
    assert found.outputs.still is None


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
