"""Links, the pictures they give, their openings, and failed tries."""

from sharing.models.attempt import Attempt
from sharing.models.link import Link, LinkImage
from sharing.models.opening import Opening

__all__ = ["Attempt", "Link", "LinkImage", "Opening"]
