"""The second look sees what is left, and every output must show what was meant."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from deid.engine import identifiers, rendering, verification
from deid.engine.errors import Held, HoldReason
from deid.engine.findings import Outputs
from deid.engine.geometry import Why
from deid.engine.policy import Policy
from deid.engine.text_detection import Scene

ROWS, COLUMNS = 200, 400


def look(policy: Policy | None = None) -> verification.Look:
    everywhere = np.ones((ROWS, COLUMNS), np.bool_)
    scene = Scene(kept=everywhere, echoes=~everywhere, seconds=30.0)
    return verification.Look(scene=scene, frames=4, policy=policy or Policy(), matches=lambda words: "SMITH" in words)


def screen(words: str) -> verification.Pixels:
    picture = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    cv2.putText(picture, words, (60, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    return picture


def master(frame: verification.Pixels) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.6.1", "2.25.7"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0
    dataset.PixelData = frame.tobytes()
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


@pytest.mark.requirement("R36")
def test_name_left_is_marked_in_every_frame() -> None:
    (box, *_) = verification.text_left(screen("SMITH"), look())

    assert box.why is Why.TEXT_LEFT
    assert (box.first_frame, box.last_frame) == (0, 3)
    assert box.x <= 65
    assert box.y <= 85


def test_clean_picture_has_nothing_left() -> None:
    assert verification.text_left(screen(""), look()) == []


def test_kept_measurement_is_not_text_left() -> None:
    assert verification.text_left(screen("BPD"), look()) == []
    assert verification.text_left(screen("BPD"), look(Policy(keep_measurements=False)))


def test_stills_are_compared_with_what_was_meant() -> None:
    meant = screen("BPD")

    assert verification.same_picture(rendering.png(meant), meant, exact=True)
    assert not verification.same_picture(rendering.png(screen("BPE")), meant, exact=True)
    assert verification.same_picture(rendering.jpeg(meant), meant, exact=False)
    assert not verification.same_picture(rendering.jpeg(255 - meant), meant, exact=False)


def test_master_is_compared_frame_by_frame() -> None:
    meant = screen("BPD")

    assert verification.same_master(master(meant), iter([meant]), lossy=False)
    assert not verification.same_master(master(meant), iter([meant, meant]), lossy=False)
    assert not verification.same_master(master(meant), iter([screen("HC")]), lossy=False)


def test_broken_film_is_held() -> None:
    frames: Iterator[verification.Pixels] = verification.film_frames(b"no film", rows=10, columns=10)

    with pytest.raises(Held) as caught:
        next(frames)
    assert caught.value.reason is HoldReason.RENDER_FAILED


@pytest.mark.requirement("R32")
def test_identifier_in_an_output_is_found() -> None:
    source = Dataset()
    source.PatientName = "Mustermann^Erika"
    known = identifiers.of(source)

    assert verification.identifier_left(Outputs(still=b"..Mustermann.."), known)
    assert not verification.identifier_left(Outputs(still=rendering.png(screen(""))), known)
