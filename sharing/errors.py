"""What can go wrong at the two doors of sharing; each error carries a reason from a closed list and nothing else."""

from enum import StrEnum

from django.db.models import TextChoices


class ClosedReason(StrEnum):
    """Why a door stayed closed: for the audit trail only, never for the visitor."""

    UNKNOWN = "unknown"
    WRONG_CODE = "wrong_code"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SPENT = "spent"
    REVOKED = "revoked"
    COOLING_OFF = "cooling_off"
    NO_CODE_TO_SEND = "no_code_to_send"
    TOO_MANY_CODES = "too_many_codes"
    TOO_MANY_TRIES = "too_many_tries"
    NOT_PERMITTED = "not_permitted"
    NOT_RELEASED = "not_released"
    CHANGED = "changed"
    DOUBTED = "doubted"
    SEX_WITHHELD = "sex_withheld"
    NOT_HERS = "not_hers"
    UNREADABLE = "unreadable"
    NOT_IN_LINK = "not_in_link"
    VIEW_ONLY = "view_only"
    NO_SESSION = "no_session"
    SESSION_ENDED = "session_ended"


class LinkRefusal(TextChoices):
    """Why a link was not made; each label names a way out."""

    NO_CONSENT = "no_consent", "There is no consent in force for this purpose and this study. Ask for consent first."
    NO_PICTURES = "no_pictures", "Choose at least one picture."
    NOT_CONSENTED = (
        "not_consented",
        "One of these pictures was not shown when consent was given, or has changed since. Ask for consent again.",
    )
    TOO_LONG = (
        "too_long",
        "That is longer than the clinic lets a link live, or than the consent lasts. Choose an earlier day.",
    )
    NO_RECIPIENT = (
        "no_recipient",
        "The patient’s yes names nobody who has been made sure of. Ask for consent again, with the name.",
    )
    NO_WAY_TO_SEND = (
        "no_way_to_send",
        "Codes cannot be sent this way, or there is no address for them. Choose the printed card or give an address.",
    )
    TOO_EARLY_AN_END = "too_early_an_end", "The link would end before it begins. Choose a later end."
    TOO_MANY = "too_many", "There are many open links already. End one that is not needed, then make a new one."
    HANDBOOK = (
        "handbook",
        "Those make links here who have read the handbook. Open Handbook, read what is left, and come back.",
    )
    ALREADY_MADE = (
        "already_made",
        "This link was made a moment ago, and its secret was shown once. Revoke it and make a new one.",
    )


class LinkClosed(Exception):
    """The visitor gets nothing; outside every reason looks the same. `gate` is the consent gate's own reason."""

    def __init__(self, reason: ClosedReason, gate: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.gate = gate


class LinkRefused(Exception):
    """The clinic's link was not made; the reason's label names a way out."""

    def __init__(self, reason: LinkRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class IncidentRefusal(TextChoices):
    """Why an incident was not opened, or not closed; each label names a way out."""

    NOT_TOLD = "not_told", "Write in a sentence or two what happened."
    NOT_YET = "not_yet", "This moment lies ahead. Choose when the clinic learnt of it."
    STEPS_OPEN = "steps_open", "Some steps are still open. Note each of them as done first."
    NOT_DECIDED = "not_decided", "Choose what was decided."
    CLOSED = "closed", "It was closed already. Reload the page to see by whom."


class IncidentRefused(Exception):
    """Nothing was noted; the reason's label names a way out."""

    def __init__(self, reason: IncidentRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
