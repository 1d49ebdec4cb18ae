"""What staff told of an invitation, sealed as one text: who gets the pictures, by what right, and where codes go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from consent.answers import NamedRecipient
from consent.capacity import Claim
from consent.states import Assent, Basis
from sharing.models import Invitation
from sharing.sealed import fields_of, seal_fields

CLAIM = "claim."
CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`recipients` by purpose; `claim` is the right of who decides; `contact` is empty where codes come on a card."""

    recipients: Mapping[str, NamedRecipient] = field(default_factory=dict)
    claim: Claim = field(default_factory=Claim)
    contact: str = ""


def seal_brief(brief: Brief, *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal a brief and return its object's key and the sealed bytes for the invitation's row."""
    told = {f"{code}.name": one.name.strip() for code, one in brief.recipients.items()}
    told |= {f"{code}.how": one.verified_how for code, one in brief.recipients.items()}
    told |= {f"{CLAIM}{name}": text for name, text in _claim_fields(brief.claim).items()}
    return seal_fields(told | ({CONTACT: brief.contact} if brief.contact else {}), clinic_id=clinic_id)


def brief_of(invitation: Invitation) -> Brief:
    """Return what was told; raises VaultError where it was destroyed."""
    told = fields_of(invitation.brief_object_id, invitation.brief_sealed)
    claim = {key.removeprefix(CLAIM): text for key, text in told.items() if key.startswith(CLAIM)}
    codes = {key.removesuffix(".how") for key in told if key.endswith(".how")}
    return Brief(
        recipients={code: NamedRecipient(told[f"{code}.name"], told[f"{code}.how"]) for code in codes},
        claim=_claim_of(invitation, claim),
        contact=told.get(CONTACT, ""),
    )


def _claim_fields(claim: Claim) -> dict[str, str]:
    said = {"assent": str(claim.assent), "necessary": "yes" if all(claim.statements) else ""}
    return claim.details() | {name: text for name, text in said.items() if text}


def _claim_of(invitation: Invitation, told: Mapping[str, str]) -> Claim:
    """Who made the invitation is who judged, where somebody had to."""
    return Claim(
        basis=Basis(invitation.basis),
        assessor=invitation.created_by if told.get("reasoning") else None,
        reasoning=told.get("reasoning", ""),
        authority=told.get("authority", ""),
        proof=told.get("proof", ""),
        authority_until=_day(told.get("authority_until", "")),
        wishes=told.get("wishes", ""),
        statements=(told.get("necessary") == "yes",) * 3,
        assent=Assent(told.get("assent", "")),
        assent_note=told.get("assent_note", ""),
        born=_day(told.get("born", "")),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
