"""Sends hostile files to the portal and looks at what comes out: `python -m tests.fuzz --help`.

The same seed makes the same files. Every file is opened by the caged child; every third is cleaned if it opens, and in
the long form every one; every twentieth also goes through the door, the job and the desk's states, as if a person had
sent it.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import django
from django.core.management import call_command

from deid.engine import cage
from deid.engine.cage import Cage
from deid.engine.errors import CageBroken, HoldReason, Rejected
from deid.engine.findings import Outcome, Status
from deid.engine.policy import Policy
from tests.fuzz.mutator import Mutator
from tests.fuzz.seeds import CANARY, seeds

STUCK_SECONDS = 30.0
PEAK_KIB = 512 * 1024
THROUGH_THE_DOOR = 20


class Fuzz:
    """Counts what became of hostile files; `faults` says which broke the rules, by their number."""

    def __init__(self, keep: Path | None, door: ModuleType | None, *, every: int) -> None:
        self.ends: Counter[str] = Counter()
        self.faults: list[str] = []
        self.peak = 0
        self._cage = Cage(size=1)
        self._keep = keep
        self._door = door
        self._every = every

    def take(self, number: int, data: bytes) -> None:
        """Open one file and judge the answer."""
        began = time.monotonic()
        try:
            self._cage.peek(data, timeout=STUCK_SECONDS)
            if number % self._every:
                self.ends["opened"] += 1
                return
            outcome = self._cage.deidentify(data, policy=Policy(), brand=None, secret=b"fuzz", timeout=STUCK_SECONDS)
            self._judge(number, data, outcome)
        except Rejected as refusal:
            self.ends[f"refused {refusal.reason.value}"] += 1
        except CageBroken as broken:
            self.ends[f"cage {broken.reason.value}"] += 1
            if broken.reason is HoldReason.TIMED_OUT:
                self._fault(number, data, f"stuck for {time.monotonic() - began:.0f} s")
        finally:
            self._weigh(number, data)
        if self._door is not None and number % THROUGH_THE_DOOR == 0:
            state = self._door.send(data)
            self.ends[f"desk {state}"] += 1
            if state == "released":
                self._fault(number, data, "released")

    def close(self) -> None:
        """End the child."""
        self._cage.close()

    def _judge(self, number: int, data: bytes, outcome: Outcome) -> None:
        self.ends[f"{outcome.status.value} {outcome.reason.value if outcome.reason else ''}".strip()] += 1
        if outcome.status is not Status.CLEAN:
            return
        made = outcome.outputs
        for made_file in (made.dicom, made.still, made.still_jpeg, made.thumbnail, made.film):
            if made_file is not None and CANARY.lower().encode() in made_file.lower():
                self._fault(number, data, "a name came out")

    def _weigh(self, number: int, data: bytes) -> None:
        for child in self._cage._all:
            status = Path(f"/proc/{child._process.pid}/status").read_text()
            peak = int(status.partition("VmHWM:")[2].split()[0])
            if peak > max(self.peak, PEAK_KIB):
                self._fault(number, data, f"{peak // 1024} MiB")
            self.peak = max(self.peak, peak)

    def _fault(self, number: int, data: bytes, what: str) -> None:
        self.faults.append(f"file {number}: {what}")
        if self._keep is not None:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{number}.dcm").write_bytes(data)


def main(arguments: list[str]) -> int:
    """Run until enough files were sent or the time is up; 0 where no rule was broken."""
    options = _options(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    _tell(f"fuzz: --files {options.files} --minutes {options.minutes:g} --seed {seed} --first {options.first}")
    every = 1 if options.minutes else 3
    with tempfile.TemporaryDirectory(prefix="portal-fuzz-") as folder:
        fuzz = Fuzz(options.keep, _open_door(Path(folder)) if not options.only_engine else None, every=every)
        mutator = Mutator(seeds(), seed)
        began = time.monotonic()
        deadline = began + 60 * options.minutes if options.minutes else float("inf")
        number = 0
        while (options.minutes or number < options.files) and time.monotonic() < deadline:
            data = mutator.next()
            if number >= options.first:
                fuzz.take(number, data)
            number += 1
        fuzz.close()
        cage.shared().close()
    for end, count in sorted(fuzz.ends.items()):
        _tell(f"  {count:6} {end}")
    for fault in fuzz.faults:
        _tell(f"  {fault}")
    _tell(
        f"  {number} files in {time.monotonic() - began:.0f} s, peak {fuzz.peak // 1024} MiB: {len(fuzz.faults)} faults"
    )
    return 1 if fuzz.faults else 0


def _open_door(folder: Path) -> ModuleType:
    """Make an empty portal in a folder and return its door."""
    os.environ["PORTAL_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ultrasound_portal.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    # these need the settings of this run
    import_module("ultrasound_portal.vault.keyring").prepare()
    call_command("migrate", verbosity=0)
    return import_module("tests.fuzz.door")


def _tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="how many files")
    parser.add_argument("--minutes", type=float, default=0.0, help="go on for so long instead (60 is the long form)")
    parser.add_argument("--seed", type=int, help="make the files of that run")
    parser.add_argument("--first", type=int, default=0, help="send only files from this number on")
    parser.add_argument("--keep", type=Path, help="folder for the files that broke a rule")
    parser.add_argument("--only-engine", action="store_true", help="leave door and jobs out")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
