"""The name that staff give a link may be a person's: it is sealed in the link's row and opened for staff alone."""

from collections.abc import Iterable
from uuid import UUID

from sharing.models import Link
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_values

UNREADABLE = "Cannot be read any more"


def seal_nickname(nickname: str, *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal a link's name and return its object's key and the sealed bytes for the link's row."""
    row, blob = seal_value(nickname.encode(), kind=ObjectKind.DOCUMENT, clinic_id=clinic_id)
    return row.pk, blob


def nicknames_of(links: Iterable[Link]) -> dict[UUID, str]:
    """Return the name of each link by the link's key, with one query; a shredded one is UNREADABLE.

    Raises vault.errors.Tampered for sealed bytes that were changed.
    """
    listed = {link.pk: link for link in links}
    opened = unseal_values({link.nickname_object_id: link.nickname_sealed for link in listed.values()})
    return {
        key: opened[link.nickname_object_id].decode() if link.nickname_object_id in opened else UNREADABLE
        for key, link in listed.items()
    }
