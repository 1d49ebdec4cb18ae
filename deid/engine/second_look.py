"""The second look: what was written is opened again and searched for text, unlike the first time.

The detector sees decoded pictures at another scale and on another grid than before. Whatever it finds that is neither
covered nor a word that stays counts as left. The words that stay are read once more, each row of them as a whole, and
compared with the identifiers of the source.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import detector, ocr, planning, tesseract_library, text_detection, text_lines
from deid.engine.detector import CELL, Heat
from deid.engine.geometry import Box, Why
from deid.engine.ocr import Crop, Reader
from deid.engine.planning import Plan
from deid.engine.reading import Matches, Text

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

# how much larger a frame is shown, and what is made of many, where all that lasts is seen again and again
_SCALE, _SCALE_OF_MANY = 1.25, 0.8
_BOUNDS = text_lines.Bounds(sure=0.9, likely=0.45)
# the detector's heat reaches so far round a word, in heights
_HALO = 0.35


class SecondLook:
    """Takes pictures made after one plan, one after the other, and says in the end where text was left in them.

    `seconds` bounds the one call of the text `reader`; `matches` says whether words identify somebody.
    """

    def __init__(
        self, plan: Plan, *, seconds: float, matches: Matches, reader: Reader = tesseract_library.read
    ) -> None:
        self._plan = plan
        self._seconds = seconds
        self._matches = matches
        self._reader = reader
        self._found: list[Text] = []
        self._rows = _rows(plan.staying)
        self._crops: dict[Text, Crop] = {}
        self._window = _window(plan.kept)

    def take(self, picture: Pixels, *, first_frame: int, last_frame: int) -> None:
        """Look at a decoded frame in source pixels, `uint8` (rows, columns, 3), that stands for some frames.

        Raises Held(DETECTOR_FAILED).
        """
        self._take(picture, first_frame, last_frame, scale=_SCALE)

    def take_composite(self, picture: Pixels, *, first_frame: int, last_frame: int) -> None:
        """Look as `take` does at the brightest values of some frames, `uint8` (rows, columns, 3)."""
        self._take(picture, first_frame, last_frame, scale=_SCALE_OF_MANY)

    def _take(self, picture: Pixels, first_frame: int, last_frame: int, *, scale: float) -> None:
        if not self._plan.kept.any():
            return
        rows, columns = self._window
        window = np.ascontiguousarray(picture[rows, columns])
        heat = detector.heat(window, scale=scale)
        heat = np.where(self._explained(heat, first_frame, last_frame), 0, heat).astype(np.float32)
        for text in text_lines.lines(heat, self._plan.kept[rows, columns], _BOUNDS, picture=window):
            x, y = text.x + columns.start, text.y + rows.start
            _add(self._found, replace(text, x=x, y=y, first_frame=first_frame, last_frame=last_frame))
        for row in self._rows:
            if row not in self._crops and row.first_frame <= first_frame and last_frame <= row.last_frame:
                self._crops[row] = text_detection.crop_of(row, picture)

    def left(self) -> list[Box]:
        """Return boxes round the text that may not stay, in source pixels.

        Raises Held(OCR_MISSING) or Held(OCR_FAILED) where words stay and cannot be read.
        """
        words = ocr.read_crops(list(self._crops.values()), seconds=self._seconds, reader=self._reader)
        found = [*self._found, *(row for row in self._crops if self._identifies(row, words))]
        shape = (int(self._plan.kept.shape[0]), int(self._plan.kept.shape[1]))
        return [planning.cover(text, shape, why=Why.TEXT_LEFT) for text in found]

    def _explained(self, heat: Heat, first_frame: int, last_frame: int) -> Mask:
        """Return the cells of `heat` that lie mostly outside the area, under covers or on words that stay."""
        known = (~self._plan.kept).astype(np.uint8)
        for box in self._plan.covers:
            if box.first_frame <= first_frame and last_frame <= box.last_frame:
                known[box.y : box.y + box.h, box.x : box.x + box.w] = 1
        for word in self._plan.staying:
            if word.first_frame <= last_frame and first_frame <= word.last_frame:
                pad = max(CELL, round(_HALO * word.h))
                known[max(0, word.y - pad) : word.y + word.h + pad, max(0, word.x - pad) : word.x + word.w + pad] = 1
        part = known[self._window]
        tall, wide = heat.shape
        padded = np.pad(
            255 * part, ((0, tall * CELL - len(part)), (0, wide * CELL - part.shape[1])), constant_values=255
        )
        return np.asarray(cv2.resize(padded, (wide, tall), interpolation=cv2.INTER_AREA) >= 127, dtype=np.bool_)

    def _identifies(self, row: Text, words: Sequence[Text]) -> bool:
        """Say whether what was read in a row identifies somebody, word by word or as a whole."""
        read = [word.words for word in sorted(words, key=lambda word: word.x) if word.overlaps(row)]
        return any(map(self._matches, read)) or self._matches(" ".join(read))


def _window(kept: Mask) -> tuple[slice, slice]:
    """Return the smallest window that holds all that is kept."""
    lines, places = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    if not lines.size:
        return slice(0, 0), slice(0, 0)
    return slice(int(lines[0]), int(lines[-1]) + 1), slice(int(places[0]), int(places[-1]) + 1)


def _add(found: list[Text], text: Text) -> None:
    """Add a line, as one with those that stand in its place in other frames."""
    for other in [other for other in found if _same_place(other, text)]:
        found.remove(other)
        x, y = min(other.x, text.x), min(other.y, text.y)
        text = replace(
            text,
            x=x,
            y=y,
            w=max(other.x + other.w, text.x + text.w) - x,
            h=max(other.y + other.h, text.y + text.h) - y,
            first_frame=min(other.first_frame, text.first_frame),
            last_frame=max(other.last_frame, text.last_frame),
        )
    found.append(text)


def _same_place(one: Text, two: Text) -> bool:
    width = min(one.x + one.w, two.x + two.w) - max(one.x, two.x)
    height = min(one.y + one.h, two.y + two.h) - max(one.y, two.y)
    return width > 0 and height > 0 and 2 * width * height >= min(one.w * one.h, two.w * two.h)


def _rows(words: Sequence[Text]) -> list[Text]:
    """Return the words that stay joined to rows, so that each row is read once and as a whole."""
    rows: list[Text] = []
    for word in sorted(words, key=lambda word: word.x):
        bare = replace(word, words="", confidence=0.0)
        beside = next((row for row in rows if _goes_on(row, bare)), None)
        if beside is None:
            rows.append(bare)
            continue
        y = min(beside.y, bare.y)
        height, width = max(beside.y + beside.h, bare.y + bare.h) - y, max(beside.w, bare.x + bare.w - beside.x)
        rows[rows.index(beside)] = replace(beside, y=y, w=width, h=height)
    return rows


def _goes_on(row: Text, word: Text) -> bool:
    shared = min(row.y + row.h, word.y + word.h) - max(row.y, word.y)
    same_frames = (row.first_frame, row.last_frame) == (word.first_frame, word.last_frame)
    return same_frames and 2 * shared >= max(row.h, word.h) and word.x - (row.x + row.w) <= 3 * word.h
