"""A sitting is recorded and the patient's copy of it is made, together or not at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from consent.answers import Manner, ShownArtefact
from consent.capacity import Claim
from consent.documents import keep
from consent.errors import ConsentRefused, RefusalReason
from consent.models import ConsentDocument, Grant
from consent.states import SignerRole, SigningMethod
from deid.models import Study
from sharing import access
from sharing.albums import Picture
from sharing.copies import SmallPicture, make_copy
from sharing.services.receipts import mail_copy
from sharing.services.sitting import Answer, record_sitting, standing
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import display_name, note_language


@transaction.atomic
def record_and_copy(
    answers: Sequence[Answer],
    *,
    study: Study,
    shown: Sequence[ShownArtefact],
    seen: Collection[UUID],
    names: Mapping[SignerRole, str],
    claim: Claim,
    method: SigningMethod,
    by: User,
    manner: Manner | None = None,
    copy_to: str = "",
) -> ConsentDocument:
    """Record the answers and keep their copy. `shown` and `seen` are the pictures and the keys of the standing
    answers that the page was made from. `copy_to` is where the copy goes by e-mail, where she asked for that.

    Raises ConsentRefused, with PICTURE_REPLACED or ANSWERED_MEANWHILE where either has changed, and then nothing is
    recorded.
    """
    check_the_table(study, shown, seen)
    note_language(study.patient, answers[0].wording.language)
    held = manner or Manner()
    grants = record_sitting(
        answers, study=study, shown=shown, names=names, claim=claim, method=method, by=by, manner=held
    )
    return keep_copy(grants, study, actor=held.actor or f"user:{by.pk}", copy_to=copy_to)


def check_the_table(study: Study, shown: Sequence[ShownArtefact], seen: Collection[UUID]) -> None:
    """Raise ConsentRefused where the pictures or the standing answers are not those that a page was made from.

    The patient stays locked until the transaction ends: two sittings about her take turns.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=study.patient_id)
    if set(shown) != set(shown_of(access.released(study.pk))):
        raise ConsentRefused(RefusalReason.PICTURE_REPLACED)
    if {grant.pk for grant in standing(study)} != set(seen):
        raise ConsentRefused(RefusalReason.ANSWERED_MEANWHILE)


def keep_copy(grants: Sequence[Grant], study: Study, *, actor: str, copy_to: str) -> ConsentDocument:
    """Make and keep the copy of what was decided about a study, and mail it where she asked for that."""
    pdf = make_copy(grants, small_pictures(study), name=display_name(study.patient))
    document = keep(pdf, grants, scope_id=study.pk, actor=actor)
    if copy_to:
        mail_copy(document, copy_to, actor=actor)
    return document


def shown_of(pictures: Iterable[Picture]) -> list[ShownArtefact]:
    """Return every file that the patient may get of the pictures, as the evidence names them."""
    return [
        ShownArtefact(file.picture_id, file.artefact_id, file.sha256, file.kind.value)
        for picture in pictures
        for file in picture.files
    ]


def small_pictures(study: Study) -> list[SmallPicture]:
    """Return the released pictures of a study as a copy shows them; what may tell the sex without its picture."""
    return [
        SmallPicture(
            picture_id=picture.picture_id,
            position=picture.position,
            hashes=tuple((file.kind, file.sha256) for file in picture.files),
            jpeg=None if picture.tells_sex else access.thumbnail(picture),
        )
        for picture in access.released(study.pk)
    ]
