"""A way without a sender is not offered."""

from pytest_django import Settings

from sharing.senders.choosing import open_channels, sender_for
from sharing.senders.files import FileSender
from sharing.states import Channel


def test_a_way_without_a_sender_is_not_offered(settings: Settings) -> None:
    assert open_channels() == []  # nothing is sent by a portal that nobody has set up
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender", "sms": ""}
    assert open_channels() == [Channel.EMAIL]
    assert isinstance(sender_for(Channel.EMAIL), FileSender)
    assert sender_for(Channel.SMS) is None
