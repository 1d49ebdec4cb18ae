"""What a run leaves behind: its record, and its files sealed and written down."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from deid.engine.brand import Brand
from deid.engine.findings import Outcome, Outputs
from deid.engine.geometry import Box
from deid.engine.policy import Policy
from deid.models import Artefact, DeviceRule, Instance, Render, Run
from deid.states import PATIENT_KINDS, ArtefactKind, InstanceState, RunStatus
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal_file
from ultrasound_portal.vault.shredding import shred

ENGINE = 2  # kept with every run; raised when the engine decides differently

_MEDIA: Mapping[ArtefactKind, str] = {
    ArtefactKind.MASTER: "application/dicom",
    ArtefactKind.STILL_PNG: "image/png",
    ArtefactKind.STILL_JPEG: "image/jpeg",
    ArtefactKind.THUMBNAIL: "image/jpeg",
    ArtefactKind.FILM: "video/mp4",
    ArtefactKind.SOURCE_STILL: "image/png",
    ArtefactKind.SOURCE_FILM: "video/mp4",
}
_VAULT_KINDS: Mapping[ArtefactKind, ObjectKind] = {
    ArtefactKind.MASTER: ObjectKind.MASTER,
    ArtefactKind.SOURCE_STILL: ObjectKind.PREVIEW,
    ArtefactKind.SOURCE_FILM: ObjectKind.PREVIEW,
}
_OWN_WORDS = frozenset({"also_kept", "also_covered"})


@dataclass(frozen=True, slots=True)
class Order:
    """What a run was asked for, fixed before it starts."""

    instance: Instance
    policy: Policy
    policy_version: int
    brand: Brand
    started_at: datetime
    rule: DeviceRule | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run ends in: CLEAN, HELD or REJECTED, with the outcome where the engine came to one."""

    state: InstanceState
    reason: str
    outcome: Outcome | None = None


def seal_outputs(order: Order, verdict: Verdict) -> dict[ArtefactKind, SealedObject]:
    """Seal every file that the engine made; their rows, and so their keys, are saved by `write_run` alone.

    Where one cannot be written, those before it are removed.
    """
    outputs = {} if verdict.outcome is None else _made(verdict.outcome.outputs)
    sealed: dict[ArtefactKind, SealedObject] = {}
    with contextlib.ExitStack() as undo:
        undo.callback(lambda: discard(sealed.values()))
        for kind, data in outputs.items():
            vault_kind = _VAULT_KINDS.get(kind, ObjectKind.ARTEFACT)
            sealed[kind] = seal_file(data, kind=vault_kind, clinic_id=order.instance.clinic_id)
        undo.pop_all()
    return sealed


def discard(sealed: Iterable[SealedObject]) -> None:
    """Remove the files of outputs that will not become visible."""
    for item in sealed:
        stores.delete(item.store_key)


def write_run(order: Order, verdict: Verdict, sealed: Mapping[ArtefactKind, SealedObject]) -> Run:
    """Write the run with its artefacts in the caller's transaction, and destroy all files of former runs."""
    outcome = verdict.outcome
    run = Run.objects.create(
        instance=order.instance,
        started_at=order.started_at,
        finished_at=timezone.now(),
        status=RunStatus(verdict.state.value),
        reason=verdict.reason,
        report={
            "engine": ENGINE,
            "boxes": _as_json(outcome.boxes if outcome else ()),
            "seconds": dict(outcome.seconds) if outcome else {},
            "flags": sorted(outcome.flags) if outcome else [],
            "origin": _origin(outcome),
            "times": list((outcome.outputs.film_times if outcome else None) or ()),
            "cut": list((outcome.outputs.still_cut if outcome else None) or ()),
            "detector": outcome.detector if outcome else "",
        },
        policy=_as_used(order),
        brand_version=order.brand.version,
        device_rule=order.rule,
    )
    _destroy_former(run)
    for kind, item in sealed.items():
        item.save(force_insert=True)
        _write_artefact(run, kind, item, outcome)
    return run


def _origin(outcome: Outcome | None) -> list[int]:
    """Return where the source's first pixel lies in the patient's pictures, x before y."""
    return list((outcome.outputs.still_origin if outcome else None) or (0, 0))


def _as_used(order: Order) -> dict[str, Any]:
    """Return the policy without the clinic's own words: they stand in the row of its version, once."""
    used = order.policy.to_dict()
    return {"version": order.policy_version, **{key: used[key] for key in used if key not in _OWN_WORDS}}


def _made(outputs: Outputs) -> dict[ArtefactKind, bytes]:
    made = {
        ArtefactKind.MASTER: outputs.dicom,
        ArtefactKind.STILL_PNG: outputs.still,
        ArtefactKind.STILL_JPEG: outputs.still_jpeg,
        ArtefactKind.THUMBNAIL: outputs.thumbnail,
        ArtefactKind.FILM: outputs.film,
        ArtefactKind.SOURCE_STILL: outputs.source_still,
        ArtefactKind.SOURCE_FILM: outputs.source_film,
    }
    return {kind: data for kind, data in made.items() if data is not None}


def _as_json(boxes: Sequence[Box]) -> list[dict[str, int | str]]:
    return [box.to_json() for box in boxes]


def _write_artefact(run: Run, kind: ArtefactKind, sealed: SealedObject, outcome: Outcome | None) -> None:
    width, height = _sides(kind, outcome)
    Artefact.objects.create(
        instance=run.instance,
        run=run,
        kind=kind,
        object_id=sealed.id,
        sha256=sealed.sha256,
        size=sealed.size,
        media_type=_MEDIA[kind],
        width=width,
        height=height,
        brand_version=run.brand_version if kind in PATIENT_KINDS else None,
    )


def _sides(kind: ArtefactKind, outcome: Outcome | None) -> tuple[int, int]:
    """Return width and height in pixels; a thumbnail has the still's proportions and carries its sides."""
    if outcome is None:
        return 0, 0
    if kind in PATIENT_KINDS and outcome.outputs.still_size is not None:
        return outcome.outputs.still_size
    return outcome.columns, outcome.rows


def _destroy_former(run: Run) -> None:
    former = Artefact.objects.filter(instance=run.instance)
    renders = Render.objects.filter(instance=run.instance)
    for object_id in (*former.values_list("object_id", flat=True), *renders.values_list("object_id", flat=True)):
        shred(object_id)
    renders.delete()
    former.delete()
