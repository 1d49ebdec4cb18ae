"""The second look: every output is opened again, compared with what was meant, read anew and searched for
identifiers.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import av
import cv2
import numpy as np
import numpy.typing as npt
import pydicom

from deid.engine import frames, planning, rendering, strokes, sweep, text_detection
from deid.engine.errors import Held, HoldReason
from deid.engine.findings import Outputs
from deid.engine.geometry import Box, Why
from deid.engine.identifiers import Identifiers
from deid.engine.policy import Policy
from deid.engine.reading import Text, harmless, is_letters

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

_SCALE = 1.5
_LOSS = 6.0


@dataclass(frozen=True, slots=True)
class Look:
    """How to look again: `scene` is in pixels of the picture without its strip, `frames` is the film's length."""

    scene: text_detection.Scene
    frames: int
    policy: Policy
    matches: Callable[[str], bool]


def text_left(picture: Pixels, look: Look) -> list[Box]:
    """Return boxes round text that may not stay, as read in `picture` (without its strip) at another scale.

    Raises Held(OCR_MISSING) or Held(OCR_FAILED).
    """
    shape = (int(picture.shape[0]), int(picture.shape[1]))
    made = strokes.inks(picture, look.scene.kept, look.scene.echoes)
    words = text_detection.read(made, look.scene, scale=_SCALE)
    left = [word for word in words if not _may_stay(word, words, look)]
    stretched = [replace(word, last_frame=look.frames - 1) for word in left]
    return [
        planning.cover(word, shape, why=Why.TEXT_LEFT)
        for word in stretched
        if _counts(word, look.scene) or look.matches(word.words)
    ]


def same_picture(coded: bytes, meant: Pixels, *, exact: bool) -> bool:
    """Return whether a coded still shows `meant`, exactly or within the loss of its coding."""
    return _alike(rendering.picture_of(coded), meant, exact=exact)


def film_frames(film: bytes, *, rows: int, columns: int) -> Iterator[Pixels]:
    """Walk the decoded frames of a film, cut to (rows, columns, 3); raises Held(RENDER_FAILED) where it is broken."""
    try:
        with av.open(io.BytesIO(film), "r") as container:
            for frame in container.decode(video=0):
                yield np.asarray(frame.to_ndarray(format="rgb24")[:rows, :columns], dtype=np.uint8)
    except av.FFmpegError as error:
        raise Held(HoldReason.RENDER_FAILED) from error


def same_master(coded: bytes, meant: Iterator[Pixels], *, lossy: bool) -> bool:
    """Return whether the DICOM file decodes to the `meant` frames, as many and as large."""
    dataset = pydicom.dcmread(io.BytesIO(coded))
    found = frames.open_frames(dataset, max_pixels=2**40)
    for shown in found:
        expected = next(meant, None)
        if expected is None or not _alike(shown, expected, exact=not lossy):
            return False
    return next(meant, None) is None


def identifier_left(outputs: Outputs, known: Identifiers) -> bool:
    """Return whether an identifier of the source stands in the bytes of any output that may leave the house."""
    parts: Sequence[bytes | None] = (
        outputs.dicom,
        outputs.still,
        outputs.still_jpeg,
        outputs.thumbnail,
        outputs.film,
    )
    return any(sweep.found(part, known) for part in parts if part is not None)


def _may_stay(word: Text, words: Sequence[Text], look: Look) -> bool:
    if not look.policy.keep_measurements or look.matches(word.words):
        return False
    return harmless(word, look.matches) or any(
        other is not word and harmless(other, look.matches) and other.overlaps(word) for other in words
    )


def _counts(word: Text, scene: text_detection.Scene) -> bool:
    """Among echoes a reader sees letters in speckle: there only a sure word of some length counts."""
    if text_detection.speckled(word, scene):
        return is_letters(word, least=3) and word.confidence >= 75
    return is_letters(word, least=2) and word.confidence >= 40


def _alike(found: Pixels, meant: Pixels, *, exact: bool) -> bool:
    if found.shape != meant.shape:
        return False
    if exact:
        return bool(np.array_equal(found, meant))
    small = (max(1, found.shape[1] // 4), max(1, found.shape[0] // 4))
    shrunk = [cv2.resize(picture, small, interpolation=cv2.INTER_AREA).astype(np.float32) for picture in (found, meant)]
    return float(np.abs(shrunk[0] - shrunk[1]).mean()) <= _LOSS
