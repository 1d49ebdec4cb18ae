"""Sends one message of the outbox: what forbids it is asked, and the sender called, in one transaction.

The message's row is locked meanwhile, so that whoever stops it either comes first or knows that it went. A worker that
dies between the sender's yes and the commit sends it once more, under the same key.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sharing.copies import make_nameless_copy
from sharing.messages import Text, text_of
from sharing.models import Message
from sharing.sealed import fields_of
from sharing.senders.choosing import sender_for
from sharing.senders.sender import NotSent
from sharing.services.messages import KIND, end, may_send
from sharing.states import Channel, MessageFault, MessageKind, MessageState
from ultrasound_portal.jobs import leases, owners
from ultrasound_portal.jobs.leases import Lease, LeaseLost
from ultrasound_portal.vault.errors import Destroyed, Missing, Tampered

ACTOR = "system:worker"
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)


def send(job_id: UUID) -> None:
    """Send the message of this job if the lease can be had; one that cannot go now is left waiting."""
    lease = leases.claim(job_id, owner=owners.this_process())
    if lease is None:
        return
    try:
        _send(lease)
    except LeaseLost:
        return


@transaction.atomic
def give_up(kind: str, object_id: UUID) -> None:
    """End a message as failed when its job was set aside for good."""
    if kind != KIND:
        return
    message = Message.objects.select_for_update(of=("self",)).get(pk=object_id)
    if message.state == MessageState.QUEUED:
        end(message, MessageState.FAILED, MessageFault.GAVE_UP, actor=ACTOR)


@transaction.atomic
def _send(lease: Lease) -> None:
    leases.renew(lease)  # the job's row is locked from here on: nobody else takes it up
    messages = Message.objects.select_related("link", "document").select_for_update(of=("self",))
    message = messages.get(pk=lease.object_id)
    now = timezone.now()
    if message.state == MessageState.QUEUED and message.next_try_at <= now:
        _attempt(message, now)
    if message.state == MessageState.QUEUED:
        leases.postpone(lease, NotSent.__name__)
    else:
        with leases.publishing(lease):
            pass


def _attempt(message: Message, now: datetime) -> None:
    forbidden = may_send(message, now)
    sender = sender_for(Channel(message.channel))
    if forbidden:
        end(message, MessageState.STOPPED, forbidden, actor=ACTOR)
    elif sender is None:
        end(message, MessageState.FAILED, MessageFault.NO_SENDER, actor=ACTOR)
    elif now >= message.not_after:
        end(message, MessageState.FAILED, MessageFault.TOO_LATE, actor=ACTOR)
    else:
        try:
            fields = fields_of(message.contents_object_id, message.contents_sealed)
            sender.send(key=message.pk, to=fields["to"], text=_text(message, fields))
        except (Destroyed, Missing, Tampered):
            end(message, MessageState.FAILED, MessageFault.UNREADABLE, actor=ACTOR)
        except NotSent as fault:
            _put_off(message, now, final=fault.final)
        else:
            end(message, MessageState.SENT, actor=ACTOR)


def _text(message: Message, fields: dict[str, str]) -> Text:
    """Return what goes out; a copy is made of the rows at this moment, so that none lies about in the outbox."""
    fills = {name: value for name, value in fields.items() if name != "to"}
    text = text_of(MessageKind(message.kind), message.language, fills)
    return replace(text, pdf=make_nameless_copy(message.document)) if message.document else text


def _put_off(message: Message, now: datetime, *, final: bool) -> None:
    """Wait twice as long after each failure; give up where the next try would come too late."""
    message.tries += 1
    message.tried_at = now
    message.next_try_at = now + min(FIRST_PAUSE * 2 ** (message.tries - 1), LONGEST_PAUSE)
    if final:
        end(message, MessageState.FAILED, MessageFault.REFUSED, actor=ACTOR)
    elif message.next_try_at >= message.not_after:
        end(message, MessageState.FAILED, MessageFault.TOO_LATE, actor=ACTOR)
    else:
        message.save(update_fields=["tries", "tried_at", "next_try_at"])
