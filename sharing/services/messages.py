"""Messages are queued and stopped in the transaction of the act that calls for it; see `sharing.services.sending`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.models import ConsentDocument
from sharing.messages import text_of
from sharing.models import Link, Message
from sharing.sealed import seal_fields
from sharing.states import ASKED_FOR, Channel, LinkState, MessageFault, MessageKind, MessageState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.jobs import leases
from ultrasound_portal.patients.care import is_quiet
from ultrasound_portal.patients.erasing import shred_all
from ultrasound_portal.patients.models import Patient

KIND = "send_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be sent: `to` is an address or a number, `fills` what its kind has (`sharing.messages.FILLS`)."""

    patient: Patient
    kind: MessageKind
    channel: Channel
    to: str
    fills: Mapping[str, str]
    life: timedelta
    language: str = "en"
    link: Link | None = None
    document: ConsentDocument | None = None


@transaction.atomic
def queue_message(draft: Draft, *, actor: str) -> Message:
    """Seal a message into the outbox and wake a worker on commit; raises ValueError for fills its kind has not."""
    text_of(draft.kind, draft.language, draft.fills)
    now = timezone.now()
    object_id, sealed = seal_fields({"to": draft.to, **draft.fills}, clinic_id=draft.patient.clinic_id)
    message = Message.objects.create(
        clinic_id=draft.patient.clinic_id,
        patient=draft.patient,
        link=draft.link,
        document=draft.document,
        kind=draft.kind,
        channel=draft.channel,
        language=draft.language,
        contents_object_id=object_id,
        contents_sealed=sealed,
        next_try_at=now,
        not_after=now + draft.life,
        created_at=now,
    )
    record(message, Event.MESSAGE_QUEUED, actor=actor)
    leases.enqueue(KIND, message.pk, clinic_id=message.clinic_id)
    return message


@transaction.atomic
def stop_messages(messages: QuerySet[Message], fault: MessageFault, *, actor: str) -> int:
    """Stop those of the messages that still wait, and return how many.

    One that a worker is sending at this moment is waited for: after this transaction nothing more goes out.
    """
    waiting = list(messages.select_for_update(of=("self",)).filter(state=MessageState.QUEUED).order_by("pk"))
    for message in waiting:
        end(message, MessageState.STOPPED, fault, actor=actor)
    return len(waiting)


def may_send(message: Message, at: datetime) -> MessageFault | None:
    """Return what forbids a message at the moment of its sending, or nothing; asked in the sending transaction."""
    if message.link and message.link.state_at(at) in {LinkState.REVOKED, LinkState.EXPIRED}:
        return MessageFault.LINK_ENDED
    if message.kind not in ASKED_FOR and is_quiet(message.patient_id):
        return MessageFault.QUIET
    return None


def unsent_of(links: Iterable[Link]) -> dict[UUID, str]:
    """Return by the link's key why its last message could not be sent, for those links of which that is so."""
    last: dict[UUID, Message] = {}
    for message in Message.objects.filter(link__in=list(links)).order_by("created_at"):
        assert message.link_id is not None
        last[message.link_id] = message
    return {
        key: str(MessageFault(message.fault).label)
        for key, message in last.items()
        if message.state == MessageState.FAILED
    }


_EVENTS = {
    MessageState.SENT: (Event.MESSAGE_SENT, "success"),
    MessageState.FAILED: (Event.MESSAGE_FAILED, "failed"),
    MessageState.STOPPED: (Event.MESSAGE_STOPPED, "refused"),
}


def end(message: Message, state: MessageState, fault: MessageFault | None = None, *, actor: str) -> None:
    """End a message whose row is locked: its contents are destroyed and the trail says what became of it."""
    message.state, message.ended_at = state, timezone.now()
    message.fault = fault.value if fault else ""
    message.save(update_fields=["state", "ended_at", "fault", "tries", "tried_at"])
    shred_all([message.contents_object_id])
    event, outcome = _EVENTS[state]
    record(message, event, actor=actor, outcome=outcome, tries=message.tries, fault=message.fault)


def record(message: Message, event: Event, *, actor: str, outcome: str = "success", **detail: str | int) -> None:
    """Write what happened to a message on the trail; never to whom it went."""
    trail.record(
        event,
        actor=actor,
        clinic_id=message.clinic_id,
        object_kind="message",
        object_id=message.pk,
        patient_id=message.patient_id,
        purpose=message.link.purpose_code if message.link else "",
        grant_id=message.link.grant_id if message.link else None,
        outcome=outcome,
        detail={"kind": message.kind, "channel": message.channel, **_copy(message), **detail},
    )


def _copy(message: Message) -> dict[str, str]:
    return {"copy": str(message.document_id)} if message.document_id else {}
