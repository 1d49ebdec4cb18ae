"""The clinic's strip: it stands where the identity strip stood, or above the picture where there was none."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont

from deid.engine.brand import Brand

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_TALL_ENOUGH = 0.045
_LEAST_ROWS = 32
_TALLEST = 0.11
_ABOVE = 0.085
_FONTS = ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf")
_LOGO_PIXELS = 16_000_000


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawn strip, `uint8` (rows, columns, 3), standing in the filled rows at the top or above the picture."""

    pixels: Pixels
    above: bool

    def on(self, frame: Pixels) -> Pixels:
        """Return a new picture with the strip; `frame` is (rows, columns, 3) as wide as the strip."""
        if self.above:
            return np.vstack([self.pixels, frame])
        result = frame.copy()
        result[: self.pixels.shape[0]] = self.pixels
        return result

    def without(self, picture: Pixels) -> Pixels:
        """Return `picture` as it was before `on`, the strip's own rows black."""
        if self.above:
            return picture[self.pixels.shape[0] :]
        result = picture.copy()
        result[: self.pixels.shape[0]] = 0
        return result


def strip_for(brand: Brand, kept: Mask) -> Strip:
    """Draw the strip for a picture whose ultrasound area is `kept`; it never covers a kept pixel.

    Raises ValueError for colours or a logo that cannot be read.
    """
    rows, columns = int(kept.shape[0]), int(kept.shape[1])
    lines = np.flatnonzero(kept.any(axis=1))
    free = int(lines[0]) if lines.size else 0
    if free >= max(_LEAST_ROWS, round(_TALL_ENOUGH * rows)):
        height = min(free, max(_LEAST_ROWS, round(_TALLEST * rows)))
        return Strip(pixels=draw(brand, columns, height), above=False)
    height = max(_LEAST_ROWS, round(_ABOVE * rows) // 2 * 2)
    return Strip(pixels=draw(brand, columns, height), above=True)


def draw(brand: Brand, width: int, height: int) -> Pixels:
    """Return the strip, `uint8` (height, width, 3): logo, name and, where there is room for all of it, the line."""
    picture = Image.new("RGB", (width, height), ImageColor.getrgb(brand.background))
    ink = ImageColor.getrgb(brand.ink)[:3]
    pen = ImageDraw.Draw(picture)
    margin = max(6, round(height * 0.28))
    left, right = margin, width - margin
    if brand.logo is not None:
        logo = _logo(brand.logo, (round(width * 0.25), round(height * 0.7)))
        picture.paste(logo, (left, (height - logo.height) // 2), logo)
        left += logo.width + margin // 2 + 2
    if height >= 44 and brand.line:
        name, line = round(height * 0.36), round(height * 0.22)
        _write(pen, brand.name, (left, round(height * 0.36)), size=name, bold=True, room=right - left, ink=ink)
        _write(pen, brand.line, (left, round(height * 0.72)), size=line, bold=False, room=right - left, ink=ink)
    else:
        size, middle = round(height * 0.34), height // 2
        end = _write(pen, brand.name, (left, middle), size=round(height * 0.5), bold=True, room=right - left, ink=ink)
        if pen.textlength(brand.line, font=_font(size, bold=False)) <= right - end - 2 * margin:
            pen.text((right, middle), brand.line, font=_font(size, bold=False), fill=ink, anchor="rm")
    return np.asarray(picture, dtype=np.uint8).copy()


def _write(
    pen: ImageDraw.ImageDraw,
    text: str,
    place: tuple[int, int],
    *,
    size: int,
    bold: bool,
    room: int,
    ink: tuple[int, ...],
) -> int:
    """Write `text` from the middle of its left end, smaller and then shortened until it fits `room`; return its end."""
    shown = " ".join(text.split())
    least = max(8, round(size * 0.7))
    font = _font(size, bold=bold)
    while size > least and pen.textlength(shown, font=font) > room:
        size -= 1
        font = _font(size, bold=bold)
    while len(shown) > 1 and pen.textlength(shown, font=font) > room:
        shown = shown[:-2].rstrip() + "…" if len(shown) > 2 else shown[:1]
    pen.text(place, shown, font=font, fill=ink, anchor="lm")
    return place[0] + round(pen.textlength(shown, font=font))


def _font(size: int, *, bold: bool) -> Font:
    try:
        return ImageFont.truetype(_FONTS[0 if bold else 1], size)
    except OSError:
        return ImageFont.load_default(size)


def _logo(data: bytes, room: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _LOGO_PIXELS:
                raise ValueError("the logo has too many pixels")
            logo = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("the logo is no PNG or JPEG picture") from error
    logo.thumbnail(room, Image.Resampling.LANCZOS)
    return logo
