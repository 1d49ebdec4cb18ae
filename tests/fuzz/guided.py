"""Lets what the code does lead the way to hostile files: `python -m tests.fuzz.guided [ARGUMENTS of libFuzzer]`.

Only the pre-scan and the reading of headers run here, in this process: decoders are fuzzed in the cage.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["deid.engine", "pydicom"]):
    from deid.engine import intake
    from deid.engine.errors import Rejected
from tests.fuzz.mutator import Mutator
from tests.fuzz.seeds import seeds

SEEDS = 300


def take(data: bytes) -> None:
    """Open one file; anything but an answer or a refusal is a find."""
    try:
        intake.peek(data)
    except Rejected:
        return


def main(arguments: list[str]) -> None:
    """Run libFuzzer on good and mistreated files until its arguments say stop."""
    with tempfile.TemporaryDirectory(prefix="portal-corpus-") as name:
        mutator = Mutator(seeds(), 1)
        for number, data in enumerate([*seeds(), *(mutator.next() for _ in range(SEEDS))]):
            (Path(name) / str(number)).write_bytes(data)
        atheris.Setup([sys.argv[0], *arguments, name], take)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
