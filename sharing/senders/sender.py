"""What every sender is, and how it says that it could not send."""

from typing import Protocol
from uuid import UUID

from sharing.messages import Text

SECONDS = 5.0
"""How long a sender waits for whoever carries its messages; the message's row is locked meanwhile."""


class NotSent(Exception):
    """The message did not go; `final` where another try is of no use. It holds no word of the message."""

    def __init__(self, *, final: bool) -> None:
        super().__init__("final" if final else "for now")
        self.final = final


class Sender(Protocol):
    """Carries messages of one way. The key is the message's: whoever carries it may know a repeated one by it."""

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        """Hand one message over; raises NotSent, and nothing else, where that failed."""
