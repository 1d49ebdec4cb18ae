"""How well a detector's heat finds the text of painted screens, before anything is read, decided or covered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from deid.training.screens import Screen
from deid.training.targets import CELL, LEGIBLE, contrasts

Heat = npt.NDArray[np.float32]

# a text is found where no more than this share of its ink stays
_FEW = 0.1
_REACH = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """At one threshold: texts looked for and found, inside the area and outside, and the share of the area's text-free
    cells that were taken for text.
    """

    threshold: float
    inside: int
    inside_found: int
    outside: int
    outside_found: int
    false_share: float


def validate(
    screens: Iterable[Screen], heat: Callable[[npt.NDArray[np.uint8]], Heat], thresholds: Sequence[float]
) -> list[Finding]:
    """Look at every screen once and count for every threshold; ink that nobody can read does not count."""
    counts = {threshold: np.zeros(4, np.int64) for threshold in thresholds}
    false: dict[float, list[float]] = {threshold: [] for threshold in thresholds}
    for screen in screens:
        found = heat(screen.pixels)
        read = [number for number, contrast in enumerate(contrasts(screen), start=1) if contrast >= LEGIBLE]
        for threshold in thresholds:
            covered = cv2.dilate((found > threshold).astype(np.uint8), np.ones((2 * _REACH + 1,) * 2, np.uint8))
            pixels = _enlarged(covered, screen.labels.shape)
            for number in read:
                printed = screen.printed[number - 1]
                x, y, w, h = printed.box
                ink = screen.labels[y : y + h, x : x + w] == number
                left = float((ink & (pixels[y : y + h, x : x + w] == 0)).sum()) / max(1, int(ink.sum()))
                counts[threshold] += np.array(
                    [
                        printed.inside,
                        printed.inside and left <= _FEW,
                        not printed.inside,
                        not printed.inside and left <= _FEW,
                    ]
                )
            free = _free(screen)
            if free.any():
                false[threshold].append(float((found > threshold)[free].mean()))
    return [
        Finding(threshold, *(int(value) for value in counts[threshold]), false_share=float(np.mean(false[threshold])))
        for threshold in thresholds
    ]


def _enlarged(cells: npt.NDArray[np.uint8], shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    return cells.repeat(CELL, axis=0).repeat(CELL, axis=1)[: shape[0], : shape[1]]


def _free(screen: Screen) -> npt.NDArray[np.bool_]:
    """Return the cells of the area that are far from any ink."""
    busy = cv2.dilate(((screen.labels > 0) | screen.ignored).astype(np.uint8), np.ones((17, 17), np.uint8)) > 0
    return np.asarray((screen.area & ~busy)[::CELL, ::CELL], dtype=np.bool_)
