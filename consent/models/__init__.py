"""The tables of consent."""

from consent.models.grant import Grant, GrantImage
from consent.models.purpose import OfferedPurpose, Purpose
from consent.models.record import ConsentRecord, Signature
from consent.models.withdrawal import Withdrawal
from consent.models.wording import PARTS, Wording

__all__ = [
    "PARTS",
    "ConsentRecord",
    "Grant",
    "GrantImage",
    "OfferedPurpose",
    "Purpose",
    "Signature",
    "Withdrawal",
    "Wording",
]
