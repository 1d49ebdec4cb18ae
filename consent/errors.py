"""What goes wrong in consent, with a sentence and a way out for each reason."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    BASIS_NOT_OPEN = "basis_not_open"
    NOT_FROM_AFAR = "not_from_afar"
    NO_WAY_TO_SEND = "no_way_to_send"
    RULES_INCOMPLETE = "rules_incomplete"
    RULES_EXIST = "rules_exist"
    AGE_UNKNOWN = "age_unknown"
    AGE_DOES_NOT_FIT = "age_does_not_fit"
    ASSESSMENT_MISSING = "assessment_missing"
    AUTHORITY_MISSING = "authority_missing"
    AUTHORITY_ENDED = "authority_ended"
    WISHES_MISSING = "wishes_missing"
    NECESSITY_MISSING = "necessity_missing"
    ASSENT_MISSING = "assent_missing"
    ASSENT_REFUSED = "assent_refused"
    WITNESS_MISSING = "witness_missing"
    RECIPIENT_MISSING = "recipient_missing"
    PATIENT_DIED = "patient_died"
    PATIENT_LIVES = "patient_lives"
    PATIENT_UNABLE = "patient_unable"
    END_AFTER_RIGHT = "end_after_right"
    PICTURE_REPLACED = "picture_replaced"
    NOT_PENDING = "not_pending"
    NOT_NEEDED = "not_needed"
    NOT_SUSPENDED = "not_suspended"
    REASON_MISSING = "reason_missing"
    ANSWERED_MEANWHILE = "answered_meanwhile"
    NOT_YOURS = "not_yours"
    ALREADY_WITHDRAWN = "already_withdrawn"
    NOT_ACTIVE = "not_active"


EXPLANATIONS: dict[RefusalReason, str | Promise] = {
    RefusalReason.NO_WORDING: _(
        "There is no published wording in this language, and no other one takes its place. Choose a language "
        "that has one."
    ),
    RefusalReason.WORDING_NOT_LIVE: _(
        "This wording has been replaced since the page was opened. Open the page again and read the new one together."
    ),
    RefusalReason.WORDING_ALREADY_PUBLISHED: "This wording is published and stays. Write a new version.",
    RefusalReason.WORDING_INCOMPLETE: "This wording lacks a required part. Fill in every part first.",
    RefusalReason.NOT_OFFERED: _("The clinic does not offer this purpose. An administrator can switch it on."),
    RefusalReason.NOT_A_MEMBER: _("Only staff of the patient's clinic can do this. Ask a colleague there."),
    RefusalReason.NO_PICTURE_SHOWN: _(
        "A yes counts only for pictures the patient has seen. Show at least one picture first."
    ),
    RefusalReason.PICTURE_TWICE: "The same picture was listed twice. Open the page again.",
    RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED: _(
        "This purpose needs its own tick: the patient has understood that a posted picture cannot be taken "
        "back for certain."
    ),
    RefusalReason.NAME_MISSING: _("The patient's typed name is missing. Ask the patient to type their name."),
    RefusalReason.NO_END: _("A yes needs an end date. Choose one."),
    RefusalReason.END_TOO_EARLY: _("The end date is not in the future. Choose a later one."),
    RefusalReason.END_TOO_LATE: _("The end date is later than this purpose allows. Choose an earlier one."),
    RefusalReason.UNKNOWN_ANSWER: "The answer is neither yes nor no. Choose one of the two.",
    RefusalReason.UNKNOWN_METHOD: "The way of signing is not known. Choose one from the list.",
    RefusalReason.UNKNOWN_CHANNEL: "The way of withdrawing is not known. Choose one from the list.",
    RefusalReason.BASIS_NOT_OPEN: _("Nobody may decide on this basis where the clinic works. Choose another basis."),
    RefusalReason.NOT_FROM_AFAR: (
        "Where the clinic works, who decides on this basis is met in person. Ask them to come, and ask for "
        "consent at the desk."
    ),
    RefusalReason.RULES_INCOMPLETE: "These rules lack something or contradict each other. Look at what is marked.",
    RefusalReason.RULES_EXIST: "Other rules have this name. Choose another one, or make their next version.",
    RefusalReason.NO_WAY_TO_SEND: (
        "There is no way to send codes, or no address for them. Choose the printed card, or write down where "
        "the codes go."
    ),
    RefusalReason.AGE_UNKNOWN: _(
        "The patient’s birth date is not known, and this basis depends on age. Ask for a document and write "
        "the date of birth down."
    ),
    RefusalReason.AGE_DOES_NOT_FIT: _(
        "The patient’s age does not fit this basis. Go back and choose who decides anew."
    ),
    RefusalReason.ASSESSMENT_MISSING: _(
        "Who judged that the patient understands, and why, is missing. Write both down."
    ),
    RefusalReason.AUTHORITY_MISSING: _(
        "What gives the authority, the paper that shows it or its last day is missing. Ask to see the paper "
        "and write them down."
    ),
    RefusalReason.AUTHORITY_ENDED: _(
        "This authority has ended. Ask for one that is in force, or ask who decides today."
    ),
    RefusalReason.WISHES_MISSING: _(
        "What is known of the patient’s own wishes is missing. Write it down, also where nothing is known."
    ),
    RefusalReason.NECESSITY_MISSING: _(
        "Three statements are needed here: it is necessary, it is in her interest, and there is no other way."
        " Without all three, do not use the pictures."
    ),
    RefusalReason.ASSENT_MISSING: _(
        "The patient’s own agreement is missing. Ask her, or write down why she cannot say."
    ),
    RefusalReason.ASSENT_REFUSED: _("The patient herself says no, and that holds whoever else says yes. Record a no."),
    RefusalReason.WITNESS_MISSING: _(
        "An answer said aloud needs the name of somebody else who heard it. Ask a colleague to listen, or let"
        " the patient type her name."
    ),
    RefusalReason.RECIPIENT_MISSING: _(
        "This purpose needs the name of who gets the pictures, and how you made sure of it. Write both down."
    ),
    RefusalReason.PATIENT_DIED: _("It is on record that the patient has died. Only a representative can decide now."),
    RefusalReason.PATIENT_LIVES: _(
        "It is not on record that the patient has died. Note that first, or choose another basis."
    ),
    RefusalReason.PATIENT_UNABLE: _(
        "It is on record that the patient cannot decide for herself. Somebody with authority decides for her."
    ),
    RefusalReason.END_AFTER_RIGHT: _("The yes would last longer than the right to give it. Choose an earlier day."),
    RefusalReason.PICTURE_REPLACED: _(
        "A picture was replaced after it was shown. Look at the pictures together again."
    ),
    RefusalReason.NOT_PENDING: ("This answer does not wait for a signature. Open it again to see where it stands."),
    RefusalReason.NOT_NEEDED: "Nobody waits for this name, or it is there already. Open the answer again.",
    RefusalReason.NOT_SUSPENDED: (
        "This consent is not suspended, so there is nothing to decide. Open it again to see where it stands."
    ),
    RefusalReason.REASON_MISSING: "A reason is missing. Write down in a sentence why.",
    RefusalReason.ANSWERED_MEANWHILE: _(
        "A newer answer was recorded while this page was open. Open the page again and look at what is on record."
    ),
    RefusalReason.NOT_YOURS: (
        "Only the patient's own link, or the clinic, can take this back. Call the clinic if something worries you."
    ),
    RefusalReason.ALREADY_WITHDRAWN: "This consent was withdrawn before. Nothing more needs to be done.",
    RefusalReason.NOT_ACTIVE: (
        "This consent is no longer active, so there is nothing to withdraw. Look for a newer decision of the "
        "same patient."
    ),
}
"""What was in the way and what to do, for staff; what comes up while a patient reads along is in her language."""


class ConsentRefused(Exception):
    """A use case of consent did not go through; `reason` says why and no patient text travels with it."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def explanation(self) -> str:
        """A sentence for staff with a way out."""
        return str(EXPLANATIONS[self.reason])
