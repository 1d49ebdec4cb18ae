"""Fills what the plan covers; the fill is made from uncovered pixels alone, so no trace of a letter can remain."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.geometry import Box

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_RING = 6
_DARK = 24


def apply(frame: Pixels, kept: Mask, covers: Sequence[Box], *, index: int) -> Pixels:
    """Return a copy of `frame` (rows, columns, 3) with the outside black and the covers of frame `index` filled.

    Covers that touch are filled as one, from the kept pixels round them: evenly where these are dark, softly where they
    show echoes. Pixels under any cover never take part.
    """
    result = np.zeros_like(frame)
    np.copyto(result, frame, where=kept[:, :, np.newaxis])
    living = [box for box in covers if box.first_frame <= index <= box.last_frame]
    if not living:
        return result
    hidden = np.zeros(kept.shape, dtype=np.uint8)
    for box in living:
        hidden[box.y : box.y + box.h, box.x : box.x + box.w] = 1
    free = kept & (hidden == 0)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(hidden, connectivity=8)
    for label, (x, y, w, h, _) in enumerate(stats.tolist()[1:], start=1):
        margin = max(8, min(h, 40))
        rows, columns = slice(max(0, y - margin), y + h + margin), slice(max(0, x - margin), x + w + margin)
        under = (labels[rows, columns] == label) & kept[rows, columns]
        filled = _fill(result[rows, columns], free[rows, columns], under)
        result[rows, columns][under] = filled[under]
    return result


def _fill(values: Pixels, free: Mask, under: Mask) -> Pixels:
    """Return what to show under a cover: the ground's own colour on the dark, else the echoes round it, smoothed."""
    near = cv2.dilate(under.astype(np.uint8), np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)) > 0
    ring = values[near & free]
    if ring.size == 0:
        return np.zeros_like(values)
    ground = np.median(ring, axis=0)
    if float(ground.max()) < _DARK:
        return np.broadcast_to(ground.astype(np.uint8), values.shape)
    # other text and bright edges beside the cover are not dragged into it
    lowest, highest = np.percentile(ring, (4, 88), axis=0)
    even = np.clip(values.astype(np.float32), lowest, highest).astype(np.float32)
    return np.asarray(_smooth(even, free.astype(np.float32)).round().clip(0, 255), dtype=np.uint8)


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
