"""Destroys the original of a picture, or the whole picture, key first; the rows and the trail stay."""

import secrets
from collections.abc import Iterable

from django.utils import timezone

from deid.models import Artefact, Instance, Render
from deid.states import ArtefactKind, InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.patients.erasing import shred_all

AS_IT_CAME = frozenset({ArtefactKind.SOURCE_STILL, ArtefactKind.SOURCE_FILM})
"""What reviewers look at beside the clean picture; it shows whatever the original shows."""


def destroy_original(instance: Instance, *, actor: str) -> None:
    """Destroy the original of a locked picture and the views of it; the clean files stay. Needs a transaction."""
    views = Artefact.objects.filter(instance=instance, kind__in=AS_IT_CAME)
    objects = shred_all([instance.original_id, *views.values_list("object_id", flat=True)])
    views.delete()
    instance.original_destroyed_at = timezone.now()
    instance.save()
    _record(Event.ORIGINAL_DESTROYED, instance, actor, objects=objects)


def erase_picture(instance: Instance, *, reason: str, actor: str) -> None:
    """Destroy everything of a locked picture, which ends rejected for the reason given. Needs a transaction.

    The same file sent again is a new picture.
    """
    artefacts = Artefact.objects.filter(instance=instance)
    renders = Render.objects.filter(instance=instance)
    objects = shred_all(
        [
            instance.original_id,
            *artefacts.values_list("object_id", flat=True),
            *renders.values_list("object_id", flat=True),
        ]
    )
    artefacts.delete()
    _end(instance, reason)
    instance.sop_match, instance.content_match = secrets.token_hex(32), secrets.token_hex(32)
    instance.original_destroyed_at = instance.original_destroyed_at or timezone.now()
    instance.save()
    _record(Event.PICTURE_ERASED, instance, actor, objects=objects, reason=reason)


def _end(instance: Instance, reason: str) -> None:
    """Move a picture to rejected by steps that the table of moves allows, from wherever it stands."""
    for state in _way_out(InstanceState(instance.state)):
        instance.move_to(state, reason=reason)
    instance.reason = reason


def _way_out(state: InstanceState) -> Iterable[InstanceState]:
    if state is InstanceState.REJECTED:
        return ()
    if state in {InstanceState.RECEIVED, InstanceState.PROCESSING}:
        return (InstanceState.FAILED, InstanceState.REJECTED)
    if state is InstanceState.RELEASED:
        return (InstanceState.CLEAN, InstanceState.REJECTED)
    return (InstanceState.REJECTED,)


def _record(event: Event, instance: Instance, actor: str, **detail: str | int) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        detail=detail,
    )
