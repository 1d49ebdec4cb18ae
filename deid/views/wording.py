"""What a reason, a cover or a finding means, in words that a person can act on."""

from collections.abc import Mapping

from deid.engine.errors import EXPLANATIONS, HoldReason, RejectReason
from deid.engine.geometry import Why
from deid.services.proof import SecondLook
from deid.states import Doubt, Failure, Lapse, Refusal

WHY: Mapping[str, str] = {
    Why.OUTSIDE: "Outside the ultrasound area",
    Why.IDENTIFIER: "Identifies the patient",
    Why.UNKNOWN_TEXT: "Text that is not known",
    Why.DEVICE: "Covered by the rule for this machine",
    Why.MANUAL: "Covered by a person",
    Why.TEXT_LEFT: "Text that may be left: look here",
}

SECOND_LOOK: Mapping[SecondLook, str] = {
    SecondLook.NOT_REACHED: "It did not come to a second look.",
    SecondLook.NOTHING_LEFT: "The result was opened and read again: nothing was left.",
    SecondLook.COVERED_MORE: "It found more, covered it, looked again and found nothing.",
    SecondLook.TEXT_LEFT: "It still finds what may be text; the places are marked.",
    SecondLook.IDENTIFIER_LEFT: "It found something that identifies the patient.",
    SecondLook.NOT_SETTLED: "It found nothing of its own; the picture is held for another reason.",
}

STAGES: Mapping[str, str] = {
    "decode": "Opening the file",
    "area": "Finding the ultrasound area",
    "detect": "Looking for text",
    "text": "Reading text",
    "plan": "Deciding what is covered",
    "redact": "Covering",
    "brand": "Drawing the strip",
    "render": "Making the pictures",
    "verify": "The second look",
    "tags": "Cleaning the header",
    "encode": "Writing the clean DICOM file",
}

_SENTENCES: Mapping[str, str] = {
    **{reason.value: sentence for reason, sentence in EXPLANATIONS.items()},
    **{refusal.value: f"{refusal.label}." for refusal in Refusal},
    **{failure.value: failure.label for failure in Failure},
    **{lapse.value: lapse.label for lapse in Lapse},
    **{doubt.value: doubt.label for doubt in Doubt},
}

_SHORT: Mapping[str, str] = {
    HoldReason.AREA_UNCERTAIN: "Area uncertain",
    HoldReason.TEXT_LEFT: "Text may be left",
    HoldReason.IDENTIFIER_LEFT: "Identifier found",
    HoldReason.REPORT_PAGE: "Page of text",
    HoldReason.COVER_LIFTED: "Cover taken away",
    HoldReason.PLAIN_EXPORT: "Plain picture",
    HoldReason.TIMED_OUT: "Took too long",
    RejectReason.NOT_ULTRASOUND: "Not ultrasound",
    Failure.GAVE_UP: "Broke off three times",
    Doubt.NAME_SEEN: "A name was seen",
}


def explain(reason: str) -> str:
    """Return the sentence for a stored reason, with a way out; empty for no reason."""
    return _SENTENCES[reason] if reason else ""


def short(reason: str) -> str:
    """Return two or three words for a stored reason; empty for no reason."""
    return _SHORT.get(reason, reason.replace("_", " ").capitalize())
