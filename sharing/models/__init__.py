"""Links, the pictures they give, their openings, failed tries, messages, and what the patient wishes."""

from sharing.models.attempt import Attempt
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.opening import Opening
from sharing.models.sex_wish import SexWish

__all__ = ["Attempt", "Link", "LinkImage", "Message", "Opening", "SexWish"]
