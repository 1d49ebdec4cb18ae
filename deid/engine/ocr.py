"""Calls Tesseract: once for many cut-out lines, or once for a page with the ink of a whole picture."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract
from PIL import Image

from deid.engine.errors import Held, HoldReason
from deid.engine.reading import Text, is_letters

Grey = npt.NDArray[np.uint8]

# one reader uses one core; the caller decides how many readers run at once
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

# ink is dark on white on every page, so no second try with turned greys; signs that no machine prints only mislead
_PLAIN = "-c tessedit_do_invert=0 -c tessedit_char_blacklist=éèêëÉ€£¥§©®™«»“”‘’—|~"
_ONE_LINE = f"--psm 7 {_PLAIN}"
_SPARSE = f"--psm 11 {_PLAIN}"
_TALL = 26
_WIDEST = 1500
_GAP = 8
# letters fill about a quarter of a line, so what is darker than this share of it is ground or speckle
_GROUND = 75
_FULL = 99
_SOFT = 1.0
# a row of pixels belongs to the letters from this share of the most inked one
_INKED = 0.25
_LARGEST = 5.0
# signs of which one alone is a word: a caliper's mark, or between two numbers
_SIGNS = frozenset("+-±=/<>%")
_COLUMNS = ("page_num", "left", "top", "width", "height", "text", "conf")


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A line cut out for reading: `image` is (rows, columns), ink bright on black, its corner at x, y in the source."""

    line: Text
    image: Grey
    x: int
    y: int


def read_crops(crops: Sequence[Crop], *, seconds: float) -> list[Text]:
    """Return the words read in `crops`, in source pixels and with the frames of their lines.

    Each crop is a page of one file, since starting the reader takes longer than reading a line. Raises
    Held(OCR_MISSING) without Tesseract, Held(OCR_FAILED) when it fails or outlasts `seconds`.
    """
    if not crops:
        return []
    cleared = [_cleared(crop.image) for crop in crops]
    scales = [_scale(image, crop.line.h) for image, crop in zip(cleared, crops, strict=True)]
    pages = [
        Image.fromarray(255 - np.pad(_softened(_resized(image, scale)), _GAP))
        for image, scale in zip(cleared, scales, strict=True)
    ]
    with tempfile.NamedTemporaryFile(suffix=".tif") as file:
        pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
        file.flush()
        words = _words(file.name, kind=_ONE_LINE, seconds=seconds)
    return [
        _placed(word, scales[number], (crops[number].x, crops[number].y), crops[number].line) for number, word in words
    ]


def read_page(image: Grey, *, scale: float, seconds: float) -> list[Text]:
    """Return the words read in `image` (ink bright on black), in its pixels, all in frame 0; raises Held as above."""
    larger = _resized(image, scale)
    page = Image.fromarray(255 - np.pad(larger, _GAP))
    whole = Text(x=0, y=0, w=image.shape[1], h=image.shape[0], first_frame=0, last_frame=0)
    return [_placed(word, scale, (0, 0), whole) for _, word in _words(page, kind=_SPARSE, seconds=seconds)]


def _cleared(image: Grey) -> Grey:
    """Return a line with its ground and speckle black and its ink at full light."""
    otsu, _ = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ground, full = (float(level) for level in np.percentile(image, (_GROUND, _FULL)))
    low = min(ground, otsu)
    return np.asarray(np.clip((image - low) * (255.0 / max(8.0, full - low)), 0, 255), dtype=np.uint8)


def _scale(image: Grey, tallest: int) -> float:
    """Return how much larger a cleared line is read, so that its capitals are as high as the reader likes them."""
    ink = image.mean(axis=1)
    ink -= np.percentile(ink, 10)
    rows = np.flatnonzero(ink > _INKED * ink.max())
    height = int(rows[-1] - rows[0] + 1) if rows.size else tallest
    return float(min(_LARGEST, _TALL / np.clip(height, max(6, tallest // 4), tallest), _WIDEST / image.shape[1]))


def _softened(image: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), _SOFT), dtype=np.uint8)


def _resized(image: Grey, scale: float) -> Grey:
    size = (max(4, round(image.shape[1] * scale)), max(4, round(image.shape[0] * scale)))
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8)


def _placed(word: Text, scale: float, origin: tuple[int, int], line: Text) -> Text:
    left, top = (word.x - _GAP) / scale + origin[0], (word.y - _GAP) / scale + origin[1]
    return Text(
        x=max(0, int(left)),
        y=max(0, int(top)),
        w=max(1, int(np.ceil(word.w / scale))),
        h=max(1, int(np.ceil(word.h / scale))),
        first_frame=line.first_frame,
        last_frame=line.last_frame,
        words=word.words,
        confidence=word.confidence,
    )


def _words(pages: Image.Image | str, *, kind: str, seconds: float) -> list[tuple[int, Text]]:
    """Return the words on a page, or on each page of a file, with the numbers of their pages from 0."""
    try:
        data = pytesseract.image_to_data(pages, config=kind, timeout=seconds, output_type=pytesseract.Output.DICT)
    except pytesseract.TesseractNotFoundError as error:
        raise Held(HoldReason.OCR_MISSING) from error
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise Held(HoldReason.OCR_FAILED) from error
    words = [
        (int(number) - 1, Text(int(x), int(y), int(w), int(h), 0, 0, words=text.strip(), confidence=float(confidence)))
        for number, x, y, w, h, text, confidence in zip(*(data[column] for column in _COLUMNS), strict=True)
    ]
    words = [(number, word) for number, word in words if word.words]
    words = [(number, _before(word, words, number)) for number, word in words]
    return [(number, word) for number, word in words if is_letters(word) or _SIGNS.issuperset(word.words)]


def _before(word: Text, words: Sequence[tuple[int, Text]], page: int) -> Text:
    """Return `word` no wider than to where the next word on its page begins; the reader's own boxes may be."""
    starts = [
        other.x
        for number, other in words
        if number == page and word.x < other.x < word.x + word.w and _beside(word, other)
    ]
    return replace(word, w=min(starts) - word.x) if starts else word


def _beside(one: Text, two: Text) -> bool:
    return min(one.y + one.h, two.y + two.h) - max(one.y, two.y) >= 0.5 * min(one.h, two.h)
