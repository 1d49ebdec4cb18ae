"""How well headers and pictures are de-identified for research, scored as the MIDI-B challenge does.

    nice -n 5 .venv/bin/python -m benchmarks.headers [--subjects N] [--json FILE]

The set is invented and painted anew each time from the same seeds; it is no substitute for the challenge's own.
"""

import argparse
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pydicom

from benchmarks.planting import Planted, planted
from benchmarks.scoring import (
    BEST_PUBLISHED,
    CATEGORY,
    WEIGHTS,
    Action,
    Check,
    Delivered,
    Result,
    consistent,
    judged,
    score,
)
from deid.engine import frames
from deid.engine.cage import Cage
from deid.engine.disclosure import Disclosure, Purpose
from deid.engine.errors import CageBroken, Rejected
from deid.engine.findings import Status
from deid.engine.policy import Policy

_SECRET = bytes(range(32))
_POLICY = Policy(disclosure=Disclosure.usual(Purpose.RESEARCH))
_PIXELS = b"\xe0\x7f\x10\x00O"


def main(arguments: list[str]) -> int:
    """Score the set, write Markdown to the standard output and JSON to a file if asked for; return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.headers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subjects", type=int, default=16, metavar="N", help="invented patients (16)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every check and how it ended")
    options = parser.parse_args(arguments)
    cage = Cage(size=1)
    try:
        results, undelivered = run(planted(options.subjects), cage)
    finally:
        cage.close()
    for line in page(results, undelivered):
        sys.stdout.write(f"{line}\n")
    if options.json:
        values = [{"action": one.action, "where": one.where, "passed": one.passed} for one in results]
        options.json.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return 0


def run(files: Iterator[Planted], cage: Cage) -> tuple[list[Result], list[str]]:
    """Clean each file and judge it; return the results, and the names of files that did not come out clean."""
    results: list[Result] = []
    linked: list[tuple[Check, Delivered | None]] = []
    undelivered: list[str] = []
    for file in files:
        output = _delivered(file, cage)
        if output is None:
            undelivered.append(file.name)
        results += judged(file.checks, output)
        linked += [(check, output) for check in file.checks]
    return [*results, *consistent(linked)], undelivered


def page(results: Sequence[Result], undelivered: Sequence[str]) -> Iterator[str]:
    """Yield what to say of the results, category by category and action by action."""
    yield "| category | weight | action | checks | passed | per cent |"
    yield "|---|---|---|---|---|---|"
    asked = Counter(one.action for one in results)
    passed = Counter(one.action for one in results if one.passed)
    for action in sorted(Action, key=lambda action: list(WEIGHTS).index(CATEGORY[action])):
        if asked[action]:
            share = 100 * passed[action] / asked[action]
            weight = WEIGHTS[CATEGORY[action]]
            yield f"| {CATEGORY[action]} | {weight} | {action} | {asked[action]} | {passed[action]} | {share:.2f} |"
    whole = score(results)
    verdict = "meets" if whole >= BEST_PUBLISHED else "misses"
    yield ""
    yield f"Weighted score {whole:.3f} %: {verdict} the bar of {BEST_PUBLISHED} %, the best published in the challenge."
    if undelivered:
        yield f"- not clean, so not delivered: {len(undelivered)}, the first of them {undelivered[0]}"
    for (action, where), count in Counter((one.action, one.where) for one in results if not one.passed).items():
        yield f"- failed: {action} of {where}, {count} times"


def _delivered(file: Planted, cage: Cage) -> Delivered | None:
    try:
        outcome = cage.deidentify(file.data, policy=_POLICY, brand=None, secret=_SECRET)
    except (Rejected, CageBroken):
        return None
    if outcome.status is not Status.CLEAN or outcome.outputs.dicom is None:
        return None
    data = outcome.outputs.dicom
    header = pydicom.dcmread(io.BytesIO(data))
    (first, *_) = frames.open_frames(header, max_pixels=10**9)
    return Delivered(header, data[: data.rindex(_PIXELS)], np.asarray(first), file.source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
