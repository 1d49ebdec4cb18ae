"""What the network is to say of a screen: for each cell text, no text, or no matter; and how much each cell counts."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from deid.training.screens import Screen

CELL = 4
NO_TEXT, TEXT, NO_MATTER = 0, 1, 255

# ink that differs from its ground by fewer grey levels than this nobody can read
LEGIBLE = 10.0
# a word of so many cells counts as it is; each cell of a shorter one counts for more, of a longer one for less
_USUAL_CELLS = 40.0
_WEIGHTS = (0.4, 4.0)
# a weight of one, as it is stored
UNIT = 32


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """`cells` uint8 (rows / 4, columns / 4) of NO_TEXT, TEXT, NO_MATTER; `weights` uint8 of the same shape in UNITs."""

    cells: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.uint8]


def targets(screen: Screen) -> Targets:
    """Return what is to be said of a screen; cells round ink and ink that nobody can read are of no matter."""
    rows, columns = screen.labels.shape
    tall, wide = -(-rows // CELL), -(-columns // CELL)
    cells = np.zeros((tall, wide), np.uint8)
    weights = np.full((tall, wide), UNIT, np.uint8)
    unread = np.zeros((tall, wide), np.bool_)
    for number, contrast in enumerate(contrasts(screen), start=1):
        inked = _cells_of(screen, number)
        if inked is None:
            continue
        place, here = inked
        if contrast < LEGIBLE:
            unread[place] |= here
            continue
        weight = np.clip(np.sqrt(_USUAL_CELLS / max(1, int(here.sum()))), *_WEIGHTS)
        cells[place][here] = TEXT
        weights[place][here] = round(float(weight) * UNIT)
    near = cv2.dilate(cells, np.ones((3, 3), np.uint8)) > 0
    blurred = unread | _shrunk(screen.ignored)
    no_matter = (near | cv2.dilate(blurred.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)) & (cells == 0)
    cells[no_matter] = NO_MATTER
    return Targets(cells, weights)


def contrasts(screen: Screen) -> list[float]:
    """Return for each printed text the mean difference of its ink from its ground, in grey levels of 255."""
    change = cv2.absdiff(screen.pixels, screen.clean).max(axis=2).ravel()
    labels = screen.labels.ravel()
    counts = np.bincount(labels, minlength=len(screen.printed) + 1)[1:]
    sums = np.bincount(labels, weights=change, minlength=len(screen.printed) + 1)[1:]
    return [float(value) for value in sums / np.maximum(counts, 1)]


def _cells_of(screen: Screen, number: int) -> tuple[tuple[slice, slice], npt.NDArray[np.bool_]] | None:
    x, y, w, h = screen.printed[number - 1].box
    top, left = max(0, y // CELL - 1), max(0, x // CELL - 1)
    bottom, right = (y + h) // CELL + 2, (x + w) // CELL + 2
    ink = screen.labels[top * CELL : bottom * CELL, left * CELL : right * CELL] == number
    if not ink.any():
        return None
    here = _shrunk(ink)
    return (slice(top, top + here.shape[0]), slice(left, left + here.shape[1])), here


def _shrunk(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which cells hold any True pixel."""
    rows, columns = mask.shape
    padded = np.pad(mask, ((0, -rows % CELL), (0, -columns % CELL)))
    tall, wide = padded.shape[0] // CELL, padded.shape[1] // CELL
    return np.asarray(padded.reshape(tall, CELL, wide, CELL).any(axis=(1, 3)), dtype=np.bool_)
