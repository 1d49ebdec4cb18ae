"""Calls Tesseract on pages made of ink: one page for many lines, or one for a whole picture; nothing read is kept."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract

from deid.engine.errors import Held, HoldReason
from deid.engine.reading import Text, is_letters

Grey = npt.NDArray[np.uint8]

# one reader uses one core; the caller decides how many readers run at once
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

# ink is dark on white on every page, so no second try with turned greys
_CONFIGURATION = "--psm 11 -c tessedit_do_invert=0"
_TALL = 30
_WIDEST = 1500
_GAP = 22


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A line cut out for reading: `image` is (rows, columns), ink bright on black, its corner at x, y in the source."""

    line: Text
    image: Grey
    x: int
    y: int


def read_crops(crops: Sequence[Crop], *, seconds: float) -> list[Text]:
    """Return the words read in `crops`, in source pixels and with the frames of their lines.

    All crops go on one page, since starting the reader takes longer than reading a line. Raises Held(OCR_MISSING)
    without Tesseract, Held(OCR_FAILED) when it fails or outlasts `seconds`.
    """
    if not crops:
        return []
    scales = [min(5.0, _TALL / max(6, crop.line.h), _WIDEST / crop.image.shape[1]) for crop in crops]
    shown = [_resized(crop.image, scale) for crop, scale in zip(crops, scales, strict=True)]
    tops = np.cumsum([_GAP, *(part.shape[0] + _GAP for part in shown)])
    page = np.full((int(tops[-1]), max(part.shape[1] for part in shown) + 2 * _GAP), 255, dtype=np.uint8)
    for part, top in zip(shown, tops, strict=False):
        page[top : top + part.shape[0], _GAP : _GAP + part.shape[1]] = 255 - part
    found = []
    for word in _words(page, seconds=seconds):
        index = int(np.searchsorted(tops, word.y + word.h // 2, side="right")) - 1
        if 0 <= index < len(crops):
            crop, scale = crops[index], scales[index]
            found.append(_placed(word, scale, (_GAP, int(tops[index])), (crop.x, crop.y), crop.line))
    return found


def read_page(image: Grey, *, scale: float, seconds: float) -> list[Text]:
    """Return the words read in `image` (ink bright on black), in its pixels, all in frame 0; raises Held as above."""
    larger = _resized(image, scale)
    page = 255 - np.pad(larger, _GAP)
    nowhere = Text(x=0, y=0, w=image.shape[1], h=image.shape[0], first_frame=0, last_frame=0)
    return [_placed(word, scale, (_GAP, _GAP), (0, 0), nowhere) for word in _words(page, seconds=seconds)]


def _resized(image: Grey, scale: float) -> Grey:
    size = (max(4, round(image.shape[1] * scale)), max(4, round(image.shape[0] * scale)))
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8)


def _placed(word: Text, scale: float, corner: tuple[int, int], origin: tuple[int, int], line: Text) -> Text:
    left, top = (word.x - corner[0]) / scale + origin[0], (word.y - corner[1]) / scale + origin[1]
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


def _words(page: Grey, *, seconds: float) -> list[Text]:
    try:
        data = pytesseract.image_to_data(
            page, config=_CONFIGURATION, timeout=seconds, output_type=pytesseract.Output.DICT
        )
    except pytesseract.TesseractNotFoundError as error:
        raise Held(HoldReason.OCR_MISSING) from error
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise Held(HoldReason.OCR_FAILED) from error
    cells = zip(data["left"], data["top"], data["width"], data["height"], data["text"], data["conf"], strict=True)
    words = [
        Text(int(x), int(y), int(w), int(h), 0, 0, words=str(text).strip(), confidence=float(confidence))
        for x, y, w, h, text, confidence in cells
    ]
    return [word for word in words if is_letters(word)]
