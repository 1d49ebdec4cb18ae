"""Text burned into the kept pixels: lines that the network finds, and the words that are read in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deid.engine import contrast, detector, drowned, regrouping, rereading, text_lines, word_edges
from deid.engine.detector import Heat
from deid.engine.ocr import Crop
from deid.engine.reading import Text

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# the longest so many lines are read; what is not read is covered
_MOST_READ = 96
# a row lower than this is hardly ever read aright
_LOW = 8
# ink is brighter than this in a stretched crop, and a row of it has this share of the brightest row's light
_INK = 128
_FAIR = 0.12


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look: `kept` (rows, columns) will stay; `seconds` bounds one call of the reader."""

    kept: Mask
    seconds: float


def find(picture: Pixels, scene: Scene, *, heat: Heat | None = None) -> list[Text]:
    """Return lines and words of one picture (RGB), all with frames 0 to 0; lines carry no words, words do.

    `heat` is the detector's, where the caller has it already. Raises Held(DETECTOR_FAILED), Held(OCR_MISSING) without
    Tesseract, Held(OCR_FAILED) when it fails or outlasts `scene.seconds`.
    """
    lines = unread(picture, scene, heat=heat)
    legible = sorted((line for line in lines if line.h >= _LOW), key=lambda line: -line.glyphs)[:_MOST_READ]

    def read(rows: Sequence[Text]) -> list[list[Text]]:
        high = [row for row in rows if row.h >= _LOW]
        crops = [crop_of(row, picture) for row in high]
        said = rereading.read_each(crops, seconds=scene.seconds)
        fitted = [word_edges.fitted(words, crop) for words, crop in zip(said, crops, strict=True)]
        words_of = dict(zip(high, fitted, strict=True))
        return [words_of.get(row, []) for row in rows]

    readings = dict(zip(legible, read(legible), strict=True))
    lines, words = regrouping.mended(lines, readings, read=read, parted=lambda line: _rows_in(line, picture))
    return lines + words


def unread(picture: Pixels, scene: Scene, *, heat: Heat | None = None) -> list[Text]:
    """Return the lines of one picture without reading them; raises Held(DETECTOR_FAILED)."""
    seen = detector.heat(picture) if heat is None else heat
    return text_lines.lines(drowned.completed(seen, picture, scene.kept), scene.kept, picture=picture)


def _rows_in(line: Text, picture: Pixels) -> list[Text]:
    crop = crop_of(line, picture)
    return regrouping.rows_in(line, crop.image, top=crop.y)


def crop_of(line: Text, picture: Pixels) -> Crop:
    """Cut `line` with a margin out of the picture, in the colour in which it stands out most, bright on black."""
    pad = max(2, line.h // 5)
    top, left = max(0, line.y - pad), max(0, line.x - 2 * pad)
    window = picture[top : line.y + line.h + pad, left : line.x + line.w + 2 * pad]
    image = contrast.clearest(window)
    return Crop(line=replace(line, h=_height(image, line)), image=image, x=left, y=top, window=window)


def _height(image: Grey, line: Text) -> int:
    """Return how tall the ink of a line is: its rows with a fair share of the brightest row's light."""
    light = np.where(image > _INK, image, 0).sum(axis=1, dtype=np.int64)
    lit = np.flatnonzero(light > _FAIR * light.max())
    return min(line.h, int(lit[-1] - lit[0]) + 1) if lit.size else line.h
