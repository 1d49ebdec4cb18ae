"""Which colour of a small window shows its print best, and what there is ink."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import greys
from deid.engine.greys import Greys

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# in a neighbourhood so wide, in pixels, less than half is print
_NEIGHBOURHOOD = 21
# print fills a few per cent of a window at least, and less than a third
_FULL, _REST = 97, 70
_LEAST, _NOISE = 8.0, 8.0
# what stands out by fewer grey levels than this is not preferred for being even
_FAINT = 24.0
_INK = 128


def clearest(window: Pixels) -> Grey:
    """Return how far the print in `window` (rows, columns, 3) stands out of its ground, `uint8`, up to full light.

    Of the brightest and the darkest channel, blue against red, and green against both, each light on dark and dark on
    light, the one counts in which most stands out of the ground, which is the median of a neighbourhood.
    """
    best, most = np.zeros(window.shape[:2], np.uint8), -1.0
    for plane in _planes(window):
        if _at_best(plane) <= most:
            continue
        ground = cv2.medianBlur(plane, _NEIGHBOURHOOD)
        levels = Greys.of(plane)
        light = levels.mean >= levels.percentile(50)
        heights = np.asarray(cv2.subtract(plane, ground) if light else cv2.subtract(ground, plane), dtype=np.uint8)
        levels = Greys.of(heights)
        full = levels.percentile(_FULL)
        clear = _clear(full, levels.percentile(_REST))
        if clear > most:
            best, most = _stretched(heights, full), clear
    return best


def ink(window: Pixels, island: Mask) -> Mask:
    """Return where inside `island` (rows, columns) something stands out by half as much as the most."""
    return np.asarray((clearest(window) > _INK) & island, dtype=np.bool_)


def _clear(full: float, rest: float) -> float:
    """Return how far print that stands out by `full` levels does so more than the `rest`."""
    return full / (rest + _NOISE) * min(1.0, full / _FAINT)


def _at_best(plane: Grey) -> float:
    """Return how clear print can be at most on a plane with so many levels."""
    lowest, highest, _, _ = cv2.minMaxLoc(plane)
    return _clear(highest - lowest, 0.0)


def _stretched(heights: Grey, full: float) -> Grey:
    return greys.changed(heights, lambda levels: levels.astype(np.float32) * (255.0 / max(_LEAST, full)))


def _channels(window: Pixels) -> tuple[Grey, Grey, Grey]:
    red, green, blue = (np.asarray(plane, dtype=np.uint8) for plane in cv2.split(window))
    return red, green, blue


def _brightest(window: Pixels) -> Grey:
    red, green, blue = _channels(window)
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)


def _planes(window: Pixels) -> Iterator[Grey]:
    red, green, blue = _channels(window)
    brightest, darkest = _brightest(window), np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
    yield brightest
    if np.array_equal(brightest, darkest):
        # grey all over
        return
    yield darkest
    yield np.asarray(cv2.addWeighted(blue, 0.5, red, -0.5, 128), dtype=np.uint8)
    both = cv2.addWeighted(red, 0.5, blue, 0.5, 0)
    yield np.asarray(cv2.addWeighted(green, 0.5, both, -0.5, 128), dtype=np.uint8)
