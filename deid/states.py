"""States of an instance with the moves between them, kinds of artefact, choices, and a reviewer's reasons."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from deid.engine.policy import KeptText


class InstanceState(TextChoices):
    """Where an instance stands on its way from the machine to the patient."""

    RECEIVED = "received", "Waiting"
    PROCESSING = "processing", "Being cleaned"
    CLEAN = "clean", "Clean"
    HELD = "held", "Held"
    RELEASED = "released", "Released"
    REJECTED = "rejected", "Rejected"
    FAILED = "failed", "Failed"


_S = InstanceState

MOVES: Mapping[InstanceState, frozenset[InstanceState]] = {
    _S.RECEIVED: frozenset({_S.PROCESSING, _S.FAILED}),
    _S.PROCESSING: frozenset({_S.PROCESSING, _S.RECEIVED, _S.CLEAN, _S.HELD, _S.REJECTED, _S.FAILED}),
    _S.CLEAN: frozenset({_S.RELEASED, _S.REJECTED, _S.RECEIVED}),
    _S.HELD: frozenset({_S.RELEASED, _S.REJECTED, _S.RECEIVED}),
    _S.RELEASED: frozenset({_S.CLEAN, _S.HELD, _S.RECEIVED}),
    _S.FAILED: frozenset({_S.RECEIVED, _S.REJECTED}),
    _S.REJECTED: frozenset(),
}

WITH_REASON = frozenset({_S.HELD, _S.FAILED, _S.REJECTED})
UNSETTLED = frozenset({_S.RECEIVED, _S.PROCESSING})


class MoveRefused(Exception):
    """The table of moves does not allow this step; carries the two states only."""

    def __init__(self, here: InstanceState, there: InstanceState) -> None:
        super().__init__(f"{here.value} to {there.value}")
        self.here = here
        self.there = there


class RunStatus(TextChoices):
    """How one attempt of the engine ended."""

    CLEAN = "clean", "Clean"
    HELD = "held", "Held"
    REJECTED = "rejected", "Rejected"


class ArtefactKind(TextChoices):
    """What a sealed output of a run is."""

    MASTER = "master", "Clean DICOM without brand"
    STILL_PNG = "still_png", _("Picture")
    STILL_JPEG = "still_jpeg", _("Picture, JPEG")
    THUMBNAIL = "thumbnail", _("Small picture")
    FILM = "film", _("Film")
    SOURCE_STILL = "source_still", "Picture as it came"
    SOURCE_FILM = "source_film", "Film as it came"


PATIENT_KINDS = frozenset({ArtefactKind.STILL_PNG, ArtefactKind.STILL_JPEG, ArtefactKind.THUMBNAIL, ArtefactKind.FILM})


class Refusal(TextChoices):
    """Why a person rejected a picture; a closed list, so that no name can be typed in."""

    IDENTIFIES = "identifies", "It still shows who the patient is"
    WRONG_PATIENT = "wrong_patient", "It belongs to another patient"
    NOT_FOR_SHARING = "not_for_sharing", "It is not a picture for the patient"
    POOR = "poor", "It is not good enough to keep"


class SexMarkReason(TextChoices):
    """Why a person took the mark away that a picture may tell the sex; a closed list, as `Refusal` is."""

    NOT_VISIBLE = "not_visible", "I looked: the sex cannot be seen in it"
    MISREAD = "misread", "A word was misread"
    NO_CHILD = "no_child", "It does not show an unborn child"
    MISTAKEN = "mistaken", "It was marked by mistake"


class Gate(TextChoices):
    """The two questions before a picture reaches the patient, each with a record of its own."""

    CLEAN = "clean", "Is it clean?"
    RELEASE = "release", "May the patient see it now?"


class EmbargoGround(TextChoices):
    """Why a study reaches its patient later; a closed list, so that no name can be typed in."""

    TALK = "talk", "The clinician speaks with the patient first"
    REPORT = "report", "The report is not finished"
    CARE = "care", "Bad news: the team says when"
    PATIENT = "patient", "The patient asked to wait"


class LiftReason(TextChoices):
    """Why a person took a cover of the engine away; a closed list, as `Refusal` is."""

    MEASUREMENT = "measurement", "A measurement, or a word of anatomy"
    MACHINE = "machine", "A scale, a caliper or a mark of the machine"
    PICTURE = "picture", "No text at all: it is part of the picture"


class KeptTextChoice(TextChoices):
    """Which words of the engine's list may stay inside a picture, strictest first."""

    NOTHING = KeptText.NOTHING.value, "No text at all"
    MEASUREMENTS = KeptText.MEASUREMENTS.value, "Measurements"
    MEASUREMENTS_AND_ANATOMY = KeptText.MEASUREMENTS_AND_ANATOMY.value, "Measurements and words of anatomy"


class Failure(TextChoices):
    """Why an instance failed without a word from the engine."""

    GAVE_UP = "gave_up", "Cleaning broke off three times. Try again; if it stays, tell the administrator."


class Doubt(TextChoices):
    """Why a released picture was taken back by whoever looked at it through a link."""

    NAME_SEEN = (
        "name_seen",
        "Somebody who looked at it through a link sees a name in it, so it is hidden everywhere. Look at every frame: "
        "cover the name and clean again, or release it if there is none.",
    )


class Lapse(TextChoices):
    """Why a picture was erased without a person's word on it."""

    ABANDONED = "abandoned", "Nobody released it in the time that the clinic gives, so it was erased."
    FORGOTTEN = "forgotten", "The patient was forgotten, and everything of hers with her."


class HoldGround(TextChoices):
    """Why a study must be kept; a closed list, so that no name can be typed in."""

    COMPLAINT = "complaint", "A complaint or a claim"
    AUTHORITY = "authority", "A court or an authority asked for it"
    INCIDENT = "incident", "An incident is being looked into"
    PATIENT = "patient", "The patient asked to keep it"


class ItemOutcome(TextChoices):
    """What became of one file of an upload at the door."""

    RECEIVED = "received", "Received"
    REPEATED = "repeated", "Already here"
    REFUSED = "refused", "Refused"
    SKIPPED = "skipped", "Left out"


class DeliveryState(TextChoices):
    """Where a file stands that comes in pieces."""

    OPEN = "open", "On its way"
    WHOLE = "whole", "All bytes are here"
    TAKEN = "taken", "Every member has its row"
    DROPPED = "dropped", "Ended before it was whole"
