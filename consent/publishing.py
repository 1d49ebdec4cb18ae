"""Publishing a wording: nothing incomplete gets out, and what is out never changes."""

from django.db import transaction
from django.utils import timezone

from consent.errors import ConsentRefused, RefusalReason
from consent.evidence import wording_digest, wording_text
from consent.models import LATER_PARTS, PARTS, Wording


def missing_parts(wording: Wording) -> list[str]:
    """The names of the required parts that `wording` does not fill (R5 to R9, 45 CFR 164.508(c))."""
    required = (*PARTS, *LATER_PARTS, *(["permanence"] if wording.purpose.permanence_required else []))
    return [part for part in required if not str(getattr(wording, part)).strip()]


@transaction.atomic
def publish(wording: Wording) -> Wording:
    """Fix the text of `wording`, hash it and put it in the place of the live one of its purpose and language.

    Raises ConsentRefused with WORDING_INCOMPLETE or WORDING_ALREADY_PUBLISHED.
    """
    if wording.published_at is not None:
        raise ConsentRefused(RefusalReason.WORDING_ALREADY_PUBLISHED)
    if missing_parts(wording):
        raise ConsentRefused(RefusalReason.WORDING_INCOMPLETE)
    now = timezone.now()
    Wording.objects.filter(
        purpose_id=wording.purpose_id,
        language=wording.language,
        published_at__isnull=False,
        retired_at__isnull=True,
    ).update(retired_at=now)
    wording.sha256 = wording_digest(wording_text(wording))
    wording.published_at = now
    wording.save()
    return wording
