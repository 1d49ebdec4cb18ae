"""Which sender carries which way; a way without one is not offered to anybody."""

from django.conf import settings
from django.utils.module_loading import import_string

from sharing.senders.sender import Sender
from sharing.states import Channel


def sender_for(channel: Channel) -> Sender | None:
    """Return the sender that MESSAGE_SENDERS names for a way, or nothing."""
    path = settings.MESSAGE_SENDERS.get(channel.value, "")
    if not path:
        return None
    sender: Sender = import_string(path)()
    return sender


def open_channels() -> list[Channel]:
    """Return the ways that have a sender."""
    return [channel for channel in Channel if settings.MESSAGE_SENDERS.get(channel.value)]
