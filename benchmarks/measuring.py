"""Times the engine in a warm child, as the portal and the command run it, beside the floor of the same input."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from benchmarks import floor
from benchmarks.floor import Floor
from benchmarks.inputs import Input
from deid.engine.brand import Brand
from deid.engine.cage import Cage
from deid.engine.errors import CageBroken, Rejected
from deid.engine.findings import Outcome
from deid.engine.policy import Policy

BRAND = Brand(name="Benchmark Clinic", line="Seconds count", background="#1c4a4b", ink="#f8efe0")
SECRET = bytes(32)


@dataclass(frozen=True, slots=True)
class Measured:
    """One input: `engine` are the seconds of the whole request, `stages` those that the engine counted itself."""

    kind: str
    name: str
    rows: int
    columns: int
    frames: int
    status: str
    floor: Floor
    engine: float
    stages: dict[str, float]

    @property
    def ratio(self) -> float:
        """Return the engine's time in units of the floor."""
        return self.engine / self.floor.whole

    def to_json(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {**asdict(self), "ratio": self.ratio}


@dataclass(frozen=True, slots=True)
class Missed:
    """An input of which the engine delivered nothing, and why."""

    kind: str
    name: str
    reason: str


@contextmanager
def one_core() -> Iterator[int]:
    """Pin this process, and the children it starts, to one core, and return its number."""
    allowed = os.sched_getaffinity(0)
    core = max(allowed)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, allowed)


def measure(inputs: Iterable[Input], cage: Cage, *, repeats: int) -> Iterator[Measured | Missed]:
    """Measure each input `repeats` times, engine and floor in turn, and give the best of each.

    The best is what the machine can do; the rest is what others did to it meanwhile (the advice of Python's timeit).
    """
    for one in inputs:
        try:
            yield _best(one, cage, repeats)
        except (Rejected, CageBroken, _Undelivered) as fault:
            yield Missed(one.kind, one.name, str(fault))


class _Undelivered(Exception):
    """The engine held the input without making pictures of it."""


def _best(one: Input, cage: Cage, repeats: int) -> Measured:
    runs: list[tuple[float, Outcome]] = []
    floors: list[Floor] = []
    for _ in range(repeats):
        begun = time.perf_counter()
        outcome = cage.deidentify(one.data, policy=Policy(), brand=BRAND, secret=SECRET)
        runs.append((time.perf_counter() - begun, outcome))
        if outcome.outputs.dicom is None or outcome.outputs.still is None:
            raise _Undelivered(outcome.reason or outcome.status)
        floors.append(floor.measure(one.data, outcome))
    seconds, outcome = min(runs, key=lambda run: run[0])
    return Measured(
        kind=one.kind,
        name=one.name,
        rows=outcome.rows,
        columns=outcome.columns,
        frames=outcome.frames,
        status=outcome.status.value,
        floor=min(floors, key=lambda least: least.whole),
        engine=seconds,
        stages=dict(outcome.seconds),
    )
