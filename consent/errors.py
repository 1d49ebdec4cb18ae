"""What goes wrong in consent, with a sentence and a way out for each reason."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a use case of consent did not go through."""

    NO_WORDING = "no_wording"
    WORDING_NOT_LIVE = "wording_not_live"
    WORDING_ALREADY_PUBLISHED = "wording_already_published"
    WORDING_INCOMPLETE = "wording_incomplete"
    NOT_OFFERED = "not_offered"
    NOT_A_MEMBER = "not_a_member"
    NO_PICTURE_SHOWN = "no_picture_shown"
    PICTURE_TWICE = "picture_twice"
    PERMANENCE_NOT_ACKNOWLEDGED = "permanence_not_acknowledged"
    NAME_MISSING = "name_missing"
    NO_END = "no_end"
    END_TOO_EARLY = "end_too_early"
    END_TOO_LATE = "end_too_late"
    UNKNOWN_ANSWER = "unknown_answer"
    UNKNOWN_METHOD = "unknown_method"
    UNKNOWN_CHANNEL = "unknown_channel"
    ALREADY_WITHDRAWN = "already_withdrawn"
    NOT_ACTIVE = "not_active"


EXPLANATIONS: dict[RefusalReason, str] = {
    RefusalReason.NO_WORDING: "There is no published wording in this language, and no other one "
    "takes its place. Choose a language that has one.",
    RefusalReason.WORDING_NOT_LIVE: "This wording has been replaced since the page was opened. "
    "Open the page again and read the new one together.",
    RefusalReason.WORDING_ALREADY_PUBLISHED: "This wording is published and stays. Write a new version.",
    RefusalReason.WORDING_INCOMPLETE: "This wording lacks a required part. Fill in every part first.",
    RefusalReason.NOT_OFFERED: "The clinic does not offer this purpose. An administrator can switch it on.",
    RefusalReason.NOT_A_MEMBER: "Only staff of the patient's clinic can do this. Ask a colleague there.",
    RefusalReason.NO_PICTURE_SHOWN: "A yes counts only for pictures the patient has seen. "
    "Show at least one picture first.",
    RefusalReason.PICTURE_TWICE: "The same picture was listed twice. Open the page again.",
    RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED: "This purpose needs its own tick: "
    "the patient has understood that a posted picture cannot be taken back for certain.",
    RefusalReason.NAME_MISSING: "The patient's typed name is missing. Ask the patient to type their name.",
    RefusalReason.NO_END: "A yes needs an end date. Choose one.",
    RefusalReason.END_TOO_EARLY: "The end date is not in the future. Choose a later one.",
    RefusalReason.END_TOO_LATE: "The end date is later than this purpose allows. Choose an earlier one.",
    RefusalReason.UNKNOWN_ANSWER: "The answer is neither yes nor no. Choose one of the two.",
    RefusalReason.UNKNOWN_METHOD: "The way of signing is not known. Choose one from the list.",
    RefusalReason.UNKNOWN_CHANNEL: "The way of withdrawing is not known. Choose one from the list.",
    RefusalReason.ALREADY_WITHDRAWN: "This consent was withdrawn before. Nothing more needs to be done.",
    RefusalReason.NOT_ACTIVE: "This consent is no longer active, so there is nothing to withdraw. "
    "Look for a newer decision of the same patient.",
}


class ConsentRefused(Exception):
    """A use case of consent did not go through; `reason` says why and no patient text travels with it."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def explanation(self) -> str:
        """A sentence for staff with a way out."""
        return EXPLANATIONS[self.reason]
