"""Takes a logo in, so that nothing but its pixels is kept, and gives it back.

Pictures from outside are decoded behind walls, by what the setting LOGO_PAINTER names.
"""

from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.vault.unsealing import unseal

MOST_BYTES = 2 * 1024 * 1024


def kept(logo_id: UUID) -> bytes:
    """Return the PNG of a logo that was taken in; raises VaultError."""
    return unseal(logo_id)


def repainted(data: bytes) -> bytes:
    """Return the logo as a fresh RGBA PNG of at most 800 pixels a side; raises BrandRefused."""
    if len(data) > MOST_BYTES:
        raise BrandRefused(BrandFault.LOGO_SIZE)
    painted: bytes = import_string(settings.LOGO_PAINTER)(data)
    return painted
