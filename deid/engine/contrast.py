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
# strokes are about this share of the height of their print wide, those of bold print twice that
_STROKE, _BOLD = 0.25, 0.4
_THINNEST = 3
# what stands out by so many of a hundred of the most is the core of a stroke
_CORE = 0.6


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
            best, most = _stretched(np.asarray(heights, dtype=np.uint8)), clear
    return best


def ink(window: Pixels, island: Mask) -> Mask:
    """Return where inside `island` (rows, columns) something stands out by half as much as the most."""
    return np.asarray((clearest(window) > _INK) & island, dtype=np.bool_)


def in_one_colour(window: Pixels, tall: int) -> Grey:
    """Return the strokes of print of `tall` pixels in `window` (rows, columns, 3) that have the print's own colour.

    `uint8` up to full light, by the white top hat (Meyer 1979), so that print with an outline and print across an edge
    stand out.
    """
    bright = np.asarray(window.max(axis=2), dtype=np.uint8)
    return _stretched(_strokes(_likeness(window, _strokes(bright, tall, _BOLD)), tall, _BOLD))


def thin_strokes(window: Pixels, tall: int) -> Grey:
    """Return what is bright and thin for print of `tall` pixels in `window` (rows, columns, 3), `uint8`."""
    return _stretched(_strokes(np.asarray(window.max(axis=2), dtype=np.uint8), tall, _STROKE))


def _likeness(window: Pixels, strokes: Grey) -> Grey:
    """Return how far every pixel goes from the colour of the ground to that of the strokes."""
    inked = strokes > _CORE * float(np.percentile(strokes, _FULL))
    if not inked.any() or inked.all():
        return strokes
    ground = np.median(window[~inked], axis=0)
    way = np.median(window[inked], axis=0) - ground
    along = (window.astype(np.float32) - ground) @ (way / max(1.0, float(np.linalg.norm(way))))
    return np.asarray(np.clip(along, 0, 255), dtype=np.uint8)


def _strokes(plane: Grey, tall: int, share: float) -> Grey:
    size = max(_THINNEST, round(share * tall))
    kernel = np.ones((size, size), np.uint8)
    found = cv2.morphologyEx(plane, cv2.MORPH_TOPHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.uint8)


def _stretched(heights: Grey) -> Grey:
    full = max(_LEAST, float(np.percentile(heights, _FULL)))
    return np.asarray(np.clip(heights.astype(np.float32) * (255.0 / full), 0, 255), dtype=np.uint8)


def _planes(window: Pixels) -> Iterator[Grey]:
    red, green, blue = (np.asarray(plane, dtype=np.uint8) for plane in cv2.split(window))
    yield np.maximum(np.maximum(red, green), blue)
    yield np.minimum(np.minimum(red, green), blue)
    yield np.asarray(cv2.addWeighted(blue, 0.5, red, -0.5, 128), dtype=np.uint8)
    both = cv2.addWeighted(red, 0.5, blue, 0.5, 0)
    yield np.asarray(cv2.addWeighted(green, 0.5, both, -0.5, 128), dtype=np.uint8)
