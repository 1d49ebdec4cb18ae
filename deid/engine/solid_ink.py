"""Words printed in solid ink over speckle: print is bright in whole strokes, speckle only in grains."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import ocr
from deid.engine.reading import Text, is_letters, is_listed

Mask = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.uint8]

LEVELS = (150, 200)
_LEAST_AREA = 14
_LEAST_HEIGHT = 5
_SCALE = 2.0
# letters and confidence from which a word read in solid ink is one
_READ = ((3, 60.0), (4, 50.0), (6, 40.0))
_UNSURE = 30.0


def read(luma: Grey, kept: Mask, *, seconds: float, matches: Callable[[str], bool]) -> list[Text]:
    """Return the words that stand in `kept` in ink brighter than each of LEVELS, in source pixels, all in frame 0.

    `luma` is (rows, columns), the brightest channel of a picture. Raises Held as `ocr.read_page` does.
    """
    lines, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    if not lines.size:
        return []
    top, left = int(lines[0]), int(columns[0])
    window = np.where(kept, luma, 0).astype(np.uint8)[top : int(lines[-1]) + 1, left : int(columns[-1]) + 1]
    words: list[Text] = []
    for level in LEVELS:
        page = _solid(window, level, tallest=max(24, len(luma) // 12))
        if page.any():
            scale = _SCALE if len(luma) < 900 else 0.75 * _SCALE
            words += [word for word in ocr.read_page(page, scale=scale, seconds=seconds) if counts(word, matches)]
    return [replace(word, x=word.x + left, y=word.y + top) for word in words]


def counts(word: Text, matches: Callable[[str], bool]) -> bool:
    """Say whether a word is one: a listed word, one of some length read with some confidence, or an identifier."""
    if is_letters(word, least=3) and word.confidence >= _UNSURE and matches(word.words):
        return True
    if word.words.strip(" .,:;()[]").isdigit() and not is_letters(word, least=4):
        return False
    return is_listed(word) or any(
        is_letters(word, least=least) and word.confidence >= confidence for least, confidence in _READ
    )


def _solid(luma: Grey, level: int, *, tallest: int) -> Grey:
    """Return the ink of at least `level` without grains and without what is too tall for a letter."""
    bright = (luma >= level).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bright, connectivity=8)
    height, area = stats[:, 3], stats[:, 4]
    letter = (area >= _LEAST_AREA) & (height >= _LEAST_HEIGHT) & (height <= tallest)
    letter[0] = False
    return np.where(letter[labels], luma, 0).astype(np.uint8)
