"""Appends to the trail and checks it; the only way in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import rfc8785
from django.db import transaction
from django.utils import timezone

from ultrasound_portal.audit import witness
from ultrasound_portal.audit.canonical import GENESIS, leaf_hash
from ultrasound_portal.audit.events import ENDINGS, OUTCOMES, Event
from ultrasound_portal.audit.models import Entry, Head

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """`whole`, the number of entries that were found in order, and the first fault in words."""

    whole: bool
    entries: int
    fault: str = ""


def record(
    event: Event,
    *,
    actor: str,
    clinic_id: UUID | None,
    object_kind: str = "",
    object_id: UUID | None = None,
    patient_id: UUID | None = None,
    purpose: str = "",
    grant_id: UUID | None = None,
    outcome: str = "success",
    detail: Mapping[str, str | int | bool] | None = None,
) -> Entry:
    """Append an entry in the caller's transaction, so that act and entry stand or fall together.

    Raises TransactionManagementError outside a transaction, and ValueError or TypeError for what must not be
    written: an unknown outcome, or a detail that is not short text, a whole number or a yes-or-no.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs in the transaction of its act")
    if outcome not in OUTCOMES:
        raise ValueError("unknown outcome")
    head, _ = Head.objects.select_for_update().get_or_create(pk=1, defaults={"seq": 0, "leaf_hash": GENESIS})
    entry = Entry(
        seq=head.seq + 1,
        at=timezone.now(),
        event=Event(event).value,
        actor=_actor(actor),
        clinic_id=clinic_id,
        object_kind=object_kind,
        object_id=object_id,
        patient_id=patient_id,
        purpose=purpose,
        grant_id=grant_id,
        outcome=outcome,
        detail=_checked(detail or {}),
        prev_hash=head.leaf_hash,
    )
    entry.leaf_hash = leaf_hash(entry)
    _append(head, entry)
    if event in ENDINGS:
        witness.follow_on_commit()
    return entry


def adopt(entry: Entry) -> None:
    """Append an entry that the witness kept and this trail lost, in the caller's transaction; raises ValueError.

    It must follow from the last one here, hash for hash, so that nothing can be adopted that was not written before.
    """
    head, _ = Head.objects.select_for_update().get_or_create(pk=1, defaults={"seq": 0, "leaf_hash": GENESIS})
    if fault := _fault(entry, head.seq + 1, head.leaf_hash):
        raise ValueError(fault)
    _append(head, entry)


def head() -> tuple[int, str]:
    """Return the number and the hash of the last entry; 0 and the hash of nothing before the first."""
    found = Head.objects.filter(pk=1).first()
    return (found.seq, found.leaf_hash) if found else (0, GENESIS)


def verify() -> Verdict:
    """Recompute the whole trail: numbers without gaps, every hash, every link of the chain, and the head.

    The bulk is read without a lock; the head is locked only for what was appended meanwhile.
    """
    seen, previous = 0, GENESIS
    for bound in (_head_seq(), None):
        with transaction.atomic():
            head = Head.objects.select_for_update().filter(pk=1).first() if bound is None else None
            for entry in _entries(after=seen, upto=bound):
                if fault := _fault(entry, seen + 1, previous):
                    return Verdict(whole=False, entries=seen, fault=fault)
                seen, previous = entry.seq, entry.leaf_hash
    if head is None:
        return Verdict(whole=seen == 0, entries=seen, fault="the head is gone" if seen else "")
    if (head.seq, head.leaf_hash) != (seen, previous):
        return Verdict(whole=False, entries=seen, fault=f"the head stands at {head.seq}, the last entry is {seen}")
    return Verdict(whole=True, entries=seen)


def _append(head: Head, entry: Entry) -> None:
    entry.save(force_insert=True)
    head.seq, head.leaf_hash = entry.seq, entry.leaf_hash
    head.save(update_fields=["seq", "leaf_hash"])


def _head_seq() -> int:
    head = Head.objects.filter(pk=1).first()
    return head.seq if head else 0


def _entries(*, after: int, upto: int | None) -> Iterator[Entry]:
    entries = Entry.objects.filter(seq__gt=after) if after else Entry.objects.all()
    within = entries if upto is None else entries.filter(seq__lte=upto)
    return within.order_by("seq").iterator(chunk_size=2000)


def _fault(entry: Entry, expected: int, previous: str) -> str:
    """Return what is wrong with an entry, or nothing."""
    if entry.seq != expected:
        return f"entry {expected} is missing"
    if entry.prev_hash != previous:
        return f"entry {entry.seq} does not follow from the one before it"
    try:
        computed = leaf_hash(entry)
    except (rfc8785.CanonicalizationError, TypeError, ValueError):
        computed = ""
    return "" if computed == entry.leaf_hash else f"entry {entry.seq} was changed"


def _actor(actor: str) -> str:
    """Refuse an actor that is not a kind and a key: `user:`, `link:` or `invitation:<uuid>`, `system:<part>`."""
    kind, _, key = actor.partition(":")
    if kind in {"user", "link", "invitation"}:
        UUID(key)
    elif kind != "system" or not key.isidentifier():
        raise ValueError("an actor is user:<uuid>, link:<uuid>, invitation:<uuid> or system:<part>")
    return actor


def _checked(detail: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    """Refuse values that could carry more than a key, a count or a reason."""
    for name, value in detail.items():
        if not isinstance(name, str) or not isinstance(value, (str, int, bool)):
            raise TypeError("a detail is text, a whole number or a yes-or-no")
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValueError(f"the detail {name} is longer than {LONGEST} characters")
        if isinstance(value, int) and abs(value) >= 2**53:
            raise ValueError(f"the detail {name} is too large a number")
    return dict(detail)
