"""Takes a logo in, decoded within limits and painted anew so that nothing but its pixels is kept, and gives it back."""

import io
import warnings
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.vault.unsealing import unseal

MOST_BYTES = 2 * 1024 * 1024
MOST_SIDE = 4000
KEPT_SIDE = 800
FORMATS = ("PNG", "JPEG")


def kept(logo_id: UUID) -> bytes:
    """Return the PNG of a logo that was taken in; raises VaultError."""
    return unseal(logo_id)


def repainted(data: bytes) -> bytes:
    """Return the logo as a fresh RGBA PNG of at most 800 pixels a side; raises BrandRefused."""
    if len(data) > MOST_BYTES:
        raise BrandRefused(BrandFault.LOGO_SIZE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if max(picture.size) > MOST_SIDE:
                    raise BrandRefused(BrandFault.LOGO_SIZE)
                pixels = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning):
        raise BrandRefused(BrandFault.LOGO_KIND) from None
    fresh = Image.new("RGBA", pixels.size)
    fresh.paste(pixels)
    fresh.thumbnail((KEPT_SIDE, KEPT_SIDE))
    out = io.BytesIO()
    fresh.save(out, format="PNG", optimize=True)
    return out.getvalue()
