"""States of links, messages and incidents, the ways of a message, and those in which a recipient can be verified."""

from django.db.models import TextChoices


class LinkState(TextChoices):
    """What a link is worth at a given moment, for the clinic's list."""

    ACTIVE = "active", "Open"
    NOT_YET = "not_yet", "Not open yet"
    EXPIRED = "expired", "Ended"
    SPENT = "spent", "All openings used"
    REVOKED = "revoked", "Revoked"
    WITHDRAWN = "withdrawn", "Consent no longer holds"


class RecipientCheck(TextChoices):
    """How the clinic made sure who receives the link (R43)."""

    IN_PERSON = "in_person", "The recipient is here, and I have checked who they are"
    DOCUMENT = "document", "I have seen an identity document"
    CALLED_BACK = "called_back", "I called back on the number in the patient’s record"
    BY_PATIENT = "by_patient", "The patient passes it on herself"


STAFF_CHECKS = [choice for choice in RecipientCheck.choices if choice[0] != RecipientCheck.BY_PATIENT]
"""What staff can say; the last one is of links that the patient made."""


class SecondSecret(TextChoices):
    """What opens a link beside its address; it never comes by the same way."""

    CARD = "card", "A code on the printed card"
    EMAIL = "email", "A code by e-mail, each time"
    SMS = "sms", "A code by text message, each time"


class Channel(TextChoices):
    """By which way a message goes."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "Text message"


class MessageKind(TextChoices):
    """What a message says; its words are the template of the same name."""

    CODE = "code", "One-time code"
    FIRST_OPENING = "first_opening", "First opening of a link"
    COPY = "copy", "Copy of what was decided"


ASKED_FOR = frozenset({MessageKind.CODE})
"""The messages that somebody is waiting for; quiet stops every other one."""


class MessageState(TextChoices):
    """QUEUED ends as SENT, FAILED or STOPPED, and then for good."""

    QUEUED = "queued", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    STOPPED = "stopped", "Stopped before it was sent"


class MessageFault(TextChoices):
    """Why a message was stopped or could not be sent."""

    LINK_ENDED = "link_ended", "The link was revoked or has ended."
    FORGOTTEN = "forgotten", "The patient was forgotten."
    QUIET = "quiet", "The patient’s care status asks for quiet."
    NOT_WANTED = "not_wanted", "The patient does not want it any more."
    NO_SENDER = "no_sender", "No sender is set up for this way."
    REFUSED = "refused", "The address or number was refused."
    TOO_LATE = "too_late", "The sender could not be reached in time."
    UNREADABLE = "unreadable", "What was sealed for it cannot be read."
    RESTORED = "restored", "The portal was put back from a copy; this may have been sent before."
    GAVE_UP = "gave_up", "The work failed again and again."


class IncidentKind(TextChoices):
    """What went wrong with pictures that had been given out."""

    POSTED = "posted", "A picture was posted or passed on without consent"
    WRONG_PERSON = "wrong_person", "Pictures reached the wrong person"
    NOT_CLEAN = "not_clean", "A picture shows who the patient is"
    MISUSE = "misuse", "Somebody on the staff looked or shared without need"
    OTHER = "other", "Something else"


class IncidentOutcome(TextChoices):
    """What the clinic decided in the end."""

    OPEN = "", "Not decided yet"
    REPORTED = "reported", "It was a breach and has been reported"
    NOT_REPORTABLE = "not_reportable", "It was a breach, and the law asks for no report"
    NO_BREACH = "no_breach", "It was no breach"


class StepKind(TextChoices):
    """What an incident asks of people, in this order."""

    TAKE_DOWN = "take_down", "Ask for what was posted or passed on to be taken down"
    TELL_RISK = "tell_risk", "Tell risk management and the ethics committee"
    ASSESS = "assess", "Judge whether the law calls it a breach, and write down why"
    TELL_PATIENT = "tell_patient", "Tell the patient, in words she understands"
    REPORT = "report", "Report it where the law asks for that"
