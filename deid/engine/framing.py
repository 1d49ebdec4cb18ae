"""The patient's picture: a cleaned frame cut to its ultrasound area, with a margin of black, under the clinic's strip.

Side columns and identity strips leave wide black places behind; cut away, the child fills a telephone. The master keeps
the rows and columns of the source, and so do all boxes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deid.engine import branding
from deid.engine.brand import Brand

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]

# as a share of the area's longer side, and at least so many pixels
_MARGIN = 0.025
_LEAST_MARGIN = 8
# narrower pictures, in pixels and as a share of their height, leave the strip no room
_NARROWEST = 240
_SLIMMEST = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Framing:
    """One framing for all frames of an instance: `left` and `top` are the cut's corner in source pixels, outside the
    source where its margin is, `size` the cut's rows and columns, `source` those of the source; all sides are even.
    With `top_strip` the strip stands at the top of the patient's picture, else at its bottom.
    """

    left: int
    top: int
    size: tuple[int, int]
    source: tuple[int, int]
    strip: Pixels
    top_strip: bool = True

    @property
    def rows(self) -> int:
        """Return the rows of the patient's picture, an even number."""
        return int(self.strip.shape[0]) + self.size[0]

    @property
    def columns(self) -> int:
        """Return the columns of the patient's picture, an even number."""
        return self.size[1]

    @property
    def origin(self) -> tuple[int, int]:
        """Return where the source's first pixel lies in the patient's picture, x before y, perhaps outside it."""
        return -self.left, self._above - self.top

    @property
    def cut(self) -> tuple[int, int, int, int]:
        """Return left, top, columns and rows of the cut in source pixels."""
        return self.left, self.top, self.size[1], self.size[0]

    @property
    def _above(self) -> int:
        """Return the rows over the cut."""
        return int(self.strip.shape[0]) if self.top_strip else 0

    def picture_of(self, frame: Pixels) -> Pixels:
        """Return the patient's picture of a cleaned `frame`, `uint8` (rows, columns, 3)."""
        result = np.zeros((self.rows, self.columns, 3), dtype=np.uint8)
        height, above = self.strip.shape[0], self._above
        start = 0 if self.top_strip else self.size[0]
        result[start : start + height] = self.strip
        there, here = self._places()
        result[above : above + self.size[0]][there] = frame[here]
        return result

    def source_of(self, picture: Pixels) -> Pixels:
        """Return what a patient's picture shows of the source, at its place and without strip; the rest is black."""
        result = np.zeros((*self.source, 3), dtype=np.uint8)
        there, here = self._places()
        result[here] = picture[self._above : self._above + self.size[0]][there]
        return result

    def _places(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """Return the slices of the cut and of the source that show the same."""
        rows, columns = self.source
        y0, y1 = max(0, self.top), min(rows, self.top + self.size[0])
        x0, x1 = max(0, self.left), min(columns, self.left + self.size[1])
        there = slice(y0 - self.top, y1 - self.top), slice(x0 - self.left, x1 - self.left)
        return there, (slice(y0, y1), slice(x0, x1))


def of(brand: Brand | None, kept: Mask) -> Framing:
    """Frame pictures whose ultrasound area is `kept` (rows, columns); without a brand there is no strip.

    Raises ValueError for colours or a logo that cannot be read.
    """
    lines, places = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    top, bottom = (int(lines[0]), int(lines[-1]) + 1) if lines.size else (0, int(kept.shape[0]))
    left, right = (int(places[0]), int(places[-1]) + 1) if places.size else (0, int(kept.shape[1]))
    margin = max(_LEAST_MARGIN, round(_MARGIN * max(bottom - top, right - left)))
    rows = _even(bottom - top + 2 * margin)
    columns = _even(max(right - left + 2 * margin, _NARROWEST, round(_SLIMMEST * rows)))
    cut = (left - (columns - (right - left)) // 2, top - (rows - (bottom - top)) // 2, columns, rows)
    return around(brand, cut, source=(int(kept.shape[0]), int(kept.shape[1])))


def around(brand: Brand | None, cut: tuple[int, int, int, int], *, source: tuple[int, int]) -> Framing:
    """Frame pictures of `source` rows and columns by a `cut` that is known (left, top, columns, rows), as `of` does."""
    left, top, columns, rows = cut
    height = 0 if brand is None else branding.height_for(columns, brand.height)
    return Framing(
        left=left,
        top=top,
        size=(rows, columns),
        source=source,
        strip=np.zeros((0, columns, 3), np.uint8) if brand is None else branding.draw(brand, columns, height),
        top_strip=brand is None or brand.top,
    )


def _even(length: int) -> int:
    return length + length % 2
