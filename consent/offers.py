"""What a clinic may ask a patient for, and in which words."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from consent.errors import ConsentRefused, RefusalReason
from consent.models import OfferedPurpose, Purpose, Wording
from ultrasound_portal.clinics.models import Clinic


def offered_purposes(clinic: Clinic) -> QuerySet[Purpose]:
    """The purposes `clinic` may ask for: those on by default, and those it has switched on (R13)."""
    switched_on = OfferedPurpose.objects.filter(clinic=clinic, purpose=OuterRef("pk"))
    return Purpose.objects.filter(Q(default_off=False) | Exists(switched_on))


def offer(purpose: Purpose, clinic: Clinic) -> bool:
    """Switch `purpose` on for `clinic`; true where it was not switched on before."""
    _, new = OfferedPurpose.objects.get_or_create(purpose=purpose, clinic=clinic)
    return new


def live_wording(purpose_code: str, language: str = "en") -> Wording:
    """The wording in force; raises ConsentRefused(NO_WORDING) and never falls back to another language."""
    wording = (
        Wording.objects.select_related("purpose")
        .filter(purpose_id=purpose_code, language=language, published_at__isnull=False, retired_at=None)
        .first()
    )
    if wording is None:
        raise ConsentRefused(RefusalReason.NO_WORDING)
    return wording
