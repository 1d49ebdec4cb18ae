"""The demo clinic's mark: a cradle around a small round, painted in one ink."""

import io

from PIL import Image, ImageDraw

from deid.phantoms.ink import Colour

_FINE = 4


def paint_logo(side: int, ink: Colour) -> bytes:
    """Return the mark as a transparent PNG of `side` x `side` pixels."""
    size = side * _FINE
    cover = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(cover)

    def disc(x: float, y: float, radius: float, level: int) -> None:
        box = ((x - radius) * size, (y - radius) * size, (x + radius) * size, (y + radius) * size)
        draw.ellipse(box, fill=level)

    disc(0.5, 0.5, 0.46, 255)
    disc(0.56, 0.42, 0.365, 0)
    disc(0.57, 0.44, 0.17, 255)
    disc(0.63, 0.385, 0.115, 0)
    disc(0.665, 0.335, 0.062, 255)
    image = Image.new("RGBA", (side, side), (*ink, 0))
    image.putalpha(cover.resize((side, side), Image.Resampling.LANCZOS))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
