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
        levels = Greys.of(plane)
        light = levels.mean >= levels.percentile(50)
        heights = np.asarray(cv2.subtract(plane, ground) if light else cv2.subtract(ground, plane), dtype=np.uint8)
        levels = Greys.of(heights)
        full = levels.percentile(_FULL)
        clear = full / (levels.percentile(_REST) + _NOISE) * min(1.0, full / _FAINT)
        if clear > most:
            best, most = _stretched(heights, full), clear
    return best


def ink(window: Pixels, island: Mask) -> Mask:
    """Return where inside `island` (rows, columns) something stands out by half as much as the most."""
    return np.asarray((clearest(window) > _INK) & island, dtype=np.bool_)


def in_one_colour(window: Pixels, tall: int) -> Grey:
    """Return the strokes of print of `tall` pixels in `window` (rows, columns, 3) that have the print's own colour.

    `uint8` up to full light, by the white top hat (Meyer 1979), so that print with an outline and print across an edge
    stand out.
    """
    strokes = _strokes(_likeness(window, _strokes(_brightest(window), tall, _BOLD)), tall, _BOLD)
    return _stretched(strokes, Greys.of(strokes).percentile(_FULL))


def thin_strokes(window: Pixels, tall: int) -> Grey:
    """Return what is bright and thin for print of `tall` pixels in `window` (rows, columns, 3), `uint8`."""
    strokes = _strokes(_brightest(window), tall, _STROKE)
    return _stretched(strokes, Greys.of(strokes).percentile(_FULL))


def _likeness(window: Pixels, strokes: Grey) -> Grey:
    """Return how far every pixel goes from the colour of the ground to that of the strokes."""
    inked = strokes > _CORE * Greys.of(strokes).percentile(_FULL)
    if not inked.any() or inked.all():
        return strokes
    ground = _usual(window, ~inked)
    way = _usual(window, inked) - ground
    along = (window.astype(np.float32) - ground) @ (way / max(1.0, float(np.linalg.norm(way))))
    return np.asarray(np.clip(along, 0, 255), dtype=np.uint8)


def _usual(window: Pixels, among: Mask) -> npt.NDArray[np.float64]:
    return np.array([Greys.of(plane, among).percentile(50) for plane in _channels(window)])


def _strokes(plane: Grey, tall: int, share: float) -> Grey:
    size = max(_THINNEST, round(share * tall))
    kernel = np.ones((size, size), np.uint8)
    found = cv2.morphologyEx(plane, cv2.MORPH_TOPHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.uint8)


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
    yield _brightest(window)
    yield np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)
    yield np.asarray(cv2.addWeighted(blue, 0.5, red, -0.5, 128), dtype=np.uint8)
    both = cv2.addWeighted(red, 0.5, blue, 0.5, 0)
    yield np.asarray(cv2.addWeighted(green, 0.5, both, -0.5, 128), dtype=np.uint8)
