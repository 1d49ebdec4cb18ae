"""What stands on the trail about a link: what a visitor did, and the true reason of each refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from sharing.errors import LinkClosed
from sharing.models import Link
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event


@contextmanager
def audited(link: Link, artefact_id: UUID | None = None) -> Iterator[None]:
    """Run a question in one transaction; a refusal is recorded in a transaction of its own and raised on."""
    try:
        with transaction.atomic():
            yield
    except LinkClosed as closed:
        with transaction.atomic():
            note_refusal(link, closed, artefact_id)
        raise


def note_refusal(link: Link | None, closed: LinkClosed, artefact_id: UUID | None = None) -> None:
    """Record why a door stayed closed; there is no link where nobody knows the secret."""
    event = Event.GATE_REFUSED if closed.gate else Event.LINK_REFUSED
    detail: dict[str, str | int | bool] = {"reason": closed.reason.value}
    if closed.gate:
        detail["gate"] = closed.gate
    if link is None:
        trail.record(event, actor="system:door", clinic_id=None, outcome="refused", detail=detail)
        return
    record(link, event, artefact_id=artefact_id, outcome="refused", **detail)


def record(
    link: Link,
    event: Event,
    *,
    artefact_id: UUID | None = None,
    outcome: str = "success",
    **detail: str | int | bool,
) -> None:
    """Record what happened at a link, or to one of its files; `detail` holds no identifier."""
    trail.record(
        event,
        actor=f"link:{link.pk}",
        clinic_id=link.clinic_id,
        object_kind="artefact" if artefact_id else "link",
        object_id=artefact_id or link.pk,
        patient_id=link.patient_id,
        purpose=link.purpose_code,
        grant_id=link.grant_id,
        outcome=outcome,
        detail=detail,
    )
