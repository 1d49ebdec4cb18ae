"""Links, the pictures they give, their openings, failed tries, invitations to decide, and messages."""

from sharing.models.attempt import Attempt
from sharing.models.invitation import Invitation
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.opening import Opening

__all__ = ["Attempt", "Invitation", "Link", "LinkImage", "Message", "Opening"]
