"""Links, what they give and who came, invitations, codes, messages, limits, what she wishes, and incidents."""

from sharing.models.attempt import Attempt
from sharing.models.code import OneTimeCode
from sharing.models.incident import Incident, IncidentStep
from sharing.models.invitation import Invitation
from sharing.models.limits import LinkLimits
from sharing.models.link import Link, LinkImage
from sharing.models.message import Message
from sharing.models.no_copies import NoCopies
from sharing.models.notice import Notice
from sharing.models.opening import Opening
from sharing.models.sex_wish import SexWish

__all__ = [
    "Attempt",
    "Incident",
    "IncidentStep",
    "Invitation",
    "Link",
    "LinkImage",
    "LinkLimits",
    "Message",
    "NoCopies",
    "Notice",
    "OneTimeCode",
    "Opening",
    "SexWish",
]
