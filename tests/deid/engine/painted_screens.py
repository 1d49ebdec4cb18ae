"""Paints screens of 300 rows for the tests of the area: grounds, bars, and echoes in a place of known shape."""

import cv2
import numpy as np

ROWS, COLUMNS = 300, 400

Colour = tuple[int, int, int]
Mask = np.ndarray


def ground(colour: Colour) -> np.ndarray:
    """Return an even screen, uint8 (rows, columns, 3)."""
    return np.full((ROWS, COLUMNS, 3), colour, np.uint8)


def rectangle(x: int, y: int, right: int, bottom: int) -> Mask:
    """Return a mask of the screen, True inside; `right` and `bottom` lie outside."""
    mask = np.zeros((ROWS, COLUMNS), np.bool_)
    mask[y:bottom, x:right] = True
    return mask


def polygon(*corners: tuple[int, int]) -> Mask:
    """Return a mask of the screen, True inside the corners (x, y)."""
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.fillPoly(mask, [np.array(corners, np.int32)], 1)
    return mask > 0


def fan(x: int = 200, apex: int = 40, near: float = 0.0, far: float = 220.0, half: float = 0.6) -> Mask:
    """Return a fan below its apex: between two radii in pixels, `half` its half angle in radians."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    radius = np.hypot(columns - x, rows - apex)
    turn = np.arctan2(columns - x, rows - apex)
    return (radius >= near) & (radius <= far) & (np.abs(turn) <= half)


def echoes(picture: np.ndarray, place: Mask, *, level: float = 60, seed: int = 3) -> np.ndarray:
    """Return a copy of `picture` with smeared grain in `place`."""
    grain = np.random.default_rng(seed).rayleigh(level, place.shape).astype(np.float32)
    grey = cv2.GaussianBlur(grain, (0, 0), 1.1).clip(0, 255).astype(np.uint8)
    return np.where(place[:, :, None], grey[:, :, None], picture).astype(np.uint8)


def with_bar(picture: np.ndarray, height: int, *, colour: Colour = (18, 38, 92)) -> np.ndarray:
    """Return a copy of `picture` with a bar of two lines of text along its top."""
    result = picture.copy()
    result[:height] = colour
    for line in range(2):
        row = round(height * (0.42 + 0.5 * line))
        cv2.putText(result, "LINDEN MARA  1988-02-03", (12, row), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return result


def through_jpeg(picture: np.ndarray, *, quality: int) -> np.ndarray:
    """Return `picture` as a JPEG of this quality shows it."""
    _, packed = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[:, :, ::-1])


def near(mask: Mask, reach: int = 6) -> Mask:
    """Return `mask` widened by `reach` pixels."""
    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
