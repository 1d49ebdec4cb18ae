"""Pictures that may tell the sex of the child stay closed until the patient opens them, for each purpose on its own."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.models import Grant
from deid.models import Study
from sharing.models import SexWish
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event


def wanted(study_id: UUID, purpose_code: str) -> bool:
    """Say whether she has opened them for a purpose; asked in the transaction that reads the bytes."""
    return SexWish.objects.filter(study_id=study_id, purpose_code=purpose_code, wanted=True).exists()


def wanted_purposes(study_id: UUID) -> frozenset[str]:
    """Return the purposes for which she has opened them."""
    return frozenset(SexWish.objects.filter(study_id=study_id, wanted=True).values_list("purpose_code", flat=True))


@transaction.atomic
def note_wish(study: Study, purpose_code: str, *, want: bool, actor: str) -> bool:
    """Note her word with its entry on the trail; false where it was the same before.

    Every answer of the study is locked first, as a withdrawal does, so that a byte under way is through or sees it.
    """
    list(Grant.objects.select_for_update().filter(scope_id=study.pk).order_by("pk").values_list("pk"))
    if wanted(study.pk, purpose_code) is want:
        return False
    kind, _, key = actor.partition(":")
    SexWish.objects.update_or_create(
        study=study,
        purpose_code=purpose_code,
        defaults={"wanted": want, "said_at": timezone.now(), "said_to_id": UUID(key) if kind == "user" else None},
    )
    trail.record(
        Event.SEX_WISH_NOTED,
        actor=actor,
        clinic_id=study.clinic_id,
        object_kind="study",
        object_id=study.pk,
        patient_id=study.patient_id,
        purpose=purpose_code,
        detail={"wanted": want},
    )
    return True


@transaction.atomic
def close_again(study_id: UUID, purpose_code: str, *, actor: str) -> None:
    """Close them for a purpose, after a restore that has forgotten what she said last."""
    study = Study.objects.filter(pk=study_id).first()
    if study:
        note_wish(study, purpose_code, want=False, actor=actor)
