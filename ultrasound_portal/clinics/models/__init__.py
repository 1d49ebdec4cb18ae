"""The tables of staff, clinics, who works where, and the versions of a clinic's brand."""

from ultrasound_portal.clinics.models.brand_kit import BrandKit
from ultrasound_portal.clinics.models.clinic import LONGEST_KEPT, Clinic
from ultrasound_portal.clinics.models.glass import GlassBreak, GlassReason
from ultrasound_portal.clinics.models.password_reset import PasswordReset
from ultrasound_portal.clinics.models.roles import Invitation, Membership
from ultrasound_portal.clinics.models.sign_in import Proof, SignIn
from ultrasound_portal.clinics.models.user import User

__all__ = [
    "LONGEST_KEPT",
    "BrandKit",
    "Clinic",
    "GlassBreak",
    "GlassReason",
    "Invitation",
    "Membership",
    "PasswordReset",
    "Proof",
    "SignIn",
    "User",
]
