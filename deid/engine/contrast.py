"""Which colour of a small window shows its print best, and what there is ink."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

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
        ground = cv2.medianBlur(plane, _NEIGHBOURHOOD)
        light = float(plane.mean()) >= float(np.median(plane))
        heights = cv2.subtract(plane, ground) if light else cv2.subtract(ground, plane)
        full = float(np.percentile(heights, _FULL))
        clear = full / (float(np.percentile(heights, _REST)) + _NOISE) * min(1.0, full / _FAINT)
        if clear > most:
            stretched = heights.astype(np.float32) * (255.0 / max(_LEAST, full))
            best, most = np.clip(stretched, 0, 255).astype(np.uint8), clear
    return best


def ink(window: Pixels, island: Mask) -> Mask:
    """Return where inside `island` (rows, columns) something stands out by half as much as the most."""
    return np.asarray((clearest(window) > _INK) & island, dtype=np.bool_)


def _planes(window: Pixels) -> Iterator[Grey]:
    red, green, blue = (np.asarray(plane, dtype=np.uint8) for plane in cv2.split(window))
    yield np.maximum(np.maximum(red, green), blue)
    yield np.minimum(np.minimum(red, green), blue)
    yield np.asarray(cv2.addWeighted(blue, 0.5, red, -0.5, 128), dtype=np.uint8)
    both = cv2.addWeighted(red, 0.5, blue, 0.5, 0)
    yield np.asarray(cv2.addWeighted(green, 0.5, both, -0.5, 128), dtype=np.uint8)
