"""Fits words that were read to their strokes: a reader says where a word is to about half a letter."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deid.engine.ocr import Crop
from deid.engine.reading import Text

Lit = npt.NDArray[np.bool_]

# ink is brighter than this in a crop, and a column of it has so many such pixels
_INK, _FEW = 128, 2
# strokes of one word are no further apart than so much of its height, and what is missing of a letter is no wider
_GAP, _LETTER = 0.22, 0.65


def fitted(words: Sequence[Text], crop: Crop) -> list[Text]:
    """Return `words` with the rest of the letter that they end in, on either side, where a gap parts it from the next.

    Where strokes go on further than a letter may, as on speckle, the word stays as it was read.
    """
    return [_fitted(word, words, crop) for word in words]


def _fitted(word: Text, words: Sequence[Text], crop: Crop) -> Text:
    top, left = max(0, word.y - crop.y), max(0, word.x - crop.x)
    lit = (crop.image[top : top + word.h] > _INK).sum(axis=0) >= _FEW
    right = min(len(lit), left + word.w)
    before = max((other.x + other.w - crop.x for other in words if other.x + other.w <= word.x), default=0)
    after = min((other.x - crop.x for other in words if other.x >= word.x + word.w), default=len(lit))
    first = left - _rest(lit[max(0, before) : left][::-1], word.h)
    end = right + _rest(lit[right : max(right, after)], word.h)
    return replace(word, x=first + crop.x, w=max(1, end - first))


def _rest(beyond: Lit, tall: int) -> int:
    """Return how far the strokes go on in `beyond`, the columns past a word's edge, before a gap; 0 if none comes."""
    gap = max(2, round(_GAP * tall))
    last = 0
    for at, inked in enumerate(beyond.tolist()):
        if inked:
            last = at + 1
        if last > _LETTER * tall:
            return 0
        if at + 1 - last >= gap:
            break
    return last
