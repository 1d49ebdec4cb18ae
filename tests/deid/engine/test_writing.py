"""One walk makes the master and both films, and shows every frame to the second look as it was coded."""

import io

import av
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, UltrasoundMultiFrameImageStorage

from deid.engine import frames, framing, png, rendering, writing
from deid.engine.clock import Clock
from deid.engine.errors import Held, HoldReason
from deid.engine.geometry import Box, Why
from deid.engine.planning import Plan
from deid.engine.second_look import SecondLook
from tests.deid.engine.screens import everywhere, speckle, written

COVER = Box(40, 90, 200, 50, 0, 4, Why.UNKNOWN_TEXT)


def source(film: list[np.ndarray]) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = UltrasoundMultiFrameImageStorage, UID("2.25.4")
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = *film[0].shape[:2], len(film)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0
    dataset.PixelData = b"".join(frame.tobytes() for frame in film)
    return dataset


def job_for(film: list[np.ndarray], *covers: Box) -> tuple[writing.Job, SecondLook]:
    dataset = source(film)
    plan = Plan(kept=everywhere(), covers=covers, frames=len(film))
    job = writing.Job(
        source=dataset,
        film=frames.open_frames(dataset, max_pixels=10**8),
        plan=plan,
        framing=framing.of(None, plan.kept),
        clock=Clock(),
    )
    return job, SecondLook(plan, seconds=30.0, matches=lambda _words: False)


def length(film: bytes | None) -> int:
    with av.open(io.BytesIO(film or b"")) as container:
        return sum(1 for _ in container.decode(video=0))


def test_cine_is_written_in_one_walk() -> None:
    film = [written(speckle(seed), "SMITH JANE") for seed in range(5)]
    job, look = job_for(film, COVER)

    made = writing.write(job, look)

    assert (length(made.film), length(made.source_film)) == (5, 5)
    assert np.array_equal(made.source_still, film[2])
    master = dcmread(io.BytesIO(made.master.finish(source(film))))
    shown = list(frames.open_frames(master, max_pixels=10**8))
    assert len(shown) == 5
    assert np.array_equal(shown[2][:80], film[2][:80])
    assert np.abs(shown[2][95:125, 60:200].astype(int) - film[2][95:125, 60:200]).max() > 80
    assert look.left() == []
    assert set(job.clock.seconds) == {"decode", "redact", "encode", "verify", "brand", "render"}


@pytest.mark.requirement("R36")
def test_name_left_in_a_few_frames_is_seen_by_the_second_look() -> None:
    film = [speckle(seed) // 2 for seed in range(30)]
    film[27:29] = [written(frame, "SMITH JANE") for frame in film[27:29]]
    job, look = job_for(film)

    writing.write(job, look)

    assert any(box.x < 120 < box.x + box.w and box.y < 114 < box.y + box.h for box in look.left())


def test_still_has_no_film() -> None:
    job, look = job_for([speckle(3)])

    made = writing.write(job, look)
    outputs = writing.stills(made, job.clock)

    assert (made.film, made.source_film) == (None, None)
    assert np.array_equal(png.decoded(outputs.still or b""), made.still)
    assert outputs.still_size == (made.still.shape[1], made.still.shape[0])
    assert np.array_equal(png.decoded(outputs.source_still or b""), speckle(3))


def test_output_that_is_not_what_was_meant_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    job, look = job_for([speckle(3)])
    made = writing.write(job, look)
    monkeypatch.setattr(rendering, "jpeg", lambda picture, quality=92: png.encoded(255 - picture))

    with pytest.raises(Held) as caught:
        writing.stills(made, job.clock)

    assert caught.value.reason is HoldReason.RENDER_FAILED


def test_film_with_another_count_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    job, look = job_for([speckle(seed) for seed in range(3)])
    real = rendering.showing

    def one_short(film: bytes, *, rows: int, columns: int) -> rendering.Showing:
        showing = real(film, rows=rows, columns=columns)
        return rendering.Showing(showing.count - 1, showing.first, showing.brightest)

    monkeypatch.setattr(rendering, "showing", one_short)

    with pytest.raises(Held):
        writing.write(job, look)


def test_frame_that_cannot_be_read_is_held() -> None:
    film = [speckle(seed) for seed in range(3)]
    job, look = job_for(film)
    job.source.PixelData = job.source.PixelData[: 2 * film[0].nbytes]

    with pytest.raises(Held) as caught:
        writing.write(job, look)

    assert caught.value.reason is HoldReason.UNDECODABLE
