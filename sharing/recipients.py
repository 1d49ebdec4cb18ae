"""Who a link is for where the yes behind it names somebody: a clinician or a publication that staff made sure of."""

from dataclasses import dataclass
from datetime import datetime

from consent.models import Grant, Recipient
from consent.sealed import UNREADABLE, recipient_of


@dataclass(frozen=True, slots=True)
class NamedRecipient:
    """The name in the patient's yes, and how, by whom and when it was made sure of (R14, R43)."""

    name: str
    how: str
    by: str
    at: datetime


def named_recipient(grant: Grant) -> NamedRecipient | None:
    """Return who a grant names, or nothing where its purpose asks for no name or none can be read."""
    if not grant.purpose.needs_recipient:
        return None
    found = Recipient.objects.select_related("verified_by", "record").filter(record_id=grant.record_id).first()
    name = recipient_of(found) if found else UNREADABLE
    if found is None or name == UNREADABLE:
        return None
    return NamedRecipient(
        name=name,
        how=found.get_verified_how_display(),
        by=found.verified_by.display_name,
        at=found.record.opened_at,
    )
