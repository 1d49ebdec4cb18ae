"""Links, the pictures they give, their openings, failed tries, and messages."""

from sharing.models.attempt import Attempt
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.opening import Opening

__all__ = ["Attempt", "Link", "LinkImage", "Message", "Opening"]
