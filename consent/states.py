"""The closed lists of consent: answers, states and the moves between them, and the gate's reasons."""

from enum import StrEnum

from django.db.models import TextChoices


class GrantDecision(TextChoices):
    """What the patient answered for one purpose."""

    PERMIT = "permit", "Yes"
    DENY = "deny", "No"


class GrantState(TextChoices):
    """Where a grant stands; every state that MOVES does not name as a start is final."""

    ACTIVE = "active", "Active"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"
    SUPERSEDED = "superseded", "Replaced"


MOVES: dict[GrantState, frozenset[GrantState]] = {
    GrantState.ACTIVE: frozenset({GrantState.WITHDRAWN, GrantState.EXPIRED, GrantState.SUPERSEDED}),
    GrantState.REFUSED: frozenset({GrantState.SUPERSEDED}),
    GrantState.WITHDRAWN: frozenset(),
    GrantState.EXPIRED: frozenset(),
    GrantState.SUPERSEDED: frozenset(),
}
STANDING = frozenset({GrantState.ACTIVE, GrantState.REFUSED})


class Place(TextChoices):
    """Where the sitting took place."""

    CLINIC = "clinic", "In the clinic"
    ELSEWHERE = "elsewhere", "Outside the clinic"


class SignerRole(TextChoices):
    """In which role a name stands under a decision."""

    PATIENT = "patient", "Patient"
    STAFF = "staff", "Member of staff who heard the refusal"


class SigningMethod(TextChoices):
    """How a decision was given."""

    TYPED = "typed", "Name typed on the clinic's screen"
    SPOKEN = "spoken", "Said aloud, typed by staff"
    PAPER = "paper", "Signed on paper, typed by staff"


class WithdrawalChannel(TextChoices):
    """How a withdrawal reached the clinic."""

    LINK = "link", "From the patient's own page"
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    WRITTEN = "written", "By letter or mail"


class GateReason(StrEnum):
    """Why the gate answered as it did; PERMITTED alone opens it."""

    PERMITTED = "permitted"
    NO_GRANT = "no_grant"
    WRONG_PURPOSE = "wrong_purpose"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    NOT_YET = "not_yet"
    NOT_SIGNED = "not_signed"
    NOT_SHOWN = "not_shown"
    ALTERED = "altered"
