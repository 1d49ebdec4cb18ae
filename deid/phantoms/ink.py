"""Letters and marks on a screen, each text remembered with the exact box of its ink."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from deid.phantoms.spec import Inked, Kind, Mask, Pixels

Colour = tuple[int, int, int]
_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_FAINTEST = 24


@lru_cache(maxsize=64)
def font(size: int, style: str = "") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return DejaVu Sans in a style ("", "-Bold", "Condensed"), or Pillow's own font where it is missing."""
    path = _FONTS / f"DejaVuSans{style}.ttf"
    if path.exists():
        return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Ink of some frames: `colour` (H, W, 3) and `cover` (H, W), 0 to 255, limited to `box`."""

    first_frame: int
    last_frame: int
    box: tuple[int, int, int, int]
    image: Image.Image
    cover: Image.Image


@dataclass(slots=True)
class Pen:
    """Writes on a screen of `size` (width, height); `area` decides whether a text lies inside the picture."""

    size: tuple[int, int]
    area: Mask
    last: int
    texts: list[Inked] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)

    def write(
        self,
        at: tuple[float, float],
        text: str,
        *,
        kind: Kind,
        size: int,
        colour: Colour = (235, 235, 235),
        style: str = "",
        anchor: str = "la",
        frames: tuple[int, int] | None = None,
        shadow: bool = False,
    ) -> int:
        """Print a text; return the x where its ink ends. Raises ValueError where none is on the screen."""
        cover = Image.new("L", self.size, 0)
        ImageDraw.Draw(cover).text(at, text, fill=255, font=font(size, style), anchor=anchor)
        box = self._ink_box(cover)
        if box is None:
            raise ValueError("a text leaves no ink on the screen")
        first, last = frames or (0, self.last)
        if shadow:
            dark = Image.new("L", self.size, 0)
            dark.paste(cover, (1, 1))
            self._keep(dark, (8, 8, 8), (first, last))
        self._keep(cover, colour, (first, last))
        x, y, w, h = box
        inside = bool(self.area[y : y + h, x : x + w].any())
        self.texts.append(Inked(text, box, kind, inside, first, last))
        return x + w

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, *, width: int = 1) -> None:
        """Draw a line of marks that are not text."""
        cover = Image.new("L", self.size, 0)
        ImageDraw.Draw(cover).line(list(points), fill=255, width=width)
        self._keep(cover, colour, (0, self.last))

    def block(self, box: tuple[int, int, int, int], colour: Colour, *, opacity: int = 255, round_by: int = 0) -> None:
        """Fill a box (x0, y0, x1, y1, corners inclusive)."""
        cover = Image.new("L", self.size, 0)
        ImageDraw.Draw(cover).rounded_rectangle(box, round_by, fill=opacity)
        self._keep(cover, colour, (0, self.last))

    def picture(self, image: Image.Image, corner: tuple[int, int]) -> None:
        """Put a small RGBA picture on the screen."""
        cover = Image.new("L", self.size, 0)
        cover.paste(image.getchannel("A"), corner)
        paint = Image.new("RGB", self.size)
        paint.paste(image.convert("RGB"), corner)
        box = cover.getbbox()
        if box is not None:
            self.layers.append(Layer(0, self.last, box, paint.crop(box), cover.crop(box)))

    def apply(self, frame: Pixels, number: int) -> Pixels:
        """Return the frame with the ink that belongs to its number."""
        image = Image.fromarray(frame)
        for layer in self.layers:
            if layer.first_frame <= number <= layer.last_frame:
                image.paste(layer.image, layer.box, layer.cover)
        return np.asarray(image)

    def _keep(self, cover: Image.Image, colour: Colour, frames: tuple[int, int]) -> None:
        box = cover.getbbox()
        if box is not None:
            small = cover.crop(box)
            self.layers.append(Layer(*frames, box, Image.new("RGB", small.size, colour), small))

    @staticmethod
    def _ink_box(cover: Image.Image) -> tuple[int, int, int, int] | None:
        strong = cover.point([0] * _FAINTEST + [255] * (256 - _FAINTEST))
        box = strong.getbbox()
        return None if box is None else (box[0], box[1], box[2] - box[0], box[3] - box[1])


def grey_ramp(width: int, height: int) -> npt.NDArray[np.uint8]:
    """Return the vertical bar of greys that machines print beside the picture, white at the top."""
    column = np.linspace(255, 0, height, dtype=np.float32).astype(np.uint8)
    return np.repeat(column[:, None], width, axis=1)
