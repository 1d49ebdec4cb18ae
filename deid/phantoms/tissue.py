"""A sheet of tissue in centimetres: how it scatters, how it reflects, how much sound it takes away."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
Floats = npt.NDArray[np.float32]
_NEUTRAL = 100


class Tissue:
    """Three sheets of equal size: `grey` (wanted brightness, 0 to 1), `hard` (mirror), `dense` (absorption).

    The sheet runs from `-half` to `half` and from `top` (above 0) to `depth`, in centimetres.
    Dense is 0 for neutral tissue, above 0 for shadowing bone and below 0 for fluid.
    """

    def __init__(self, half: float, depth: float, *, scale: float, rng: np.random.Generator) -> None:
        self.half, self.depth, self.scale, self.rng = half, depth, scale, rng
        self.top = -2.0
        self._zoom, self._shift = 1.0, (0.0, 0.0)
        size = (int(2 * half * scale) + 2, int((depth - self.top) * scale) + 2)
        self._grey = Image.new("L", size, 90)
        self._hard = Image.new("L", size, 0)
        self._dense = Image.new("L", size, _NEUTRAL)

    def fill(
        self,
        points: Sequence[Point],
        grey: float,
        *,
        soft: float = 0.04,
        hard: float | None = None,
        dense: float = 0.0,
        mottle: float = 0.0,
    ) -> None:
        """Fill a closed outline; `soft` blurs its edge (centimetres), `mottle` makes its grey uneven."""
        self._lay([self._pixel(p) for p in points], None, (grey, hard, dense, mottle), soft)

    def stroke(
        self,
        points: Sequence[Point],
        grey: float,
        *,
        width: float,
        soft: float = 0.03,
        hard: float | None = None,
        dense: float = 0.0,
    ) -> None:
        """Draw a line of `width` centimetres through the points."""
        broad = width * self.scale * self._zoom
        self._lay([self._pixel(p) for p in points], broad, (grey, hard, dense, 0.0), soft)

    @contextmanager
    def enlarged(self, zoom: float, shift: Point) -> Iterator[None]:
        """Draw within the block `zoom` times as large and moved by `shift` centimetres."""
        before = self._zoom, self._shift
        self._zoom, self._shift = zoom, shift
        yield
        self._zoom, self._shift = before

    def sheets(self) -> tuple[Floats, Floats, Floats]:
        """Return grey, hard and dense as float arrays."""
        grey, hard, dense = (np.asarray(sheet, dtype=np.float32) for sheet in (self._grey, self._hard, self._dense))
        return (
            grey / np.float32(255),
            hard / np.float32(255),
            (dense - np.float32(_NEUTRAL)) / np.float32(100),
        )

    def _pixel(self, point: Point) -> Point:
        x, y = point[0] * self._zoom + self._shift[0], point[1] * self._zoom + self._shift[1]
        return (x + self.half) * self.scale, (y - self.top) * self.scale

    def _lay(
        self,
        pixels: list[Point],
        width: float | None,
        look: tuple[float, float | None, float, float],
        soft: float,
    ) -> None:
        blur = soft * self.scale
        pad = int(3 * blur + (width or 0) / 2) + 2
        x0 = int(min(p[0] for p in pixels)) - pad
        y0 = int(min(p[1] for p in pixels)) - pad
        x1 = int(max(p[0] for p in pixels)) + pad
        y1 = int(max(p[1] for p in pixels)) + pad
        mask = Image.new("L", (x1 - x0, y1 - y0), 0)
        draw = ImageDraw.Draw(mask)
        local = [(x - x0, y - y0) for x, y in pixels]
        if width is None:
            draw.polygon(local, fill=255)
        else:
            draw.line(local, fill=255, width=max(1, round(width)), joint="curve")
            self._caps(draw, local, width / 2)
        mask = mask.filter(ImageFilter.GaussianBlur(blur))
        self._paste(mask, (x0, y0), look)

    def _caps(self, draw: ImageDraw.ImageDraw, local: list[Point], radius: float) -> None:
        for x, y in (local[0], local[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    def _paste(
        self, mask: Image.Image, corner: tuple[int, int], look: tuple[float, float | None, float, float]
    ) -> None:
        grey, hard, dense, mottle = look
        box = (*corner, corner[0] + mask.width, corner[1] + mask.height)
        if mottle:
            cloud = clouds(mask.height, mask.width, self.scale * 0.35, self.rng) * mottle + grey
            sheet = Image.fromarray((np.clip(cloud, 0, 1) * 255).astype(np.uint8))
            self._grey.paste(sheet, box, mask)
        else:
            self._grey.paste(round(min(grey, 1.0) * 255), box, mask)
        if hard is not None:
            self._hard.paste(round(hard * 255), box, mask)
        self._dense.paste(round(min(255, max(0, dense * 100 + _NEUTRAL))), box, mask)


def clouds(rows: int, columns: int, grain: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise around 0 with a spread of about 1; `grain` is the pixels of one cloud."""
    total = np.zeros((rows, columns), np.float32)
    for octave in range(3):
        cell = max(1.5, grain / 2**octave)
        small = rng.standard_normal((int(rows / cell) + 3, int(columns / cell) + 3)).astype(np.float32)
        size = (int(small.shape[1] * cell) + 1, int(small.shape[0] * cell) + 1)
        large = np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))
        total += large[:rows, :columns] * 0.62 / 1.6**octave
    return total
