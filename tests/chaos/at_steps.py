"""Kills at every step: uploads, cleaning and sweeping run in forked processes and are struck at a chosen call.

The engine's outcome is a real one, made once: what is struck here is all that surrounds the engine. Its child dies in
`tests.chaos.at_random`.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from celery import current_app
from django.db import connections
from pydicom.uid import generate_uid

from deid.engine import cage
from deid.engine.findings import Outcome
from deid.engine.intake import Peek
from deid.engine.policy import Policy
from deid.ingest import receive as gate
from deid.models import Instance
from deid.services import processing, review
from deid.states import InstanceState
from tests.chaos.steps import Steps, counted
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import sample_bytes
from tests.servers import Postgres, Redis
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.jobs import sweeper
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.vault import file_store
from ultrasound_portal.vault.keyring import match_value

SAMPLE = "color-pl.dcm"
TRIES = 40
PREAMBLE = 128
ACTOR, DOOR = "system:chaos", "chaos"


@dataclass(frozen=True, slots=True)
class Servers:
    """What may be struck besides the process itself; None where the portal runs without them."""

    postgres: Postgres | None
    redis: Redis | None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there, and what the engine said of the sample."""

    clinic: Clinic
    staff: User
    peek: Peek
    outcome: Outcome


class Recorded:
    """Stands for the cage: the engine's own words about the sample, under the number of the picture at hand."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def peek(self, data: bytes) -> Peek:
        uid = data[PREAMBLE:].decode("ascii")
        return replace(self._cast.peek, sop_instance_uid=uid, study_instance_uid=uid)

    def deidentify(self, *_: object, **__: object) -> Outcome:
        return self._cast.outcome


class Storm:
    """Strikes until `kills` processes have died; `sent` are the pictures that were accepted meanwhile."""

    def __init__(self, kills: int, *, seed: int, servers: Servers) -> None:
        self._wanted = kills
        self._chance = random.Random(seed)
        self._servers = servers
        self._cast = _cast()
        self._lengths: dict[str, int] = {}
        self._struck = False
        self.kills: Counter[str] = Counter()
        self.sent: list[str] = []
        self.set_aside = 0

    def rage(self) -> None:
        """Send pictures one after the other through the storm; the last ones in calm."""
        while self.kills.total() < self._wanted:
            self._one()

    def _one(self) -> None:
        uid = generate_uid()
        upload = partial(gate.receive, bytes(PREAMBLE) + uid.encode(), clinic=self._cast.clinic, actor=ACTOR, door=DOOR)
        match = match_value(uid, scope=f"sop:{self._cast.clinic.id}")
        accepted = False
        while not accepted:
            accepted = self._run("upload", upload, likely=0.3) == 0
        self.sent.append(match)
        instance = Instance.objects.get(sop_match=match)
        for _ in range(TRIES):
            job = Job.objects.filter(object_id=instance.pk).latest("created_at")
            if job.state == JobState.DONE:
                return
            if job.state == JobState.QUARANTINED:
                self._retry(instance)
                continue
            self._run("clean", partial(processing.process, job.pk), likely=0.75)
            self._run("sweep", sweeper.sweep, likely=0.1)
        raise AssertionError(f"{instance.pk} is not done after {TRIES} tries")

    def _retry(self, instance: Instance) -> None:
        """Three deaths set a job aside: it must be seen, and a person's retry brings it back."""
        seen = Instance.objects.get(pk=instance.pk)
        assert seen.state == InstanceState.FAILED, f"{instance.pk} is set aside but shows as {seen.state}"
        self.set_aside += 1
        assert self._run("retry", partial(review.try_again, seen, by=self._cast.staff), likely=0) == 0

    def _run(self, name: str, work: Callable[[], object], *, likely: float) -> int:
        """Run a piece of work in a process of its own, struck or not; return its exit status."""
        calm = name not in self._lengths or self.kills.total() >= self._wanted
        if calm or self._chance.random() >= likely:
            return self._forked(name, work, Steps())
        step = self._chance.randint(1, self._lengths[name])
        what, act = self._strike()
        status = self._forked(name, work, Steps(step, act))
        self.kills[what] += self._struck or status == -signal.SIGKILL
        return status

    def _strike(self) -> tuple[str, Callable[[], None]]:
        ways: dict[str, tuple[float, Callable[[], None]]] = {
            "process": (0.8, lambda: os.kill(os.getpid(), signal.SIGKILL)),
            "room": (0.06, _fill_up),
        }
        if (postgres := self._servers.postgres) is not None:
            ways["database"] = (0.06, lambda: (postgres.kill(), postgres.start()))
        if (redis := self._servers.redis) is not None:
            keeps = self._chance.random() < 0.5
            ways["broker"] = (0.08, lambda: (redis.kill(data=keeps), redis.start()))
        weights = [weight for weight, _ in ways.values()]
        (name,) = self._chance.choices(list(ways), weights)
        return name, ways[name][1]

    def _forked(self, name: str, work: Callable[[], object], steps: Steps) -> int:
        connections.close_all()
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os._exit(self._work(work, steps, writing))
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(pid, 0)
        count, _, struck = told.partition(b" ")
        self._struck = struck == b"True"
        if count:
            self._lengths[name] = max(self._lengths.get(name, 0), int(count))
        return os.waitstatus_to_exitcode(status)

    def _work(self, work: Callable[[], object], steps: Steps, writing: int) -> int:
        recorded = Recorded(self._cast)
        gate.cage.shared = processing.cage.shared = lambda: recorded
        status = 0
        try:
            with counted(steps):
                work()
        except Exception:  # noqa: BLE001 - a struck piece of work may fail in any way that a worker survives
            status = 1
        _wait_for_threads()
        current_app.pool.force_close_all()
        os.write(writing, f"{steps.count} {steps.struck}".encode())
        return status


def _cast() -> Cast:
    clinic = make_clinic()
    staff = make_staff(clinic)
    data = sample_bytes(SAMPLE)
    engine = cage.Cage(size=1)
    peek = engine.peek(data)
    outcome = engine.deidentify(data, policy=Policy(), brand=None, secret=b"chaos")
    engine.close()
    return Cast(clinic, staff, peek, outcome)


def _fill_up() -> None:
    file_store.RESERVE = 1 << 60


def _wait_for_threads() -> None:
    """A worker lives on after a fault, and so do its threads: they hand the job back."""
    deadline = time.monotonic() + 40
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(max(0.0, deadline - time.monotonic()))
