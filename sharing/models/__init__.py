"""Links, the pictures they give, their openings, failed tries, codes, messages, and limits."""

from sharing.models.attempt import Attempt
from sharing.models.code import OneTimeCode
from sharing.models.limits import LinkLimits
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.opening import Opening

__all__ = ["Attempt", "Link", "LinkImage", "LinkLimits", "Message", "OneTimeCode", "Opening"]
