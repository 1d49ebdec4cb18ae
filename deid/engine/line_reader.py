"""Reads lines of print with a network: a second reader, unlike Tesseract, for faint print on speckle."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from deid.engine import networks
from deid.engine.errors import Held, HoldReason
from deid.engine.ocr import Crop
from deid.engine.reading import Text, is_letters

Pixels = npt.NDArray[np.uint8]
Chances = npt.NDArray[np.float32]

# the small recogniser of PP-OCRv6 (PaddleOCR, Apache-2.0), as it lies in the package rapidocr
_PACKAGE, _WEIGHTS = "rapidocr", "models/PP-OCRv6_rec_small.onnx"
_DIGEST = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
# the network reads lines of this height, in steps of so many columns
_TALL, _STEP = 48, 8
_NARROWEST, _WIDEST = 16, 1600
# letters a little narrower are read as well: of 800 lines 84.5 % right instead of 85.0, at three quarters 83.0
_SQUEEZED = 0.85
# ink is brighter than this in a crop, and a row of it has this share of the brightest row's light
_INK = 128
_FAIR = 0.12
# a word reaches so much of the distance of its letters beyond the first and the last
_EDGE = 0.3
# letters are so many times as tall as they are apart
_LOWEST, _HIGHEST = 1.2, 1.9
# the class that stands for no letter
_BLANK = 0
_SPACE = " "
# signs of which one alone is a word: a caliper's mark, or between two numbers
_SIGNS = frozenset("+-±=/<>%")


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter that was read, with its first and last step and how surely it was read, from 0 to 1."""

    sign: str
    first: int
    last: int
    chance: float


def read_each(crops: Sequence[Crop], *, seconds: float, squeezed: bool = True) -> list[list[Text]]:
    """Return the words read in each of `crops`, which have windows, in source pixels and with their lines' frames.

    The confidence of a word is that of its least sure letter, 0 to 100. The network is shown letters `squeezed` or as
    wide as they are, which takes longer and now and then tells something else.
    Raises Held(OCR_MISSING) where the network or its weights cannot be used, Held(OCR_FAILED) where it fails or takes
    longer than `seconds`.
    """
    end = time.monotonic() + seconds
    found: list[list[Text]] = []
    for crop in crops:
        if time.monotonic() > end:
            raise Held(HoldReason.OCR_FAILED)
        found.append(list(_words(crop, _SQUEEZED if squeezed else 1.0)))
    return found


def _words(crop: Crop, share: float) -> Iterator[Text]:
    if crop.window is None:
        return
    spare = _spare(crop)
    window = crop.window[:, spare : crop.window.shape[1] - spare]
    shown = _sized(window, share)
    letters = list(_letters(_chances(shown)))
    to_source = window.shape[1] / shown.shape[1]
    top, tall = _rows(crop, letters, to_source)
    for word in _parted(letters):
        said = "".join(letter.sign for letter in word)
        first, end = word[0].first, word[-1].last + 1
        # the network names a letter in its middle, and the word reaches beyond that
        edge = _EDGE * (end - first) / len(word)
        left, right = (step * _STEP * to_source for step in (first - edge, end + edge))
        read = Text(
            max(0, crop.x + spare + round(left)),
            top,
            max(1, round(right - left)),
            tall,
            crop.line.first_frame,
            crop.line.last_frame,
            words=said,
            confidence=100.0 * min(letter.chance for letter in word),
        )
        if is_letters(read) or _SIGNS.issuperset(said):
            yield read


def _rows(crop: Crop, letters: Sequence[_Letter], to_source: float) -> tuple[int, int]:
    """Return where the letters of a line begin, in source pixels, and how tall they are.

    On speckle the ink alone tells little, but letters are as tall as they are apart, within bounds.
    """
    light = np.where(crop.image > _INK, crop.image, 0).sum(axis=1, dtype=np.int64)
    lit = np.flatnonzero(light > _FAIR * light.max())
    margin = crop.line.y - crop.y
    whole = max(crop.line.h, crop.image.shape[0] - 2 * margin)
    if not lit.size or not letters:
        return crop.line.y, whole
    apart = (letters[-1].last + 1 - letters[0].first) * _STEP * to_source / len(letters)
    inked = float(np.clip(lit[-1] + 1 - lit[0], _LOWEST * apart, _HIGHEST * apart))
    tall = max(1, min(whole, round(inked)))
    middle = (int(lit[0]) + int(lit[-1]) + 1) / 2
    return crop.line.y + int(np.clip(round(middle - tall / 2) - margin, 0, whole - tall)), tall


def _spare(crop: Crop) -> int:
    """Return how many columns at each end of a window are beyond the margin that the network needs: half of it."""
    return max(0, crop.line.x - crop.x) // 2


def _sized(window: Pixels, share: float) -> Pixels:
    rows, columns = window.shape[:2]
    wide = int(np.clip(np.ceil(share * columns * _TALL / rows), _NARROWEST, _WIDEST))
    way = cv2.INTER_CUBIC if rows < _TALL else cv2.INTER_AREA
    return np.asarray(cv2.resize(window, (wide, _TALL), interpolation=way), dtype=np.uint8)


def _chances(shown: Pixels) -> Chances:
    """Return how likely each letter is at each step, (steps, letters)."""
    centred = shown[..., ::-1].transpose(2, 0, 1)[np.newaxis].astype(np.float32) / 127.5 - 1.0
    session, _ = _reader()
    try:
        (found,) = session.run(None, {"x": centred})
    except networks.FAULTS as error:
        raise Held(HoldReason.OCR_FAILED) from error
    return np.asarray(found[0], dtype=np.float32)


def _letters(chances: Chances) -> Iterator[_Letter]:
    """Take the likeliest letter at each step; equal ones side by side are one, blanks none (Graves et al. 2006)."""
    _, alphabet = _reader()
    best = chances.argmax(axis=1)
    sure = np.take_along_axis(chances, best[:, np.newaxis], axis=1)[:, 0]
    edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if best[first] != _BLANK:
            yield _Letter(alphabet[best[first]], first, end - 1, float(sure[first:end].max()))


def _parted(letters: Sequence[_Letter]) -> Iterator[list[_Letter]]:
    word: list[_Letter] = []
    for letter in letters:
        if letter.sign != _SPACE:
            word.append(letter)
        elif word:
            yield word
            word = []
    if word:
        yield word


@cache
def _reader() -> tuple[onnxruntime.InferenceSession, tuple[str, ...]]:
    try:
        session = networks.opened(networks.weights_in(_PACKAGE, _WEIGHTS, digest=_DIGEST))
    except (OSError, *networks.FAULTS) as error:
        raise Held(HoldReason.OCR_MISSING) from error
    known = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    return session, ("", *known, _SPACE)
