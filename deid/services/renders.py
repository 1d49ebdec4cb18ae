"""Files made for sharing: every format of a released picture, made out of its clean master by a claimed job.

They exist only where the room above says that sharing has been agreed to: it names a judge here, since calls only go
down. Without a judge nothing is made. Written in docs/decisions/0018.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from deid.engine import cage, formats
from deid.engine.brand import Brand
from deid.engine.errors import Held, Rejected
from deid.engine.formats import FILMS, Format
from deid.engine.formats import Render as Made
from deid.engine.wire import cut_of
from deid.models import Artefact, Instance, Render
from deid.services.outputs import discard
from deid.services.policies import current_policy, engine_policy
from deid.services.processing import brand_of
from deid.states import ArtefactKind, InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.jobs import leases, owners
from ultrasound_portal.jobs.holding import GivingBack, Renewing
from ultrasound_portal.jobs.leases import Lease
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal_file
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import unseal

KIND = "make_renders"
ACTOR = "system:worker"
SECONDS = 120.0

Judge = Callable[[Collection[UUID]], set[UUID]]
"""Takes keys of artefacts and returns those that may be shared at all, held fast until the transaction ends."""

_BASES = {True: ArtefactKind.FILM, False: ArtefactKind.STILL_PNG}
_judges: list[Judge] = []


@dataclass(frozen=True, slots=True)
class Progress:
    """How many pictures of a clinic have renders or wait for them, and how many carry the present brand."""

    wanted: int
    done: int


@dataclass(frozen=True, slots=True)
class _Order:
    """What a job makes, fixed before it starts; `bases` are the patient's files by whether they move."""

    instance: Instance
    master_id: UUID
    bases: dict[bool, Artefact]
    cut: tuple[int, int, int, int] | None
    brand: Brand
    max_pixels: int


def judges(judge: Judge) -> Judge:
    """Have a function say which artefacts may be shared; the last one named counts."""
    _judges[:] = [judge]
    return judge


def order(instances: Iterable[Instance]) -> None:
    """Queue the making of what is missing for released pictures, in the caller's transaction."""
    for instance in instances:
        if instance.state == InstanceState.RELEASED and not is_complete(instance):
            leases.enqueue(KIND, instance.pk, clinic_id=instance.clinic_id)


def is_complete(instance: Instance) -> bool:
    """Say whether a picture has every format with the clinic's present brand."""
    version = current_brand(instance.clinic).version
    return instance.renders.filter(brand_version=version).count() == len(formats_of(instance))


def being_made(instance_ids: Collection[UUID]) -> int:
    """Count those of the pictures whose renders a job is to make or is making."""
    open_jobs = Job.objects.filter(kind=KIND, state__in=[JobState.QUEUED, JobState.RUNNING])
    return open_jobs.filter(object_id__in=list(instance_ids)).values("object_id").distinct().count()


def formats_of(instance: Instance) -> Sequence[Format]:
    """Return the formats that a picture can be shared in."""
    return (*formats.STILLS, *(FILMS if instance.frames > 1 else ()))


def make_again(clinic: Clinic) -> int:
    """Queue every picture whose renders show another version of the brand than the present one, and return how many."""
    behind = _rendered(clinic).filter(
        Exists(Render.objects.filter(instance=OuterRef("pk")).exclude(brand_version=current_brand(clinic).version))
    )
    count = 0
    for instance in behind:
        leases.enqueue(KIND, instance.pk, clinic_id=clinic.pk)
        count += 1
    return count


def progress(clinic: Clinic) -> Progress:
    """Count the pictures of a clinic that have renders, and those among them whose renders show the present brand."""
    wanted = _rendered(clinic)
    behind = Render.objects.filter(instance=OuterRef("pk")).exclude(brand_version=current_brand(clinic).version)
    return Progress(wanted=wanted.count(), done=wanted.exclude(Exists(behind)).count())


def held(artefact_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the patient's files that have renders, whose rows are locked until the transaction ends."""
    concerned = Render.objects.select_for_update(of=("self",)).filter(basis__in=list(artefact_ids)).order_by("pk")
    return {render.basis_id for render in concerned}


def destroy(artefact_ids: Collection[UUID], *, actor: str) -> int:
    """Destroy the renders of some of the patient's files, keys first, in the caller's transaction; return how many."""
    doomed = Render.objects.filter(basis__in=list(artefact_ids))
    gone: Counter[Instance] = Counter()
    for render in doomed.select_related("instance__study").order_by("instance_id", "pk"):
        shred(render.object_id)
        gone[render.instance] += 1
    doomed.delete()
    for instance, count in gone.items():
        _record(Event.RENDERS_DESTROYED, instance, actor, objects=count)
    return sum(gone.values())


def process(job_id: UUID) -> None:
    """Make the renders of the picture of this job; a second worker with the same job does nothing.

    Where the picture is no longer released, or nobody has agreed to share it, the job ends with nothing made.
    """
    if not stores.has_room():
        return
    lease = leases.claim(job_id, owner=owners.this_process())
    if lease is None:
        return
    with GivingBack(lease, _give_back), Renewing(lease):
        begun = _begin(lease)
        if begun is None:
            with leases.publishing(lease):
                return  # the job is done, and nothing was made
        made, missing = _made(begun)
        _publish(begun, made, lease, missing=missing)


def _begin(lease: Lease) -> _Order | None:
    with transaction.atomic():
        current = Artefact.objects.filter(instance=lease.object_id, instance__current_run=F("run"))
        files = {file.kind: file for file in current}
        allowed = _allowed(files.values())
        bases = {moves: files[kind] for moves, kind in _BASES.items() if kind in files and files[kind].pk in allowed}
        instance = _released(lease.object_id)
        if instance is None or instance.current_run is None or not bases or ArtefactKind.MASTER not in files:
            return None
        return _Order(
            instance=instance,
            master_id=files[ArtefactKind.MASTER].object_id,
            bases=bases,
            cut=cut_of(instance.current_run.report.get("cut") or None),
            brand=brand_of(instance.clinic),
            max_pixels=engine_policy(current_policy(instance.clinic), covers=()).max_pixels,
        )


def _made(begun: _Order) -> tuple[list[Made], str]:
    """Have the caged child make every format, and return the files with why the last of those missing is missing.

    What the second look holds back is never offered.
    """
    master = unseal(begun.master_id)
    made: list[Made] = []
    missing = ""
    for wanted in formats_of(begun.instance):
        if (wanted in FILMS) not in begun.bases:
            continue
        try:
            made += cage.shared().render(
                master, [wanted], cut=begun.cut, brand=begun.brand, max_pixels=begun.max_pixels, timeout=SECONDS
            )
        except (Held, Rejected) as refusal:
            missing = refusal.reason.value
    return made, missing


def _publish(begun: _Order, made: Sequence[Made], lease: Lease, *, missing: str) -> None:
    """Seal the renders and make them visible in the place of former ones, where the judge still allows it."""
    with contextlib.ExitStack() as undo:
        sealed: list[tuple[Made, SealedObject]] = []
        undo.callback(lambda: discard(item for _, item in sealed))
        for one in made:
            item = seal_file(one.data, kind=ObjectKind.ARTEFACT, clinic_id=begun.instance.clinic_id)
            sealed.append((one, item))
        with leases.publishing(lease):
            if not _still_wanted(begun):
                return
            _write(begun, sealed, missing=missing)
            undo.pop_all()  # what breaks from here on is the commit, of which nobody knows whether it was done


def _still_wanted(begun: _Order) -> bool:
    """Say whether picture, run and agreement are what they were; all are held fast until the transaction ends."""
    allowed = _allowed(begun.bases.values())
    instance = _released(begun.instance.pk)
    if instance is None or instance.current_run_id != begun.instance.current_run_id:
        return False
    return {file.pk for file in begun.bases.values()} <= allowed


def _write(begun: _Order, sealed: Sequence[tuple[Made, SealedObject]], *, missing: str) -> None:
    former = Render.objects.filter(instance=begun.instance)
    for object_id in former.values_list("object_id", flat=True):
        shred(object_id)
    former.delete()
    for one, item in sealed:
        item.save(force_insert=True)
        basis = begun.bases[one.format in FILMS]
        Render.objects.create(
            instance=begun.instance,
            basis=basis,
            basis_sha256=basis.sha256,
            format=one.format,
            object_id=item.id,
            sha256=item.sha256,
            size=item.size,
            media_type=one.media_type,
            width=one.width,
            height=one.height,
            brand_version=begun.brand.version,
            made_at=timezone.now(),
        )
    told = {"missing": missing} if missing else {}
    _record(Event.RENDERS_MADE, begun.instance, ACTOR, objects=len(sealed), brand=begun.brand.version, **told)


def _allowed(artefacts: Iterable[Artefact]) -> set[UUID]:
    keys = {artefact.pk for artefact in artefacts}
    return _judges[0](keys) & keys if _judges else set()


def _released(instance_id: UUID) -> Instance | None:
    """Return the picture, locked, if it is released."""
    found = Instance.objects.select_for_update(of=("self",)).select_related("clinic", "study", "current_run")
    return found.filter(pk=instance_id, state=InstanceState.RELEASED).first()


def _rendered(clinic: Clinic) -> QuerySet[Instance]:
    """Return the released pictures of a clinic that have renders."""
    has = Render.objects.filter(instance=OuterRef("pk"))
    return Instance.objects.filter(Exists(has), clinic=clinic, state=InstanceState.RELEASED)


def _give_back(lease: Lease, error_class: str, counts: bool) -> None:
    if counts:
        leases.fail(lease, error_class)
    else:
        leases.postpone(lease, error_class)


def _record(event: Event, instance: Instance, actor: str, **detail: str | int) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.pk,
        patient_id=instance.study.patient_id,
        detail=detail,
    )
