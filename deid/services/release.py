"""The door by which clean pictures leave, released and branded, and the one by which reviewers look.

Imported by `sharing.access`, `sharing.invited` and `deid.services.review` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from deid.engine.formats import Format
from deid.models import Approval, Artefact, Embargo, Instance, Render
from deid.services.embargoes import standing_now
from deid.states import PATIENT_KINDS, ArtefactKind, Gate, InstanceState
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.unsealing import SealedReader, open_sealed

__all__ = [
    "ReleasedArtefact",
    "ReleasedPicture",
    "ReleasedRender",
    "SealedReader",
    "open_artefact",
    "open_for_review",
    "open_render",
    "released_artefact",
    "released_pictures",
    "released_render",
    "released_renders",
]


@dataclass(frozen=True, slots=True)
class ReleasedArtefact:
    """One file that may be given to the patient if her consent says so; `size` in bytes, sides in pixels.

    `tells_sex`: the picture may tell the sex of the child, so she is asked before it is shown. `two_people`: another
    person than the one who released it had found it clean.
    """

    artefact_id: UUID
    picture_id: UUID
    kind: ArtefactKind
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    tells_sex: bool
    two_people: bool
    object_id: UUID


@dataclass(frozen=True, slots=True)
class ReleasedRender:
    """One file made for sharing; it may be given where the patient's file `basis_id`, with that hash, may be given."""

    render_id: UUID
    picture_id: UUID
    basis_id: UUID
    basis_sha256: str
    format: Format
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    object_id: UUID


@dataclass(frozen=True, slots=True)
class ReleasedPicture:
    """One released instance with its branded files; `number` is its place in the study."""

    picture_id: UUID
    number: int
    artefacts: tuple[ReleasedArtefact, ...]


def released_pictures(study_id: UUID) -> list[ReleasedPicture]:
    """Return the released pictures of a study in the order of the study; two queries."""
    instances = (
        Instance.objects.filter(study_id=study_id, state=InstanceState.RELEASED)
        .exclude(study__in=Embargo.objects.filter(standing_now()).values("study"))
        .order_by("number")
        .prefetch_related(Prefetch("artefacts", queryset=_servable(), to_attr="servable"))
    )
    return [ReleasedPicture(instance.id, instance.number, _facts(instance.servable)) for instance in instances]


def released_artefact(artefact_id: UUID) -> ReleasedArtefact | None:
    """Return the artefact if it is of the current run of a released instance and branded, else None."""
    artefact = _servable().filter(pk=artefact_id).first()
    return None if artefact is None else _fact(artefact)


def released_renders(study_id: UUID) -> list[ReleasedRender]:
    """Return the files made for sharing of the released pictures of a study; one query."""
    order = list(Format)
    return sorted(map(_rendered, _renders().filter(instance__study=study_id)), key=lambda one: order.index(one.format))


def released_render(render_id: UUID) -> ReleasedRender | None:
    """Return a file made for sharing out of the current run of a released instance, else None."""
    render = _renders().filter(pk=render_id).first()
    return None if render is None else _rendered(render)


def open_render(render_id: UUID) -> SealedReader:
    """Open a file made for sharing; raises Missing for anything else."""
    found = released_render(render_id)
    if found is None:
        raise Missing
    return open_sealed(found.object_id)


def open_artefact(artefact_id: UUID) -> SealedReader:
    """Open a released artefact for the patient; raises Missing for anything else."""
    found = released_artefact(artefact_id)
    if found is None:
        raise Missing
    return open_sealed(found.object_id)


def open_for_review(artefact_id: UUID) -> SealedReader:
    """Open any artefact of a current run for staff; raises Missing where there is none."""
    artefact = _current().filter(pk=artefact_id).first()
    if artefact is None:
        raise Missing
    return open_sealed(artefact.object_id)


def _current() -> QuerySet[Artefact]:
    return Artefact.objects.filter(instance__current_run=F("run")).select_related("instance")


def _servable() -> QuerySet[Artefact]:
    """Return what may leave: branded, released, and of a study that no embargo holds back today."""
    found_clean = Approval.objects.filter(run=OuterRef("run"), gate=Gate.CLEAN, ended_at=None)
    embargoes = Embargo.objects.filter(standing_now(), study=OuterRef("instance__study"))
    return (
        _current()
        .filter(
            ~Exists(embargoes),
            instance__state=InstanceState.RELEASED,
            kind__in=sorted(PATIENT_KINDS),
            brand_version__isnull=False,
        )
        .annotate(two_people=Exists(found_clean.exclude(by=OuterRef("instance__released_by"))))
    )


def _renders() -> QuerySet[Render]:
    """Return what was made of files that may be given now; a render is worth no more than its basis."""
    return Render.objects.filter(basis__in=_servable(), basis__sha256=F("basis_sha256"))


def _rendered(render: Render) -> ReleasedRender:
    return ReleasedRender(
        render_id=render.id,
        picture_id=render.instance_id,
        basis_id=render.basis_id,
        basis_sha256=render.basis_sha256,
        format=Format(render.format),
        sha256=render.sha256,
        size=render.size,
        media_type=render.media_type,
        width=render.width,
        height=render.height,
        object_id=render.object_id,
    )


def _facts(artefacts: Iterable[Artefact]) -> tuple[ReleasedArtefact, ...]:
    order = list(ArtefactKind)
    return tuple(sorted(map(_fact, artefacts), key=lambda artefact: order.index(artefact.kind)))


def _fact(artefact: Artefact) -> ReleasedArtefact:
    return ReleasedArtefact(
        artefact_id=artefact.id,
        picture_id=artefact.instance_id,
        kind=ArtefactKind(artefact.kind),
        sha256=artefact.sha256,
        size=artefact.size,
        media_type=artefact.media_type,
        width=artefact.width,
        height=artefact.height,
        tells_sex=artefact.instance.tells_sex,
        two_people=getattr(artefact, "two_people"),  # noqa: B009 - an annotation, unknown to the model
        object_id=artefact.object_id,
    )
