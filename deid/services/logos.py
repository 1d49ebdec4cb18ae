"""Has a clinic's logo decoded and painted anew in the caged child."""

from deid.engine import cage
from deid.engine.errors import CageBroken, Rejected, RejectReason
from ultrasound_portal.clinics.errors import BrandFault, BrandRefused


def repainted(data: bytes) -> bytes:
    """Return the logo as a fresh PNG of nothing but its pixels; raises BrandRefused."""
    try:
        return cage.shared().repaint(data)
    except Rejected as refusal:
        large = refusal.reason is RejectReason.TOO_LARGE
        raise BrandRefused(BrandFault.LOGO_SIZE if large else BrandFault.LOGO_KIND) from None
    except CageBroken:
        raise BrandRefused(BrandFault.LOGO_KIND) from None
