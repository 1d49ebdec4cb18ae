"""Why a patient is not forgotten."""


class ErasureRefused(Exception):
    """Something of the patient must be kept for now; the text is a sentence without a name."""
