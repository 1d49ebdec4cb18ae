"""Fills what the plan covers; the fill is made from uncovered pixels alone, so no trace of a letter can remain."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.geometry import Box

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


def apply(frame: Pixels, kept: Mask, covers: Sequence[Box], *, index: int) -> Pixels:
    """Return a copy of `frame` (rows, columns, 3) with the outside black and the covers of frame `index` filled.

    A cover is filled softly from the kept pixels round it; pixels under any cover never take part.
    """
    result = np.where(kept[:, :, np.newaxis], frame, 0).astype(np.uint8)
    living = [box for box in covers if box.first_frame <= index <= box.last_frame]
    if not living:
        return result
    hidden = np.zeros(kept.shape, dtype=np.bool_)
    for box in living:
        hidden[box.y : box.y + box.h, box.x : box.x + box.w] = True
    free = kept & ~hidden
    for box in living:
        margin = max(8, box.h)
        top, left = max(0, box.y - margin), max(0, box.x - margin)
        window = (slice(top, box.y + box.h + margin), slice(left, box.x + box.w + margin))
        filled = _smooth(result[window].astype(np.float32), free[window].astype(np.float32))
        under = (hidden & kept)[window]
        place = result[window]
        place[under] = filled.round().clip(0, 255).astype(np.uint8)[under]
    return result


def _smooth(values: Floats, weights: Floats) -> Floats:
    """Spread the weighted values over the gaps: averages of ever coarser levels, pulled up where a level is empty."""
    height, width = weights.shape
    if height <= 1 or width <= 1 or bool((weights > 0).all()):
        return values
    small = (max(1, width // 2), max(1, height // 2))
    weighted = cv2.resize(values * weights[:, :, np.newaxis], small, interpolation=cv2.INTER_AREA)
    thinner = np.asarray(cv2.resize(weights, small, interpolation=cv2.INTER_AREA), dtype=np.float32)
    weighted = weighted.reshape(small[1], small[0], 3)
    thinner = thinner.reshape(small[1], small[0])
    known = thinner > 0
    coarse = np.where(known[:, :, np.newaxis], weighted / np.maximum(thinner, 1e-6)[:, :, np.newaxis], 0)
    pulled = _smooth(coarse.astype(np.float32), known.astype(np.float32))
    wide = cv2.resize(pulled, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, 3)
    return np.where(weights[:, :, np.newaxis] > 0, values, wide).astype(np.float32)
