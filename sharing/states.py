"""States of a link and of a message, the ways of a message, and those in which a recipient can be verified."""

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
    NO_SENDER = "no_sender", "No sender is set up for this way."
    REFUSED = "refused", "The address or number was refused."
    TOO_LATE = "too_late", "The sender could not be reached in time."
    UNREADABLE = "unreadable", "What was sealed for it cannot be read."
    RESTORED = "restored", "The portal was put back from a copy; this may have been sent before."
    GAVE_UP = "gave_up", "The work failed again and again."
