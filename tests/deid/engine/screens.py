"""Paints small screens for the tests of the engine: speckle, and words printed on it."""

import cv2
import numpy as np

ROWS, COLUMNS = 240, 320


def speckle(seed: int, rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Return smeared grain, uint8 (rows, columns, 3), grey."""
    grain = np.random.default_rng(seed).rayleigh(35, (rows, columns)).astype(np.float32)
    grey = cv2.GaussianBlur(grain, (0, 0), 1.5).clip(0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def dark() -> np.ndarray:
    """Return an empty screen."""
    return np.zeros((ROWS, COLUMNS, 3), np.uint8)


def written(
    picture: np.ndarray, words: str, x: int = 60, y: int = 120, colour: tuple[int, int, int] = (255, 255, 255)
) -> np.ndarray:
    """Return a copy of `picture` with `words`, their lower left corner at x, y."""
    result = picture.copy()
    cv2.putText(result, words, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 2, cv2.LINE_AA)
    return result


def everywhere(value: bool = True) -> np.ndarray:
    """Return a mask of the whole screen."""
    return np.full((ROWS, COLUMNS), value)
