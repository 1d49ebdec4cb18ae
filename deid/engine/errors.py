"""Why an input was refused or held: two closed lists, each reason with a sentence that names a way out."""

from enum import StrEnum


class RejectReason(StrEnum):
    """The input is not an ultrasound picture that the portal can take."""

    EMPTY = "empty"
    NOT_DICOM = "not_dicom"
    NO_META = "no_meta"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    NOT_ULTRASOUND = "not_ultrasound"
    ENCAPSULATED_DOCUMENT = "encapsulated_document"
    STRUCTURED_REPORT = "structured_report"
    PRESENTATION_STATE = "presentation_state"
    DICOMDIR = "dicomdir"
    NO_PIXELS = "no_pixels"
    NO_IDENTITY = "no_identity"
    DEFLATED = "deflated"
    TOO_DEEP = "too_deep"
    TOO_MANY_ELEMENTS = "too_many_elements"
    TOO_LARGE = "too_large"
    ZIP_DAMAGED = "zip_damaged"
    ZIP_NESTED = "zip_nested"
    ZIP_UNSAFE_NAME = "zip_unsafe_name"
    ZIP_ENCRYPTED = "zip_encrypted"
    ZIP_TOO_LARGE = "zip_too_large"
    ZIP_TOO_MANY = "zip_too_many"
    ZIP_EMPTY = "zip_empty"


class HoldReason(StrEnum):
    """The engine is not certain that the picture is clean; a person has to look."""

    AREA_UNCERTAIN = "area_uncertain"
    UNKNOWN_SYNTAX = "unknown_syntax"
    UNDECODABLE = "undecodable"
    UNSUPPORTED_COLOUR = "unsupported_colour"
    DETECTOR_FAILED = "detector_failed"
    OCR_MISSING = "ocr_missing"
    OCR_FAILED = "ocr_failed"
    TEXT_LEFT = "text_left"
    IDENTIFIER_LEFT = "identifier_left"
    REPORT_PAGE = "report_page"
    COVER_LIFTED = "cover_lifted"
    PLAIN_EXPORT = "plain_export"
    RENDER_FAILED = "render_failed"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"


LOOKED_PAST = frozenset(
    {HoldReason.TEXT_LEFT, HoldReason.AREA_UNCERTAIN, HoldReason.COVER_LIFTED, HoldReason.PLAIN_EXPORT}
)
"""The reasons that a clinician who looked at every frame may release past; a page of text is not among them."""

EXPLANATIONS: dict[RejectReason | HoldReason, str] = {
    RejectReason.EMPTY: "The file is empty. Export it from the machine again.",
    RejectReason.NOT_DICOM: "This is not a DICOM file. Choose DICOM as the export format on the machine.",
    RejectReason.NO_META: "The part that says how the file is written is missing. Export it as a DICOM file again.",
    RejectReason.TRUNCATED: "The file ends too early; part of it was lost. Export or copy it again.",
    RejectReason.DAMAGED: "The file is damaged and cannot be read. Export it from the machine again.",
    RejectReason.NOT_ULTRASOUND: "This is not an ultrasound picture. Only ultrasound studies belong here.",
    RejectReason.ENCAPSULATED_DOCUMENT: "This is a document inside DICOM, not a picture. Leave it in the archive.",
    RejectReason.STRUCTURED_REPORT: "This is a structured report, not a picture. Leave it in the archive.",
    RejectReason.PRESENTATION_STATE: "This tells how to show a picture and is none. Leave it in the archive.",
    RejectReason.DICOMDIR: "This is only the index of a disc. Send the picture files beside it.",
    RejectReason.NO_PIXELS: "There is no picture in this file. Export the pictures of the study.",
    RejectReason.NO_IDENTITY: "The file lacks the numbers that tell one picture from another. Export it again.",
    RejectReason.DEFLATED: "The file is packed in a way that is not taken for safety. Export it without deflate.",
    RejectReason.TOO_DEEP: "The file is nested too deeply to be read safely. Ask the machine's support.",
    RejectReason.TOO_MANY_ELEMENTS: "The file has too many elements to be read safely. Ask the machine's support.",
    RejectReason.TOO_LARGE: "The picture is larger than the portal takes. Send a smaller one, or a shorter cine.",
    RejectReason.ZIP_DAMAGED: "The ZIP file is damaged. Pack it again.",
    RejectReason.ZIP_NESTED: "A ZIP inside a ZIP is not opened. Unpack it and send the files.",
    RejectReason.ZIP_UNSAFE_NAME: "This entry points outside the ZIP. Pack the study again.",
    RejectReason.ZIP_ENCRYPTED: "The ZIP is locked with a password. Pack it without one.",
    RejectReason.ZIP_TOO_LARGE: "Unpacked, the ZIP is larger than the portal takes. Send it in parts.",
    RejectReason.ZIP_TOO_MANY: "There are too many files in the ZIP. Send it in parts.",
    RejectReason.ZIP_EMPTY: "There is nothing in the ZIP. Pack the study again.",
    HoldReason.AREA_UNCERTAIN: "The ultrasound area was not found for certain. Look, cover what identifies, release.",
    HoldReason.UNKNOWN_SYNTAX: "The way the picture is packed is not known. Export it in another transfer syntax.",
    HoldReason.UNDECODABLE: "At least one frame cannot be decoded. Export the picture again.",
    HoldReason.UNSUPPORTED_COLOUR: "The colours are stored in a way that is not known. Export it in another format.",
    HoldReason.DETECTOR_FAILED: "The text detector could not run, so nothing can be checked. Tell the administrator.",
    HoldReason.OCR_MISSING: "The text reader is not installed, so nothing can be checked. Tell the administrator.",
    HoldReason.OCR_FAILED: "The text reader failed. Try again; if it stays, tell the administrator.",
    HoldReason.TEXT_LEFT: "There may still be text in the picture. Look at the marked places and cover them.",
    HoldReason.IDENTIFIER_LEFT: "Something that identifies the patient was found in the result. Reject the picture.",
    HoldReason.REPORT_PAGE: "This looks like a page of text, not a picture. Reject it, or cover the text in it.",
    HoldReason.COVER_LIFTED: "A reviewer took a cover away. Look at the open place: it must tell nothing.",
    HoldReason.PLAIN_EXPORT: (
        "This came as a plain picture: no header says who it shows or where the ultrasound ends. "
        "Look at all of it, cover what identifies, release."
    ),
    HoldReason.RENDER_FAILED: "The pictures for the patient could not be made. Try again; if it stays, export it anew.",
    HoldReason.TIMED_OUT: "Cleaning took too long and was stopped. Try again, or send a shorter cine.",
    HoldReason.CRASHED: "Cleaning broke off. Try again; if it stays, export the picture anew.",
}


class Rejected(Exception):
    """The input is refused; `reason` comes from the closed list and nothing of the input is carried along."""

    def __init__(self, reason: RejectReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Held(Exception):
    """A step cannot be certain; the pipeline turns it into a held Outcome."""

    def __init__(self, reason: HoldReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class CageBroken(Exception):
    """The child gave no answer; `reason` is TIMED_OUT or CRASHED, and nothing of the file is carried along."""

    def __init__(self, reason: HoldReason) -> None:
        super().__init__(reason.value)
        self.reason = reason
