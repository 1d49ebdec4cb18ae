"""Takes the pixels out of a clinic's logo, decoded within limits, and paints them anew."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from deid.engine.errors import Rejected, RejectReason

MOST_SIDE = 4000
KEPT_SIDE = 800
FORMATS = ("PNG", "JPEG")


def repainted(data: bytes) -> bytes:
    """Return the logo as a fresh RGBA PNG of at most 800 pixels a side.

    Raises Rejected(TOO_LARGE) for more than 4000 pixels a side and Rejected(DAMAGED) for what is no PNG or JPEG.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if max(picture.size) > MOST_SIDE:
                    raise Rejected(RejectReason.TOO_LARGE)
                pixels = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning):
        raise Rejected(RejectReason.DAMAGED) from None
    fresh = Image.new("RGBA", pixels.size)
    fresh.paste(pixels)
    fresh.thumbnail((KEPT_SIDE, KEPT_SIDE))
    out = io.BytesIO()
    fresh.save(out, format="PNG", optimize=True)
    return out.getvalue()
