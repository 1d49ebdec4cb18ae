"""Prepares cut-out lines for a reader, and puts the words that it reads into their places in the picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import greys, tesseract_library
from deid.engine.greys import Greys
from deid.engine.reading import Text, is_letters

Grey = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8]

# pages of ink on white in, the words on each page out, in pixels of the page
Reader = Callable[..., list[list[Text]]]

_TALL = 26
_WIDEST = 1500
_GAP = 8
# letters fill about a quarter of a line, so what is darker than this share of it is ground or speckle
_GROUND = 75
_FULL = 99
SOFT = 1.0
# a row of pixels belongs to the letters from this share of the most inked one
_INKED = 0.25
_LARGEST = 5.0
# signs of which one alone is a word: a caliper's mark, or between two numbers
_SIGNS = frozenset("+-±=/<>%")


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A line cut out for reading: `image` is (rows, columns), ink bright on black, its corner at x, y in the source.

    `window` is the same place in colour (rows, columns, 3), of which other views can be made.
    """

    line: Text
    image: Grey
    x: int
    y: int
    window: Pixels | None = None


def read_crops(crops: Sequence[Crop], *, seconds: float, reader: Reader = tesseract_library.read) -> list[Text]:
    """Return the words read in `crops`, in source pixels and with the frames of their lines; raises as `read_each`."""
    return [word for words in read_each(crops, seconds=seconds, reader=reader) for word in words]


def read_each(
    crops: Sequence[Crop], *, seconds: float, soft: float = SOFT, reader: Reader = tesseract_library.read
) -> list[list[Text]]:
    """Return the words read in each of `crops`, which are softened by `soft` pixels of the page.

    Raises Held(OCR_MISSING) without Tesseract, Held(OCR_FAILED) when it fails or outlasts `seconds`.
    """
    cleared = [_cleared(crop.image) for crop in crops]
    scales = [_scale(image, crop.line.h) for image, crop in zip(cleared, crops, strict=True)]
    pages = [
        255 - np.pad(_softened(_resized(image, scale), soft), _GAP)
        for image, scale in zip(cleared, scales, strict=True)
    ]
    return [
        [_placed(word, scale, crop) for word in _told(words)]
        for crop, scale, words in zip(crops, scales, reader(pages, seconds=seconds), strict=True)
    ]


def _cleared(image: Grey) -> Grey:
    """Return a line with its ground and speckle black and its ink at full light."""
    otsu, _ = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    spread = Greys.of(image)
    low = min(spread.percentile(_GROUND), otsu)
    gain = 255.0 / max(8.0, spread.percentile(_FULL) - low)
    return greys.changed(image, lambda levels: (levels - low) * gain)


def _scale(image: Grey, tallest: int) -> float:
    """Return how much larger a cleared line is read, so that its capitals are as high as the reader likes them."""
    ink = image.mean(axis=1)
    ink -= np.percentile(ink, 10)
    rows = np.flatnonzero(ink > _INKED * ink.max())
    height = int(rows[-1] - rows[0] + 1) if rows.size else tallest
    return float(min(_LARGEST, _TALL / np.clip(height, max(6, tallest // 4), tallest), _WIDEST / image.shape[1]))


def _softened(image: Grey, soft: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), soft), dtype=np.uint8)


def _resized(image: Grey, scale: float) -> Grey:
    size = (max(4, round(image.shape[1] * scale)), max(4, round(image.shape[0] * scale)))
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8)


def _placed(word: Text, scale: float, crop: Crop) -> Text:
    """Return a word in source pixels, no taller than its line: the reader's own boxes may be."""
    margin = crop.line.y - crop.y
    highest, lowest = crop.line.y, max(crop.line.y + crop.line.h, crop.y + crop.image.shape[0] - margin)
    y = min(max(highest, int((word.y - _GAP) / scale + crop.y)), lowest - 1)
    bottom = min(lowest, int(np.ceil((word.y + word.h - _GAP) / scale + crop.y)))
    return replace(
        word,
        x=max(0, int((word.x - _GAP) / scale + crop.x)),
        y=y,
        w=max(1, int(np.ceil(word.w / scale))),
        h=max(1, bottom - y),
        first_frame=crop.line.first_frame,
        last_frame=crop.line.last_frame,
    )


def _told(words: Sequence[Text]) -> list[Text]:
    """Return the words of a page that say something, each no wider than it can be."""
    said = [word for word in words if word.words]
    said = [_before(word, said) for word in said]
    return [word for word in said if is_letters(word) or _SIGNS.issuperset(word.words)]


def _before(word: Text, words: Sequence[Text]) -> Text:
    """Return `word` no wider than to where the next word begins; the reader's own boxes may be."""
    starts = [other.x for other in words if word.x < other.x < word.x + word.w and _beside(word, other)]
    return replace(word, w=min(starts) - word.x) if starts else word


def _beside(one: Text, two: Text) -> bool:
    return min(one.y + one.h, two.y + two.h) - max(one.y, two.y) >= 0.5 * min(one.h, two.h)
