"""Why a patient is not forgotten, and why a care status is not noted."""


class ErasureRefused(Exception):
    """Something of the patient must be kept for now; the text is a sentence without a name."""


class CareRefused(Exception):
    """Messages and warm words come back on the word of staff alone, never through a link."""
