"""A visitor sees a name in a picture: it is taken back at once, for every link and purpose, and waits for a person."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from deid.models import Instance
from deid.states import Doubt, InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event


@transaction.atomic
def hold_for_name(picture_id: UUID, *, actor: str) -> bool:
    """Take a released picture back and hold it, with its entry in one transaction; false where it was not released.

    It stands on the worklist under *Needs you* until a clinician has looked at every frame, covered more or rejected.
    """
    found = Instance.objects.select_for_update(of=("self",)).select_related("study").filter(pk=picture_id).first()
    if found is None or found.state != InstanceState.RELEASED:
        return False
    found.move_to(InstanceState.HELD, reason=Doubt.NAME_SEEN)
    found.save()
    trail.record(
        Event.NAME_REPORTED,
        actor=actor,
        clinic_id=found.clinic_id,
        object_kind="instance",
        object_id=found.pk,
        patient_id=found.study.patient_id,
    )
    return True


def doubted(study_id: UUID) -> QuerySet[Instance]:
    """Return the pictures of a study that wait because a visitor saw a name."""
    return Instance.objects.filter(study_id=study_id, state=InstanceState.HELD, reason=Doubt.NAME_SEEN)
