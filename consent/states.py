"""The closed lists of consent: answers, states and the moves between them, and the gate's reasons."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GrantDecision(TextChoices):
    """What the patient answered for one purpose."""

    PERMIT = "permit", _("Yes")
    DENY = "deny", _("No")


class GrantState(TextChoices):
    """Where a grant stands; every state that MOVES does not name as a start is final."""

    PENDING = "pending", _("Waiting for a signature")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Replaced")
    IN_ERROR = "in_error", _("Entered in error")


_ENDS = frozenset({GrantState.WITHDRAWN, GrantState.EXPIRED, GrantState.SUPERSEDED, GrantState.IN_ERROR})
MOVES: dict[GrantState, frozenset[GrantState]] = {
    GrantState.PENDING: _ENDS | {GrantState.ACTIVE},
    GrantState.ACTIVE: _ENDS | {GrantState.SUSPENDED},
    GrantState.SUSPENDED: _ENDS | {GrantState.ACTIVE},
    GrantState.REFUSED: frozenset({GrantState.SUPERSEDED, GrantState.IN_ERROR}),
    GrantState.WITHDRAWN: frozenset(),
    GrantState.EXPIRED: frozenset(),
    GrantState.SUPERSEDED: frozenset(),
    GrantState.IN_ERROR: frozenset(),
}
STANDING = frozenset({GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.REFUSED})
WITHDRAWABLE = frozenset({GrantState.PENDING, GrantState.ACTIVE, GrantState.SUSPENDED})


class Basis(TextChoices):
    """By what right somebody decides; which ages and papers each asks for are rows of a jurisdiction's profile."""

    ADULT = "adult", _("The patient, an adult")
    COMPETENT_MINOR = "competent_minor", _("The patient, under age and able to decide this for herself")
    MINOR_WITH_PARENT = "minor_with_parent", _("A parent, with the patient’s own agreement")
    GUARDIAN = "guardian", _("A guardian or another person with authority")
    DECEASED = "deceased", _("A representative of a patient who has died")


class Fact(TextChoices):
    """What a basis may ask to be known before it counts."""

    ASSESSOR = "assessor", "who judged that she understands, and when"
    REASONING = "reasoning", "why"
    AUTHORITY = "authority", "what gives the authority"
    PROOF = "proof", "which paper shows it"
    AUTHORITY_END = "authority_end", "until when it lasts"
    WISHES = "wishes", "what is known of the patient’s own wishes"
    ASSENT_MAY_LACK = "assent_may_lack", "why, where the patient herself cannot say"
    NECESSITY = "necessity", "that it is needed, in her interest, and that there is no other way"


class Assent(TextChoices):
    """What a patient who cannot decide alone says herself."""

    NOT_ASKED = "", _("Not asked")
    GIVEN = "given", _("She agrees")
    NOT_POSSIBLE = "not_possible", _("She cannot say")
    REFUSED = "refused", _("She says no")


class Place(TextChoices):
    """Where the sitting took place."""

    CLINIC = "clinic", "In the clinic"
    ELSEWHERE = "elsewhere", "Outside the clinic"


class SignerRole(TextChoices):
    """In which role a name stands under a decision."""

    PATIENT = "patient", _("Patient")
    STAFF = "staff", _("Member of staff who heard the refusal")
    ASSENT = "assent", _("Patient, agreeing with who decides")
    PARENT = "parent", _("Parent")
    GUARDIAN = "guardian", _("Guardian")
    REPRESENTATIVE = "representative", _("Representative")
    WITNESS = "witness", _("Witness")
    INTERPRETER = "interpreter", _("Interpreter")


DECIDERS: dict[Basis, SignerRole] = {
    Basis.ADULT: SignerRole.PATIENT,
    Basis.COMPETENT_MINOR: SignerRole.PATIENT,
    Basis.MINOR_WITH_PARENT: SignerRole.PARENT,
    Basis.GUARDIAN: SignerRole.GUARDIAN,
    Basis.DECEASED: SignerRole.REPRESENTATIVE,
}
"""Whose name stands under a decision, by its basis."""


class SigningMethod(TextChoices):
    """How a decision was given."""

    TYPED = "typed", _("Name typed on the clinic's screen")
    SPOKEN = "spoken", _("Said aloud, typed by staff")
    PAPER = "paper", "Signed on paper, typed by staff"
    REMOTE = "remote", "Name typed on the patient's own device"


class SecondSecret(TextChoices):
    """By which way the second secret of a remote sitting reached who decides; none is asked for in the clinic."""

    NONE = "", "None"
    CARD = "card", "Code on a printed card or said aloud"
    EMAIL = "email", "Code by e-mail"
    SMS = "sms", "Code by text message"


class WithdrawalChannel(TextChoices):
    """How a withdrawal reached the clinic."""

    LINK = "link", "From the patient's own page"
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    WRITTEN = "written", "By letter or mail"
    CORRECTION = "correction", "Entered in error, noted by staff"


class SuspensionCause(TextChoices):
    """Why a yes rests until staff have decided."""

    FAMILY = "family", "Somebody close to the patient asked"
    DEATH = "death", "The patient has died"
    CAPACITY = "capacity", "The patient can no longer decide for herself"
    DOUBT = "doubt", "Staff doubt that it was given freely or for these pictures"
    INCIDENT = "incident", "Something went wrong with the pictures and is looked into"


class SuspensionOutcome(TextChoices):
    """How a suspension ended."""

    OPEN = "", "Not decided yet"
    RESUMED = "resumed", "The yes holds again"
    ENDED = "ended", "The yes has ended"


class TaskKind(TextChoices):
    """What consent asks a person to do."""

    DECIDE = "decide", "Decide about a yes that is suspended"
    ASK_AGAIN = "ask_again", "Ask the patient herself, who has come of age"
    ENDS_SOON = "ends_soon", "Tell the patient that her yes ends soon"
    SIGNATURE = "signature", "Get the signature that is missing"
    RECALL = "recall", "Take the pictures out of where they are shown"


class GateReason(StrEnum):
    """Why the gate answered as it did; PERMITTED alone opens it."""

    PERMITTED = "permitted"
    PENDING = "pending"
    SUSPENDED = "suspended"
    IN_ERROR = "in_error"
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
