"""How often wrong tries are heard: rolling windows per address and per link, never a lock for good.

A try counts against a link only when the secret of its address was right, so a stranger without the link touches no
link at all. While a link cools off, an address that has not failed on it keeps a small allowance: whoever holds the
link and not the code cannot keep the patient out. Tries that are turned away here do not prolong anything.
"""

import ipaddress
from datetime import datetime, timedelta

from sharing.models import Attempt, Link
from ultrasound_portal.vault.keyring import match_value

WINDOW = timedelta(minutes=15)
COOL_OFF = timedelta(minutes=5)
TRIES_PER_LINK = 5
TRIES_PER_ADDRESS = 20
ALLOWANCE = 2


def address_match(address: str) -> str:
    """Return the keyed match value of a network address; an IPv6 address counts by its /64, which one home has."""
    return match_value(_network(address), scope="link-address")


def address_is_tired(match: str, at: datetime) -> bool:
    """Tell whether an address has failed too often within the window, on whatever link."""
    return Attempt.objects.filter(address_match=match, at__gt=at - WINDOW).count() >= TRIES_PER_ADDRESS


def link_is_cooling(link: Link, match: str, at: datetime) -> bool:
    """Tell whether a link does not listen to this address now."""
    if link.locked_until is None or at >= link.locked_until:
        return False
    return link.attempts.filter(address_match=match, at__gt=at - WINDOW).count() >= ALLOWANCE


def note_failure(match: str, at: datetime, *, link: Link | None) -> bool:
    """Count a failed try; with a link it also counts there. Needs the link row locked.

    Returns whether this one begins a cool-off of the link.
    """
    Attempt.objects.filter(at__lte=at - WINDOW).delete()
    Attempt.objects.create(address_match=match, at=at, link=link)
    if link is None:
        return False
    link.failed_attempts += 1
    begins = False
    if link.attempts.filter(at__gt=at - WINDOW).count() >= TRIES_PER_LINK:
        begins = link.locked_until is None or link.locked_until <= at
        link.locked_until = at + COOL_OFF
    link.save(update_fields=["failed_attempts", "locked_until"])
    return begins


def note_success(link: Link) -> None:
    """Forget the wrong codes of a link once the right one was given. Needs the link row locked."""
    link.failed_attempts = 0
    link.locked_until = None
    link.save(update_fields=["failed_attempts", "locked_until"])


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
