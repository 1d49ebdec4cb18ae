"""What must be true after any storm: nothing lost, nothing doubled, nothing released, nothing left lying about."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from deid.models import Artefact, Instance
from deid.states import InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault import orphans, stores
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.unsealing import unseal

SETTLED = frozenset({InstanceState.CLEAN, InstanceState.HELD})
OUTPUTS = frozenset({"artefact", "master", "preview"})


def faults(sent: Iterable[str]) -> list[str]:
    """Return what is wrong; `sent` are the match values of the pictures that were accepted."""
    return [*_pictures(list(sent)), *_jobs(), *_artefacts(), *_trail(), *_leftovers()]


def _pictures(sent: list[str]) -> list[str]:
    here = Counter(Instance.objects.values_list("sop_match", flat=True))
    wrong = [f"lost: {match[:8]} is not there" for match in sent if not here[match]]
    wrong += [f"doubled: {match[:8]} is there {count} times" for match, count in here.items() if count > 1]
    for instance in Instance.objects.filter(sop_match__in=sent):
        runs = instance.runs.count()
        if instance.state not in SETTLED:
            wrong.append(f"{instance.pk} is {instance.state} ({instance.reason})")
        elif runs != 1 or instance.current_run is None:
            wrong.append(f"{instance.pk} has {runs} runs")
    released = Instance.objects.exclude(released_at=None).count()
    return wrong + ([f"{released} released"] if released else [])


def _jobs() -> list[str]:
    wrong = [f"job {job.pk} is {job.state} ({job.error_class})" for job in Job.objects.exclude(state=JobState.DONE)]
    done = Counter(Job.objects.filter(state=JobState.DONE).values_list("object_id", flat=True))
    return wrong + [f"{count} jobs for {key}" for key, count in done.items() if count > 1]


def _artefacts() -> list[str]:
    return [
        f"the {artefact.kind} of {artefact.instance_id} is not what was made"
        for artefact in Artefact.objects.all()
        if hashlib.sha256(unseal(artefact.object_id)).hexdigest() != artefact.sha256
    ]


def _trail() -> list[str]:
    checked = trail.verify()
    told = Counter(
        Entry.objects.filter(event__in=["instance_received", "instance_cleaned", "instance_held"]).values_list(
            "object_id", "event"
        )
    )
    twice = [f"{event} of {key} is told {count} times" for (key, event), count in told.items() if count > 1]
    return twice if checked.whole else [*twice, checked.fault]


def _leftovers() -> list[str]:
    grace, orphans.GRACE = orphans.GRACE, timedelta(seconds=-60)
    try:
        orphans.collect()
    finally:
        orphans.GRACE = grace
    files = {path.name for path in stores.files().root.rglob("*") if path.is_file()}
    living = SealedObject.objects.filter(destroyed_at=None)
    kept = set(living.exclude(store_key="").values_list("store_key", flat=True))
    shown: set[UUID] = set(Artefact.objects.values_list("object_id", flat=True))
    outputs = set(living.filter(kind__in=OUTPUTS).values_list("id", flat=True))
    wrong = [f"{len(files - kept)} files without a key"] if files - kept else []
    wrong += [f"{len(kept - files)} keys without a file"] if kept - files else []
    return wrong + ([f"{len(outputs - shown)} results that nobody sees"] if outputs - shown else [])
