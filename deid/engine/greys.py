"""How the grey levels of a plane are spread, counted once for every share of them that is asked for."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

_LEVELS = np.arange(256)


@dataclass(frozen=True, slots=True, eq=False)
class Greys:
    """How many pixels of a plane are as bright as each of the 256 levels, or darker."""

    up_to: npt.NDArray[np.int64]

    @classmethod
    def of(cls, plane: Grey) -> "Greys":
        """Count the pixels of `plane` (rows, columns); at least one."""
        return cls.counted(cv2.calcHist([plane], [0], None, [256], [0, 256]))

    @classmethod
    def counted(cls, counts: npt.ArrayLike) -> "Greys":
        """Take how many pixels have each of the 256 levels."""
        return cls(np.asarray(counts, dtype=np.int64).cumsum())

    @property
    def mean(self) -> float:
        """Return the mean level."""
        return float(np.diff(self.up_to, prepend=0) @ _LEVELS) / int(self.up_to[-1])

    def percentile(self, share: float) -> float:
        """Return the level below which `share` of a hundred pixels lie, between two levels as `numpy.percentile`."""
        place = share / 100 * (int(self.up_to[-1]) - 1)
        low, high = (int(level) for level in np.searchsorted(self.up_to, (int(place), int(place) + 1), side="right"))
        part = place - int(place)
        return high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part if part else float(low)


def changed(plane: Grey, change: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.floating]]) -> Grey:
    """Return `plane` with every level as `change` has it, cut to 0 to 255 and down to whole levels."""
    table = np.clip(change(_LEVELS.astype(np.uint8)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(plane, table), dtype=np.uint8)
