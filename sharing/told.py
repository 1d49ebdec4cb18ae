"""Why an answer from afar was not recorded, in words for who gave it; what staff read stands in `consent.errors`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.errors import RefusalReason

CHANGED = _("Something has changed since you opened this page, so nothing is recorded. Please look again.")
ASK = _(
    "What the clinic has on record about who may decide has changed, so nothing is recorded. Please call the clinic: "
    "they can ask you again."
)
_WORDS: dict[RefusalReason, Promise] = {
    RefusalReason.AUTHORITY_ENDED: _(
        "The authority that the clinic has on record has ended, so nothing is recorded. Please call the clinic and "
        "bring a paper that is in force."
    ),
    RefusalReason.NOT_FROM_AFAR: _(
        "Where the clinic works this is decided in person, so nothing is recorded. Please call the clinic: they will "
        "see you."
    ),
    RefusalReason.ASSENT_REFUSED: _(
        "The patient herself has said no, and that holds. Nothing is recorded, and nothing more is needed."
    ),
}
_ASK = {
    RefusalReason.AGE_DOES_NOT_FIT,
    RefusalReason.AGE_UNKNOWN,
    RefusalReason.BASIS_NOT_OPEN,
    RefusalReason.ASSESSMENT_MISSING,
    RefusalReason.AUTHORITY_MISSING,
    RefusalReason.WISHES_MISSING,
    RefusalReason.NECESSITY_MISSING,
    RefusalReason.ASSENT_MISSING,
    RefusalReason.PATIENT_DIED,
    RefusalReason.PATIENT_LIVES,
    RefusalReason.PATIENT_UNABLE,
    RefusalReason.NOT_A_MEMBER,
    RefusalReason.RECIPIENT_MISSING,
}


def told_her(reason: RefusalReason) -> str:
    """Return a sentence with a way out, in the language that is spoken."""
    return str(_WORDS.get(reason, ASK if reason in _ASK else CHANGED))
