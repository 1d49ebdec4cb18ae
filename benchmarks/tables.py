"""What was measured as Markdown tables, and against the bars in words."""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.measuring import Measured

STILL_BARS = (5.0, 3.0)
CINE_BARS = (2.0, 1.3)
MEMORY_BARS = (600.0, 300.0)


def summary(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield one row for each kind of input: the floor, the engine, and the engine in units of the floor."""
    yield "| input | n | frames | floor, ms a frame | engine, ms a frame | engine / floor: median | p90 |"
    yield "|---|---|---|---|---|---|---|"
    for kind, group in _kinds(measured).items():
        ratios = [one.ratio for one in group]
        least = statistics.median(1000 * one.floor.whole / one.frames for one in group)
        spent = statistics.median(1000 * one.engine / one.frames for one in group)
        frames = statistics.median_low(one.frames for one in group)
        times = f"{_times(ratios)} | {p90(ratios):.2f} x"
        yield f"| {kind} | {len(group)} | {frames} | {least:.1f} | {spent:.1f} | {times} |"


def stages(kind: str, group: Sequence[Measured]) -> Iterator[str]:
    """Yield one row for each stage of one kind of input; `rest` is what the request took beyond the stages."""
    yield f"| {kind}: stage | ms a frame: median | p90 | in floors: median | p90 |"
    yield "|---|---|---|---|---|"
    names = list(dict.fromkeys(name for one in group for name in one.stages))
    for name in [*names, "rest"]:
        seconds = [_spent(one, name) for one in group]
        each = [1000 * spent / one.frames for spent, one in zip(seconds, group, strict=True)]
        shares = [spent / one.floor.whole for spent, one in zip(seconds, group, strict=True)]
        yield f"| {name} | {statistics.median(each):.2f} | {p90(each):.2f} | {_times(shares)} | {p90(shares):.2f} x |"


def floors(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield one row for each kind of input: what the floor is made of."""
    yield "| floor, ms a frame (median) | decode | master | stills | film | beside it: the reviewer's views |"
    yield "|---|---|---|---|---|---|"
    for kind, group in _kinds(measured).items():
        parts = [
            statistics.median(1000 * getattr(one.floor, part) / one.frames for one in group)
            for part in ("decode", "master", "stills", "film", "views")
        ]
        yield f"| {kind} | " + " | ".join(f"{part:.2f}" for part in parts) + " |"


def verdicts(measured: Sequence[Measured], *, memory: float | None, rates: Mapping[int, float]) -> Iterator[str]:
    """Yield a sentence for each bar of a run."""
    for kind, group in _kinds(measured).items():
        bars = CINE_BARS if kind.endswith("cine") else STILL_BARS
        ratio = statistics.median(one.ratio for one in group)
        yield f"- {kind}: {ratio:.2f} x decode + encode, median of {len(group)}: {_verdict(ratio, bars, ' x')}"
        zlib = statistics.median(one.engine / one.floor.with_zlib for one in group)
        yield f"  - where OpenCV makes the floor's PNG with zlib: {zlib:.2f} x"
        views = statistics.median(one.engine / one.floor.with_views for one in group)
        yield f"  - against decoding and encoding all that is written, the reviewer's views too: {views:.2f} x"
        if kind.endswith("cine"):
            film = statistics.median(one.engine / one.floor.film_alone for one in group)
            yield f"  - against decoding and encoding the film alone, without master and stills: {film:.2f} x"
    if memory is not None:
        yield f"- memory of a worker on the long cine: {memory:.0f} MiB: {_verdict(memory, MEMORY_BARS, ' MB')}"
    if 1 in rates:
        for jobs, rate in rates.items():
            yield f"- `--jobs {jobs}`: {rate:.2f} stills a second, {rate / rates[1]:.2f} times that of one job"


def p90(values: Sequence[float]) -> float:
    """Return the value that nine of ten do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-9 * len(ordered) // 10) - 1)]


def _verdict(value: float, bars: tuple[float, float], unit: str) -> str:
    first, then = bars
    if value <= then:
        return f"meets both bars (at most {first:g}{unit}, then {then:g}{unit})"
    if value <= first:
        return f"meets the first bar (at most {first:g}{unit}), not the second ({then:g}{unit})"
    return f"misses the first bar (at most {first:g}{unit})"


def _kinds(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    groups: defaultdict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        groups[one.kind].append(one)
    return dict(groups)


def _spent(one: Measured, stage: str) -> float:
    return one.engine - sum(one.stages.values()) if stage == "rest" else one.stages.get(stage, 0.0)


def _times(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} x"
