"""Why a step of the review was refused; each reason is a sentence with a way out."""

from enum import StrEnum


class ReviewRefusal(StrEnum):
    """What stands against a reviewer's step."""

    STATE = "state"
    NO_RIGHT = "no_right"
    NO_OUTPUTS = "no_outputs"
    NOT_CONFIRMED = "not_confirmed"
    SEX_NOT_WANTED = "sex_not_wanted"
    NEVER = "never"
    OUTSIDE = "outside"
    TOO_MANY = "too_many"
    ORIGINAL_GONE = "original_gone"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    NOT_LIFTABLE = "not_liftable"
    DAY_PAST = "day_past"
    SECOND_PERSON = "second_person"
    NO_MACHINE = "no_machine"
    NO_COVERS = "no_covers"
    UNMATCHED = "unmatched"
    TOO_LATE = "too_late"


EXPLANATIONS: dict[ReviewRefusal, str] = {
    ReviewRefusal.STATE: "Somebody else moved this picture on, or it is being cleaned. Look at it again.",
    ReviewRefusal.NO_RIGHT: "Releasing needs a clinician. Ask one to look at this picture.",
    ReviewRefusal.NO_OUTPUTS: "There is no finished picture to release yet. Try cleaning it again.",
    ReviewRefusal.NOT_CONFIRMED: "Look at every frame and tick the sentence before releasing a held picture.",
    ReviewRefusal.SEX_NOT_WANTED: "This picture may tell the sex. Release it only where the family wants to know.",
    ReviewRefusal.NEVER: "A picture held for this reason cannot be released. Try again or reject it.",
    ReviewRefusal.OUTSIDE: "The cover lies outside the picture or its frames. Check the numbers.",
    ReviewRefusal.TOO_MANY: "There are too many covers on this picture. Reject it instead.",
    ReviewRefusal.EDITED: (
        "Somebody else changed the covers of this picture meanwhile. Theirs are shown here, and yours with them: "
        "look at both, then send again."
    ),
    ReviewRefusal.UNCHANGED: "The covers are as they were. Draw, move or remove one first.",
    ReviewRefusal.NOT_LIFTABLE: (
        "This cover stays: it hides what identifies the patient or what lies outside the ultrasound area, "
        "or it is no longer there."
    ),
    ReviewRefusal.DAY_PAST: "Choose a day to come, or none at all.",
    ReviewRefusal.SECOND_PERSON: (
        "Your clinic asks for a second person: somebody else has to release what you found clean."
    ),
    ReviewRefusal.NO_MACHINE: "The file does not say which machine it came from, so nothing can be remembered for it.",
    ReviewRefusal.NO_COVERS: "Cover something on this picture first; that is what is remembered.",
    ReviewRefusal.UNMATCHED: "Say first whose pictures these are, on the page of the study.",
    ReviewRefusal.TOO_LATE: "It is too late to undo them together. Take each back on the page of the picture.",
    ReviewRefusal.ORIGINAL_GONE: (
        "The picture as it came was destroyed, as the clinic's rule says, so it cannot be cleaned again. "
        "If it must change, take the release back, reject it and have the study sent anew."
    ),
}


class ReviewRefused(Exception):
    """A reviewer's step was not taken; `reason` says why and carries nothing of the picture."""

    def __init__(self, reason: ReviewRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
