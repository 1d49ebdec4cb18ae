"""Whose card it is: the printed card of a link or an invitation tells staff its patient, and opens nothing."""

from sharing import tokens
from sharing.models import Invitation, Link
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient


def patient_of(clinic: Clinic, read: str) -> Patient | None:
    """Return the clinic's patient whose card was read, or None; `read` is what its QR code says, or the address typed.

    A card whose link has ended still says whose it is.
    """
    hashed = tokens.secret_hash(tokens.secret_from(read))
    for model in (Link, Invitation):
        found = model.objects.select_related("patient").filter(clinic=clinic, token_hash=hashed).first()
        if found and tokens.same_hash(found.token_hash, hashed):
            return found.patient
    return None
