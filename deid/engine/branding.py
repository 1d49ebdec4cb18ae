"""The clinic's strip, which a patient's picture shows where the machine printed who she is."""

import io
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont

from deid.engine.brand import USUAL_HEIGHT, Brand

Pixels = npt.NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# bounds of a strip's height in pixels, of which a clinic's own height is a share of the picture's width
_LEAST_ROWS, _MOST_ROWS = 32, 120
# lower strips show name and line beside each other where both fit; two rows of text need so much height
_TALL, _LEAST_FOR_TWO = 72, 44
_FONTS = ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf")
_LOGO_PIXELS = 16_000_000


def height_for(width: int, share: int = USUAL_HEIGHT) -> int:
    """Return the rows of a strip over a picture of `width` pixels, an even number; `share` in hundredths of `width`."""
    most = _MOST_ROWS * share // USUAL_HEIGHT
    return min(most, max(_LEAST_ROWS, round(share * width / 100))) // 2 * 2


def draw(brand: Brand, width: int, height: int) -> Pixels:
    """Return the strip, `uint8` (height, width, 3): logo, name and, where there is room for all of it, the line.

    Raises ValueError for colours or a logo that cannot be read.
    """
    picture = Image.new("RGB", (width, height), ImageColor.getrgb(brand.background))
    ink = ImageColor.getrgb(brand.ink)[:3]
    pen = ImageDraw.Draw(picture)
    margin = max(6, round(height * 0.28))
    left, right = margin, width - margin
    if brand.logo is not None:
        logo = logo_of(brand.logo, (round(width * 0.25), round(height * 0.7)))
        picture.paste(logo, (left, (height - logo.height) // 2), logo)
        left += logo.width + margin // 2 + 2
    large, beside = round(height * 0.5), round(height * 0.34)
    free = right - left - _length(pen, brand.name, large, bold=True) - 2 * margin
    fits = height < _TALL and _length(pen, brand.line, beside, bold=False) <= free
    if not brand.line or fits or height < _LEAST_FOR_TWO:
        _write(pen, brand.name, (left, height // 2), size=large, bold=True, room=right - left, ink=ink)
        if fits:
            pen.text((right, height // 2), brand.line, font=font(beside, bold=False), fill=ink, anchor="rm")
    else:
        name, line = round(height * 0.36), round(height * 0.22)
        _write(pen, brand.name, (left, round(height * 0.36)), size=name, bold=True, room=right - left, ink=ink)
        _write(pen, brand.line, (left, round(height * 0.72)), size=line, bold=False, room=right - left, ink=ink)
    return np.asarray(picture, dtype=np.uint8).copy()


def _length(pen: ImageDraw.ImageDraw, text: str, size: int, *, bold: bool) -> float:
    return pen.textlength(" ".join(text.split()), font=font(size, bold=bold))


def _write(
    pen: ImageDraw.ImageDraw,
    text: str,
    place: tuple[int, int],
    *,
    size: int,
    bold: bool,
    room: int,
    ink: tuple[int, ...],
) -> None:
    """Write `text` from the middle of its left end, smaller and then shortened until it fits `room`."""
    shown = " ".join(text.split())
    least = max(8, round(size * 0.7))
    face = font(size, bold=bold)
    while size > least and pen.textlength(shown, font=face) > room:
        size -= 1
        face = font(size, bold=bold)
    while len(shown) > 1 and pen.textlength(shown, font=face) > room:
        shown = shown[:-2].rstrip() + "…" if len(shown) > 2 else shown[:1]
    pen.text(place, shown, font=face, fill=ink, anchor="lm")


@cache
def font(size: int, *, bold: bool) -> Font:
    """Return the portal's typeface at a size in pixels."""
    try:
        return ImageFont.truetype(_FONTS[0 if bold else 1], size)
    except OSError:
        return ImageFont.load_default(size)


def logo_of(data: bytes, room: tuple[int, int]) -> Image.Image:
    """Return a logo in RGBA, no larger than `room` (width, height) in pixels; raises ValueError."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _LOGO_PIXELS:
                raise ValueError("the logo has too many pixels")
            logo = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("the logo is no PNG or JPEG picture") from error
    logo.thumbnail(room, Image.Resampling.LANCZOS)
    return logo
