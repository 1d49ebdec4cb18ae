"""The ultrasound area: declared regions that agree with the pixels, or else the sector found in the pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from deid.engine import declared_regions, declared_texts, sector
from deid.engine.declared_regions import Rectangle
from deid.engine.sector import Sector

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Heat = npt.NDArray[np.float32]

# echoes in the declared regions: of the screen, of all echoes, and those across the regions' edges; where fewer than
# the second share go across, buttons and small pictures beside the regions may be more
_LEAST_SEEN, _MOSTLY, _MANY, _CROSSING, _HARDLY = 0.004, 0.85, 0.7, 0.06, 0.03
# pictures much smaller than the regions that they disagree with are not all that was declared
_LEAST_FOUND = 0.25
# a picture lies beside the declared regions
_OUTSIDE = 0.08
# the regions' edges may be drawn so many rows inside the echoes
_SLACK = 1 / 96
# so few rows show whether they agree
_FEW_ROWS = 240
_RIM = 1 / 64


@dataclass(frozen=True, slots=True)
class Area:
    """What is kept: `mask` is (rows, columns), True inside; `sector` is the part with echoes; doubt is `certain`
    False.
    """

    mask: Mask
    sector: Mask
    certain: bool


def find(dataset: Dataset, frames: Sequence[Pixels], text: Heat | None = None) -> Area:
    """Return the area of `frames` (RGB, equal sizes), from SequenceOfUltrasoundRegions where the pixels agree.

    A declared region is taken if its corners (inclusive, PS3.3 C.8.5.5) lie inside the picture, if it is not the
    whole screen, and if the pictures seen in the pixels lie inside the regions; bars painted over the screen's width
    are not kept. Otherwise the pictures themselves are the area, and the area is certain only if they have the shape
    and size of such. Boxes in which the file itself says that it names the patient are never kept. `text` is the
    probability of text per cell of 4 x 4 pixels of the frames (ceil(rows / 4), ceil(columns / 4)).
    """
    rows, columns = frames[0].shape[:2]
    declared = _mask(declared_regions.rectangles(dataset, rows=rows, columns=columns), (rows, columns))
    named = _mask(declared_texts.rectangles(dataset, rows=rows, columns=columns), (rows, columns))
    seen, agrees = _sector(frames, text, declared)
    if agrees:
        mask = _with_undeclared(declared & ~_deep(declared & seen.bars), seen) & ~named
        return Area(mask=mask, sector=_with_rim(seen.mask) & mask, certain=True)
    whole = int(seen.mask.sum()) >= _LEAST_FOUND * int(declared.sum())
    return Area(mask=seen.mask & ~named, sector=seen.mask & ~named, certain=seen.certain and whole)


def _mask(rectangles: Sequence[Rectangle], shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, dtype=np.bool_)
    for x0, y0, x1, y1 in rectangles:
        mask[y0 : y1 + 1, x0 : x1 + 1] = True
    return mask


def _sector(frames: Sequence[Pixels], text: Heat | None, declared: Mask) -> tuple[Sector, bool]:
    """Return the pictures seen, and whether the `declared` regions agree with their broad echoes."""
    if not declared.any():
        return sector.find(frames, text), False
    agrees: list[bool] = []

    def agree(first: Sector) -> bool:
        agrees.append(_agree(first.echoes, declared))
        return agrees[-1]

    return sector.find(frames, text, enough=agree), agrees[-1]


def _agree(echoes: Mask, declared: Mask) -> bool:
    """Most echoes lie in the declared regions, and hardly any across their edges; those of a scaled file do."""
    step = max(1, len(declared) // _FEW_ROWS)
    echoes, declared = echoes[::step, ::step], declared[::step, ::step]
    inside, everywhere = int((echoes & declared).sum()), int(echoes.sum())
    if inside < max(_LEAST_SEEN * declared.size, _MANY * everywhere):
        return False
    reach = max(2, round(_SLACK * len(declared)))
    within, around = ~_widened(~declared, reach), _widened(declared, reach)
    edge = around & ~within
    crossing = _widened(echoes & within, reach + 1) & _widened(echoes & ~around, reach + 1) & edge
    most = _CROSSING if inside >= _MOSTLY * everywhere else _HARDLY
    return int(crossing.sum()) <= most * int(edge.sum())


def _shares(seen: Sector, declared: Mask) -> list[float]:
    """Return how much of each picture lies in the declared regions."""
    return [int((part & declared).sum()) / max(1, int(part.sum())) for part in seen.parts]


def _with_undeclared(declared: Mask, seen: Sector) -> Mask:
    """Return `declared` with the large pictures beside it: some machines declare only the first of two."""
    if not seen.certain:
        return declared
    mask = declared.copy()
    for part, share in zip(seen.parts, _shares(seen, declared), strict=True):
        if share <= _OUTSIDE:
            mask |= part
    return mask


def _with_rim(mask: Mask) -> Mask:
    """Return `mask` with a narrow rim: at its very edge are echoes still, and no text on the dark."""
    return _widened(mask, max(3, round(_RIM * len(mask))))


def _deep(bars: Mask) -> Mask:
    """Return `bars` without what is so low that it may be the edge of what is beside them."""
    reach = max(2, round(_SLACK * len(bars)))
    return np.asarray(cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_OPEN, np.ones((reach + 1, 1), np.uint8)) > 0)


def _widened(mask: Mask, reach: int) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0, dtype=np.bool_)
