"""The ways an administrator narrows the ledger, and the reports that are such ways with a name."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from consent.ages import start_of
from consent.models import Grant
from consent.models.grant import GrantQuerySet
from consent.states import GrantState
from consent.upkeep import NOTICE
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """A question that is asked often; `query` narrows the ledger to its answer."""

    title: str
    says: str
    query: Mapping[str, str]


REPORTS = (
    Report("Ending soon", "Every yes that ends within 30 days.", {"report": "expiring"}),
    Report("Waiting for a signature", "They count for nothing until the name is there.", {"state": "pending"}),
    Report("Suspended", "Somebody has to decide about each of them.", {"state": "suspended"}),
    Report("Refused", "Every no that stands.", {"state": "refused"}),
    Report("Withdrawn with copies out", "Files were saved before the yes was taken back.", {"report": "copies_out"}),
    Report("Blocked by the gate", "Somebody asked for a picture that was not given.", {"report": "blocked"}),
)


def narrowed(grants: GrantQuerySet, asked: Mapping[str, Any]) -> GrantQuerySet:
    """The grants that the cleaned fields of the ledger's filter ask for."""
    same = {
        "purpose": asked["purpose"],
        "patient_id": asked["patient"],
        "wording__version": asked["version"],
        "record__capacity__basis": asked["basis"],
        "record__opened_by": asked["who"],
    }
    found = grants.filter(**{name: value for name, value in same.items() if value})
    if asked["state"]:
        found = found.in_state(GrantState(asked["state"]), timezone.now())
    if asked["since"]:
        found = found.filter(valid_from__gte=start_of(asked["since"]))
    if asked["until"]:
        found = found.filter(valid_from__lt=start_of(asked["until"] + DAY))
    return _reported(found, asked["report"])


def _reported(grants: GrantQuerySet, report: str) -> GrantQuerySet:
    now = timezone.now()
    match report:
        case "expiring":
            return grants.filter(state=GrantState.ACTIVE, valid_until__gt=now, valid_until__lte=now + NOTICE)
        case "copies_out":
            return grants.filter(state=GrantState.WITHDRAWN).filter(pk__in=_grants_with(Event.PICTURE_DOWNLOADED))
        case "blocked":
            return grants.filter(pk__in=_grants_with(Event.GATE_REFUSED))
        case _:
            return grants


def _grants_with(event: Event) -> Any:  # Any: a queryset of keys alone
    return Entry.objects.filter(event=event, grant_id__isnull=False).values("grant_id")


TOLD = tuple(
    event
    for event in Event
    if event.value.startswith(("consent_", "link_", "picture_", "gate_")) or event is Event.PATIENT_STANDING_NOTED
)
"""What a timeline tells: consents, links, openings and withdrawals, and who looked at what."""


def of_patient(clinic: Clinic, patient_id: uuid.UUID) -> Any:  # Any: entries, as a queryset to be paged
    """The entries of the trail about one patient, newest first."""
    return Entry.objects.filter(clinic_id=clinic.pk, patient_id=patient_id, event__in=TOLD).order_by("-seq")


def of_picture(clinic: Clinic, picture_id: uuid.UUID) -> Any:  # Any: entries, as a queryset to be paged
    """The entries about one picture, newest first: its files served, and the consents it was shown for."""
    grants = Grant.objects.filter(clinic=clinic, images__picture_id=picture_id).distinct()
    files = set(grants.values_list("images__artefact_id", flat=True).filter(images__picture_id=picture_id))
    about = Entry.objects.filter(clinic_id=clinic.pk, event__in=TOLD)
    shown = about.filter(grant_id__in=list(grants.values_list("pk", flat=True))).exclude(object_kind="artefact")
    return (shown | about.filter(object_id__in=files)).order_by("-seq")
