"""States of a link and the ways in which a recipient can be verified."""

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
