"""Something went wrong: everything of the study stops in one transaction, and people get a list and a clock."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from consent.ending import suspend
from consent.models import Grant
from consent.states import GrantState, SuspensionCause
from deid.models import Study
from sharing.errors import IncidentRefusal, IncidentRefused
from sharing.models import Incident, IncidentStep, Link
from sharing.sealed import fields_of, seal_fields
from sharing.services.links import revoke_links
from sharing.states import IncidentKind, IncidentOutcome, StepKind
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.vault.errors import VaultError

LONGEST = 2000
UNREADABLE = "Cannot be read any more"


@transaction.atomic
def open_incident(study: Study, *, kind: IncidentKind, account: str, known_at: datetime, by: User) -> Incident:
    """Close every link of the study, let its consents rest until somebody decides, and note what happened.

    Grants are locked before their links, as everywhere. Raises IncidentRefused where `known_at` lies ahead or nothing
    is told.
    """
    now = timezone.now()
    told = account.strip()[:LONGEST]
    if known_at > now:
        raise IncidentRefused(IncidentRefusal.NOT_YET)
    if not told:
        raise IncidentRefused(IncidentRefusal.NOT_TOLD)
    actor = f"user:{by.pk}"
    resting = Grant.objects.filter(scope_id=study.pk, patient_id=study.patient_id, state=GrantState.ACTIVE)
    rested = [
        suspend(grant, SuspensionCause.INCIDENT, actor=actor)
        for grant in resting.select_for_update().order_by("pk")
        if grant.state_at(now) is GrantState.ACTIVE
    ]
    closed = revoke_links(Link.objects.filter(study=study), actor=actor)
    object_id, sealed = seal_fields({"account": told}, clinic_id=study.clinic_id)
    incident = Incident.objects.create(
        clinic_id=study.clinic_id,
        study=study,
        kind=IncidentKind(kind),
        account_object_id=object_id,
        account_sealed=sealed,
        known_at=known_at,
        opened_at=now,
        opened_by=by,
        links_closed=closed,
        consents_rested=len(rested),
    )
    IncidentStep.objects.bulk_create([IncidentStep(incident=incident, kind=step) for step in StepKind])
    _record(Event.INCIDENT_OPENED, incident, actor, kind=str(kind), links=closed, consents=len(rested))
    return incident


@transaction.atomic
def do_step(incident: Incident, kind: StepKind, *, by: User) -> None:
    """Note that a step was done; twice is harmless."""
    step = IncidentStep.objects.select_for_update().get(incident=incident, kind=StepKind(kind))
    if step.done_at is None:
        step.done_at, step.done_by = timezone.now(), by
        step.save(update_fields=["done_at", "done_by"])
        _record(Event.INCIDENT_STEP_DONE, incident, f"user:{by.pk}", step=str(kind))


@transaction.atomic
def close_incident(incident: Incident, outcome: IncidentOutcome, *, by: User) -> None:
    """Note what was decided; the links stay closed and the consents rest until each is decided on its own page.

    Raises IncidentRefused where a step is open, or where it was closed before.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.closed_at is not None:
        raise IncidentRefused(IncidentRefusal.CLOSED)
    if locked.steps.filter(done_at=None).exists():
        raise IncidentRefused(IncidentRefusal.STEPS_OPEN)
    if not outcome:
        raise IncidentRefused(IncidentRefusal.NOT_DECIDED)
    locked.outcome, locked.closed_at, locked.closed_by = IncidentOutcome(outcome), timezone.now(), by
    locked.save(update_fields=["outcome", "closed_at", "closed_by"])
    _record(Event.INCIDENT_CLOSED, locked, f"user:{by.pk}", outcome=str(outcome))


def incidents_of(clinic: Clinic) -> QuerySet[Incident]:
    """Return a clinic's incidents: those that are open first, then the newest."""
    found = Incident.objects.filter(clinic=clinic).select_related("study__patient", "opened_by", "closed_by")
    return found.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")


def account_of(incident: Incident) -> str:
    """Return what was told, or UNREADABLE where its key was destroyed."""
    try:
        return fields_of(incident.account_object_id, incident.account_sealed)["account"]
    except VaultError:
        return UNREADABLE


def note_reading(incident: Incident, *, by: User) -> None:
    """Put on the trail that somebody read the incident and whom it concerns."""
    with transaction.atomic():
        _record(Event.INCIDENT_READ, incident, f"user:{by.pk}")


def _record(event: Event, incident: Incident, actor: str, **detail: str | int) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=incident.clinic_id,
        object_kind="incident",
        object_id=incident.pk,
        patient_id=incident.study.patient_id,
        detail=detail,
    )
