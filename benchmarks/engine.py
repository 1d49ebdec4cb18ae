"""How long the engine takes, stage by stage, against decoding and encoding the same picture in the same run.

    python -m benchmarks.engine [--stills N] [--cines N]

Only ratios are printed, since seconds of a shared machine say little. Nothing here passes or fails.
"""

import argparse
import io
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

import pydicom

from deid.engine import frames, pipeline, rendering
from deid.engine.brand import Brand
from deid.engine.policy import Policy
from deid.phantoms.dicom import to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import invent_person
from deid.phantoms.spec import Spec

BRAND = Brand(name="Benchmark Clinic", line="Seconds count", background="#1c4a4b", ink="#f8efe0")
CINE_FRAMES = 30


def inputs(stills: int, cines: int) -> Iterator[tuple[str, bytes]]:
    """Paint the stills and cines of this run; the same every time."""
    for seed in range(stills + cines):
        count = 1 if seed < stills else CINE_FRAMES
        person = invent_person(seed)
        phantom = paint(Spec(person=person, seed=seed, frames=count, note=f"Baby {person.family.title()}"))
        yield ("still" if count == 1 else "cine"), to_dicom(phantom, person)


def floor(data: bytes) -> float:
    """Return the seconds of decoding a file and encoding what a patient gets of it, and nothing else."""
    begun = time.perf_counter()
    film = frames.open_frames(pydicom.dcmread(io.BytesIO(data)), max_pixels=Policy().max_pixels)
    pictures = list(film)
    still = pictures[len(pictures) // 2]
    rendering.png(still)
    rendering.jpeg(still)
    rendering.thumbnail(still)
    if len(pictures) > 1:
        rows, columns = still.shape[:2]
        with rendering.Film(rows=rows, columns=columns, frames=len(pictures), rate=25.0) as writer:
            for picture in pictures:
                writer.write(picture)
            writer.finish()
    return time.perf_counter() - begun


def main(arguments: list[str]) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__.splitlines()[0])
    parser.add_argument("--stills", type=int, default=10)
    parser.add_argument("--cines", type=int, default=1)
    options = parser.parse_args(arguments)
    totals: defaultdict[str, list[float]] = defaultdict(list)
    stages: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for kind, data in inputs(options.stills, options.cines):
        least = floor(data)
        outcome = pipeline.deidentify(data, policy=Policy(), brand=BRAND, secret=bytes(32))
        totals[kind].append(sum(outcome.seconds.values()) / least)
        for stage, seconds in outcome.seconds.items():
            stages[kind][stage].append(seconds / least)
    for kind, ratios in totals.items():
        sys.stdout.write(f"{kind}: {statistics.median(ratios):.1f} x decode + encode (median of {len(ratios)})\n")
        for stage, shares in stages[kind].items():
            sys.stdout.write(f"  {stage:<10}{statistics.median(shares):6.2f} x\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
