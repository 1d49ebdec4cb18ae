"""How well a detector's heat finds the text of painted screens, before anything is read, decided or covered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from deid.training.screens import Screen
from deid.training.targets import CELL, LEGIBLE, contrasts

Heat = npt.NDArray[np.float32]

# a text is found where no more than this share of its ink stays
_FEW = 0.1
_REACH = 1


@dataclass(slots=True)
class Finding:
    """At one threshold: texts looked for and found, inside the area and outside, and for every screen the share of the
    area's text-free cells that were taken for text.
    """

    threshold: float
    inside: int = 0
    inside_found: int = 0
    outside: int = 0
    outside_found: int = 0
    false_shares: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float | int]:
        """Return the counts, with the mean of the shares."""
        mean = sum(self.false_shares) / max(1, len(self.false_shares))
        return {
            "threshold": self.threshold,
            "inside": self.inside,
            "inside_found": self.inside_found,
            "outside": self.outside,
            "outside_found": self.outside_found,
            "false_share": round(mean, 6),
        }


def validate(
    screens: Iterable[Screen], heat: Callable[[npt.NDArray[np.uint8]], Heat], thresholds: Sequence[float]
) -> list[Finding]:
    """Look at every screen once and count for every threshold; ink that nobody can read does not count."""
    findings = [Finding(threshold) for threshold in thresholds]
    for screen in screens:
        found = heat(screen.pixels)
        free = _free(screen)
        for finding in findings:
            _count(finding, screen, found > finding.threshold)
            if free.any():
                finding.false_shares.append(float((found > finding.threshold)[free].mean()))
    return findings


def _count(finding: Finding, screen: Screen, text: npt.NDArray[np.bool_]) -> None:
    near = np.asarray(cv2.dilate(text.astype(np.uint8), np.ones((2 * _REACH + 1,) * 2, np.uint8)), dtype=np.bool_)
    rows, columns = screen.labels.shape
    covered = near.repeat(CELL, axis=0).repeat(CELL, axis=1)[:rows, :columns]
    for number, (printed, contrast) in enumerate(zip(screen.printed, contrasts(screen), strict=True), start=1):
        if contrast < LEGIBLE:
            continue
        x, y, w, h = printed.box
        ink = screen.labels[y : y + h, x : x + w] == number
        left = float((ink & ~covered[y : y + h, x : x + w]).sum()) / max(1, int(ink.sum()))
        if printed.inside:
            finding.inside += 1
            finding.inside_found += left <= _FEW
        else:
            finding.outside += 1
            finding.outside_found += left <= _FEW


def _free(screen: Screen) -> npt.NDArray[np.bool_]:
    """Return the cells of the area that are far from any ink."""
    busy = cv2.dilate(((screen.labels > 0) | screen.ignored).astype(np.uint8), np.ones((17, 17), np.uint8)) > 0
    return np.asarray((screen.area & ~busy)[::CELL, ::CELL], dtype=np.bool_)
