"""The tables of consent."""

from consent.models.capacity import Capacity, NeededSignature, Recipient
from consent.models.document import ConsentDocument
from consent.models.grant import Grant, GrantImage
from consent.models.jurisdiction import CapacityRule, ClinicProfile, Profile
from consent.models.purpose import OfferedPurpose, Purpose, WithheldPurpose
from consent.models.record import ConsentRecord, Signature
from consent.models.suspension import Standing, Suspension
from consent.models.task import Task
from consent.models.withdrawal import Withdrawal
from consent.models.wording import LATER_PARTS, PARTS, Wording

__all__ = [
    "LATER_PARTS",
    "PARTS",
    "Capacity",
    "CapacityRule",
    "ClinicProfile",
    "ConsentDocument",
    "ConsentRecord",
    "Grant",
    "GrantImage",
    "NeededSignature",
    "OfferedPurpose",
    "Profile",
    "Purpose",
    "Recipient",
    "Signature",
    "Standing",
    "Suspension",
    "Task",
    "Withdrawal",
    "WithheldPurpose",
    "Wording",
]
