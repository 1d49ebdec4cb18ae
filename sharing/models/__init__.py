"""Links, the pictures they give, their openings, failed tries, messages, and incidents."""

from sharing.models.attempt import Attempt
from sharing.models.incident import Incident, IncidentStep
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.opening import Opening

__all__ = ["Attempt", "Incident", "IncidentStep", "Link", "LinkImage", "Message", "Opening"]
