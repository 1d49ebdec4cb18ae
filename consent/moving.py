"""A grant moves from one state to another: the entry on the trail first, then the row, in one transaction.

The tables refuse a move whose entry is not the last one on the trail, so that each move has exactly one.
"""

from collections.abc import Mapping

from consent.models import Grant
from consent.states import GrantState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record

SYSTEM = "system:consent"


def move(
    grant: Grant,
    state: GrantState,
    event: Event,
    *,
    actor: str,
    detail: Mapping[str, str | int | bool] | None = None,
) -> None:
    """Write `event` about a locked `grant` and put it into `state`."""
    note(grant, event, actor=actor, detail=detail)
    grant.state = state
    grant.save(update_fields=["state"])


def note(grant: Grant, event: Event, *, actor: str, detail: Mapping[str, str | int | bool] | None = None) -> None:
    """Write `event` about `grant` on the trail."""
    record(
        event,
        actor=actor,
        clinic_id=grant.clinic_id,
        object_kind="grant",
        object_id=grant.pk,
        patient_id=grant.patient_id,
        purpose=grant.purpose_id,
        grant_id=grant.pk,
        detail=detail,
    )
