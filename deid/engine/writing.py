"""The one walk that writes: each frame is cleaned, coded for the master and both films, and looked at as coded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from deid.engine import png, rendering
from deid.engine.clock import Clock
from deid.engine.errors import Held, HoldReason
from deid.engine.findings import Outputs
from deid.engine.frames import Frames, Shape
from deid.engine.framing import Framing
from deid.engine.mastering import Master
from deid.engine.planning import Plan
from deid.engine.redaction import Redactor
from deid.engine.second_look import SecondLook

Pixels = npt.NDArray[np.uint8]

# mean difference between a frame and its lossy coding, in grey values
_LOSS = 6.0
# frames on which codings of the master are tried where the source's own will not do
_TRIED = 3
# so many frames of a film are looked at through one picture, the brightest value of each pixel
_AT_ONCE = 32


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What one walk made: the master's frames, the films of a cine, and the pictures of the frame in the middle.

    `still` is the patient's, `source_still` as it came, both `uint8` (rows, columns, 3).
    """

    master: Master
    still: Pixels
    source_still: Pixels
    film: bytes | None
    source_film: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What is written: the frames of `source`, as `plan` covers them and `framing` shows them to the patient."""

    source: Dataset
    film: Frames
    plan: Plan
    framing: Framing
    clock: Clock


def write(job: Job, look: SecondLook) -> Written:
    """Write all frames, and give `look` every one of them as it was coded, in composites of a film.

    Every coded frame of the master is decoded again and compared with what was meant; the finished film is played.
    Raises Held(UNDECODABLE) where a frame cannot be read, Held(RENDER_FAILED) where an output is not what it shall be,
    and Held(DETECTOR_FAILED).
    """
    clock, shape = job.clock, job.film.shape
    redactor = Redactor(job.plan.kept, job.plan.covers)
    master = Master(job.source, shape, grey=job.film.grey, trial=partial(job.film.spread, _TRIED))
    watch = _Watch(look, shape.count)
    with _films(shape, job.framing) as films:
        for index, frame in enumerate(_timed(job.film, clock)):
            with clock.stage("redact"):
                clean = master.fitted(redactor.apply(frame, index=index))
            with clock.stage("encode"):
                coded = master.add(clean)
            with clock.stage("verify"):
                seen = master.seen(coded)
                _check(seen, clean, lossy=master.lossy)
                watch.take(seen, index)
            with clock.stage("brand"):
                shown = job.framing.picture_of(clean)
            with clock.stage("render"):
                films.write(shown, frame)
            if index == shape.count // 2:
                still, source_still = shown, frame
        with clock.stage("render"):
            made, as_it_came = films.finish()
    with clock.stage("verify"):
        if made is not None:
            shown = job.framing.source_of(films.played(made))
            look.take_composite(shown, first_frame=0, last_frame=shape.count - 1)
    return Written(master, still, source_still, film=made, source_film=as_it_came)


def stills(written: Written, clock: Clock) -> Outputs:
    """Encode the still pictures and return them with the films; raises Held(RENDER_FAILED) as `write` does."""
    with clock.stage("render"):
        outputs = Outputs(
            still=png.encoded(written.still),
            still_jpeg=rendering.jpeg(written.still),
            thumbnail=rendering.thumbnail(written.still),
            film=written.film,
            source_still=png.encoded(written.source_still),
            source_film=written.source_film,
            still_size=(int(written.still.shape[1]), int(written.still.shape[0])),
        )
    with clock.stage("verify"):
        _check(png.decoded(outputs.still or b""), written.still, lossy=False)
        _check(rendering.picture_of(outputs.still_jpeg or b""), written.still, lossy=True)
    return outputs


def _timed(film: Frames, clock: Clock) -> Iterator[Pixels]:
    """Walk the frames on the clock of decoding."""
    frames = iter(film)
    while True:
        with clock.stage("decode"):
            frame = next(frames, None)
        if frame is None:
            return
        yield frame


@dataclass(slots=True)
class _Watch:
    """Shows decoded frames to the second look: the middle one by itself, since it is the still, and all in composites.

    A text that is lighter than what is round it shows in the composite of any frames that it stands in.
    """

    look: SecondLook
    count: int
    brightest: Pixels | None = None
    first: int = 0

    def take(self, seen: Pixels, index: int) -> None:
        if index == self.count // 2:
            self.look.take(seen, first_frame=index, last_frame=index)
        if self.count == 1:
            return
        self.brightest = seen if self.brightest is None else np.asarray(cv2.max(self.brightest, seen), dtype=np.uint8)
        if index == self.count - 1 or index - self.first == _AT_ONCE - 1:
            self.look.take_composite(self.brightest, first_frame=self.first, last_frame=index)
            self.brightest, self.first = None, index + 1


def _check(seen: Pixels, meant: Pixels, *, lossy: bool) -> None:
    alike = seen.shape == meant.shape and (
        cv2.norm(seen, meant, cv2.NORM_L1) <= _LOSS * meant.size if lossy else np.array_equal(seen, meant)
    )
    if not alike:
        raise Held(HoldReason.RENDER_FAILED)


class _Films:
    """The patient's and the reviewer's film of a cine; of a still there are none."""

    def __init__(self, patients: rendering.Film | None, reviewers: rendering.Film | None, count: int) -> None:
        self._patients = patients
        self._reviewers = reviewers
        self._count = count
        self._first: Pixels | None = None

    def write(self, shown: Pixels, as_it_came: Pixels) -> None:
        if self._patients is None or self._reviewers is None:
            return
        self._first = shown if self._first is None else self._first
        self._patients.write(shown)
        self._reviewers.write(as_it_came)

    def finish(self) -> tuple[bytes | None, bytes | None]:
        if self._patients is None or self._reviewers is None:
            return None, None
        return self._patients.finish(), self._reviewers.finish()

    def played(self, film: bytes) -> Pixels:
        """Play the patient's film and return its brightest values; raises Held(RENDER_FAILED) where it is another."""
        if self._first is None:
            raise Held(HoldReason.RENDER_FAILED)
        rows, columns = self._first.shape[:2]
        showing = rendering.showing(film, rows=rows, columns=columns)
        _check(showing.first, self._first, lossy=True)
        if showing.count != self._count:
            raise Held(HoldReason.RENDER_FAILED)
        return showing.brightest


@contextmanager
def _films(shape: Shape, framing: Framing) -> Iterator[_Films]:
    if shape.count == 1:
        yield _Films(None, None, 1)
        return
    opened = partial(rendering.Film, frames=shape.count, rate=shape.rate, times=shape.times)
    with (
        opened(rows=framing.rows, columns=framing.columns) as patients,
        opened(rows=shape.rows, columns=shape.columns, quick=True) as reviewers,
    ):
        yield _Films(patients, reviewers, shape.count)
