"""What a clinic may ask a patient for, and in which words."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from consent.errors import ConsentRefused, RefusalReason
from consent.models import OfferedPurpose, Purpose, WithheldPurpose, Wording
from ultrasound_portal.clinics.models import Clinic


def offered_purposes(clinic: Clinic) -> QuerySet[Purpose]:
    """The purposes `clinic` may ask for: on by default or switched on (R13), and not switched off."""
    switched_on = OfferedPurpose.objects.filter(clinic=clinic, purpose=OuterRef("pk"))
    switched_off = WithheldPurpose.objects.filter(clinic=clinic, purpose=OuterRef("pk"))
    return Purpose.objects.filter(Q(default_off=False) | Exists(switched_on)).exclude(Exists(switched_off))


def offer(purpose: Purpose, clinic: Clinic) -> bool:
    """Switch `purpose` on for `clinic`; true where it was not switched on before."""
    withheld, _ = WithheldPurpose.objects.filter(purpose=purpose, clinic=clinic).delete()
    _, new = OfferedPurpose.objects.get_or_create(purpose=purpose, clinic=clinic)
    return new or withheld > 0


def withhold(purpose: Purpose, clinic: Clinic) -> bool:
    """Switch `purpose` off for `clinic`: it is not asked for any more, and answers on record stay as they are."""
    offered, _ = OfferedPurpose.objects.filter(purpose=purpose, clinic=clinic).delete()
    _, new = WithheldPurpose.objects.get_or_create(purpose=purpose, clinic=clinic)
    return new or offered > 0


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
