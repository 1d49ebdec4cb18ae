"""How long the engine takes on one core, stage by stage, against decoding and encoding the same pictures.

    nice -n 5 .venv/bin/python -m benchmarks.engine [--stills N] [--cines N] [--json FILE]

Engine and floor (see `benchmarks.floor`) are measured in turn on the same core, since seconds of a shared machine say
little and ratios more. Nothing here passes or fails; the bars are compared in words.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from benchmarks import inputs, measuring, memory, tables, throughput
from benchmarks.measuring import Measured, Missed
from deid.engine.cage import Cage

_LONG_CINE = 300


def main(arguments: list[str]) -> int:
    """Measure, write Markdown to the standard output and JSON to a file if asked for; return 0."""
    options = _parser().parse_args(arguments)
    results = _results(options)
    measured = [result for result in results if isinstance(result, Measured)]
    missed = [result for result in results if isinstance(result, Missed)]
    peak = memory.peak_of_cine(options.memory_frames) if options.memory_frames else None
    folder = list(inputs.crowded_stills(options.folder))
    rates = {jobs: throughput.stills_a_second(folder, jobs=jobs) for jobs in (1, 2)} if folder else {}
    _say(_page(measured, missed, peak, rates))
    if options.json:
        values = {"inputs": [one.to_json() for one in measured], "memory_mib": peak, "stills_a_second": rates}
        options.json.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stills", type=int, default=30, metavar="N", help="crowded and usual stills, each (30)")
    parser.add_argument("--cines", type=int, default=3, metavar="N", help="painted cines of 30 frames (3)")
    parser.add_argument("--no-real", action="store_true", help="leave out the public files of pydicom")
    parser.add_argument("--repeats", type=int, default=3, metavar="N", help="runs of each input, best counts (3)")
    parser.add_argument("--memory-frames", type=int, default=_LONG_CINE, metavar="N", help="the long cine (300)")
    parser.add_argument("--folder", type=int, default=24, metavar="N", help="stills for --jobs 1 and 2 (24)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    return parser


def _results(options: argparse.Namespace) -> list[Measured | Missed]:
    files = chain(
        inputs.crowded_stills(options.stills),
        inputs.usual_stills(options.stills),
        inputs.painted_cines(options.cines),
        inputs.long_cines() if options.cines else (),
        () if options.no_real else inputs.real(),
    )
    with measuring.one_core():
        cage = Cage(size=1)
        try:
            for _ in measuring.measure(inputs.crowded_stills(1), cage, repeats=1):
                # the first request loads fonts, tables and the network
                pass
            return list(measuring.measure(files, cage, repeats=options.repeats))
        finally:
            cage.close()


def _page(measured: list[Measured], missed: list[Missed], peak: float | None, rates: dict[int, float]) -> Iterable[str]:
    yield f"One of {os.cpu_count()} cores; load of the last minute {os.getloadavg()[0]:.1f}."
    yield ""
    yield from tables.summary(measured)
    yield ""
    yield from tables.floors(measured)
    for kind in dict.fromkeys(one.kind for one in measured):
        yield ""
        yield from tables.stages(kind, [one for one in measured if one.kind == kind])
    yield ""
    yield from tables.verdicts(measured, memory=peak, rates=rates)
    for one in missed:
        yield f"- not measured, {one.kind}: {one.name}: {one.reason}"


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
