"""Where the one-time codes of a link go: an address or a number, checked, sealed in the link's row."""

import re
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sharing.models import Link
from sharing.sealed import fields_of, seal_fields
from sharing.states import Channel

NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)  # ITU-T E.164
BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015]")


def checked_contact(text: str, channel: Channel) -> str:
    """Return an e-mail address, or a number as `+441632960123`; raises ValidationError with what to write."""
    text = text.strip()
    if channel == Channel.EMAIL:
        validate_email(text)
        return text
    number = BETWEEN.sub("", text)
    number = f"+{number[2:]}" if number.startswith("00") else number
    if not NUMBER.fullmatch(number):
        raise ValidationError("Write the number with its country, such as +44 7700 900123.")
    return number


def seal_contact(contact: str, *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal a contact and return its object's key and the sealed bytes for the link's row."""
    return seal_fields({"to": contact}, clinic_id=clinic_id)


def contact_of(link: Link) -> str:
    """Return where the codes of a link go; raises VaultError where it was destroyed, ValueError where there is none."""
    if link.contact_object_id is None:
        raise ValueError("this link sends no codes")
    return fields_of(link.contact_object_id, link.contact_sealed)["to"]
