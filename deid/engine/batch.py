"""Cleans many inputs with several children at once into one folder, and can be stopped and taken up at any moment."""

import hashlib
import hmac
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from deid.engine import ledger, wire
from deid.engine.brand import Brand
from deid.engine.cage import Cage
from deid.engine.errors import CageBroken, HoldReason, Rejected, RejectReason
from deid.engine.findings import Outcome, Status
from deid.engine.ledger import Ledger
from deid.engine.policy import Policy
from deid.engine.progress import Progress
from deid.engine.sources import Source

Entry = dict[str, Any]

REJECTED = "rejected"
# what may come from the machine or the moment, and not from the picture: the next run tries again
_PASSING = frozenset(
    {
        HoldReason.OCR_MISSING.value,
        HoldReason.OCR_FAILED.value,
        HoldReason.RENDER_FAILED.value,
        HoldReason.TIMED_OUT.value,
        HoldReason.CRASHED.value,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """How the inputs are to be cleaned; without `secret` each finished run has pseudonyms of its own."""

    policy: Policy
    brand: Brand | None = None
    secret: bytes | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """The report's entries in the order of the inputs, of finished inputs only.

    `stopped` says that somebody interrupted the run, `fault` is what the system refused, such as room on the disk.
    """

    entries: list[Entry]
    stopped: bool = False
    fault: OSError | None = None


class Batch:
    """One run over many inputs; a failing input costs nothing but itself."""

    def __init__(self, order: Order, folder: Ledger, progress: Progress) -> None:
        self._order = order
        self._setting = setting_of(order)
        self._ledger = folder
        self._secret = order.secret or folder.secret()
        self._progress = progress
        self._entries: dict[int, Entry] = {}
        self._stopping = threading.Event()
        self._cage = Cage(size=order.jobs)

    def run(self, sources: Sequence[Source]) -> Ending:
        """Clean all; Ctrl-C ends the children at once, and so does a folder of results that takes no more."""
        stopped = False
        fault: OSError | None = None
        pool = ThreadPoolExecutor(max_workers=self._order.jobs)
        try:
            tasks = [pool.submit(self._one, place, source) for place, source in enumerate(sources, start=1)]
            for task in as_completed(tasks):
                task.result()
        except KeyboardInterrupt:
            stopped = True
        except OSError as error:
            fault = error
        finally:
            self._stopping.set()
            self._cage.close()
            pool.shutdown(cancel_futures=True)
        entries = [self._entries[place] for place in sorted(self._entries)]
        if len(entries) == len(sources) and not any(entry["reason"] in _PASSING for entry in entries):
            self._ledger.forget_secret()
        return Ending(entries, stopped=stopped, fault=fault)

    def _one(self, place: int, source: Source) -> None:
        if self._stopping.is_set():
            return
        try:
            data = source.read()
        except Rejected as refusal:
            self._finish(place, source, _refused(refusal.reason))
            return
        except OSError:
            # one file that the disk does not give must not stop the others
            self._finish(place, source, _refused(RejectReason.DAMAGED))
            return
        content = ledger.content_of(data)
        number, known = self._ledger.claim(place, content=content, setting=self._setting)
        if known is not None and known.findings["reason"] not in _PASSING:
            self._finish(place, source, dict(known.findings), earlier=True)
            return
        made = self._cleaned(data, f"{number:04d}")
        if made is None:
            return
        findings, files = made
        self._ledger.keep(number, content=content, setting=self._setting, findings=findings, files=files)
        self._finish(place, source, findings)

    def _cleaned(self, data: bytes, stem: str) -> tuple[Entry, dict[str, bytes]] | None:
        """Return the findings and the files, or None where the run was stopped in the middle of this input."""
        order = self._order
        try:
            outcome = self._cage.deidentify(data, policy=order.policy, brand=order.brand, secret=self._secret)
        except Rejected as refusal:
            return _refused(refusal.reason), {}
        except CageBroken as broken:
            return None if self._stopping.is_set() else (_findings(Status.HELD.value, broken.reason.value), {})
        files = _files(outcome, stem)
        findings = _findings(outcome.status.value, outcome.reason.value if outcome.reason else None)
        for kind, suffix in (("dicom", "dcm"), ("still", "png"), ("film", "mp4")):
            if (name := f"{stem}.{suffix}") in files:
                findings["outputs"][kind] = name
        findings["boxes"] = [box.to_json() for box in outcome.boxes]
        findings["flags"] = sorted(outcome.flags)
        findings["seconds"] = {stage: round(seconds, 4) for stage, seconds in outcome.seconds.items()}
        return findings, files

    def _finish(self, place: int, source: Source, findings: Entry, *, earlier: bool = False) -> None:
        self._entries[place] = {"source": _shown(source.name), **findings}
        self._progress.count(findings["status"], earlier=earlier)


def setting_of(order: Order) -> str:
    """Return the digest of all that decides a result beside the input: engine, policy, brand and a given secret."""
    brand, logo = wire.brand_to_json(order.brand)
    values = {
        "engine": _engine(),
        "policy": order.policy.to_dict(),
        "brand": brand,
        "logo": [hashlib.sha256(blob).hexdigest() for blob in logo],
        "secret": hmac.digest(order.secret, b"ledger", "sha256").hex() if order.secret else None,
    }
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode("ascii")).hexdigest()


@cache
def _engine() -> str:
    """Return the digest of the engine's own files: code, word lists and weights."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.name}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()


def _refused(reason: RejectReason) -> Entry:
    return _findings(REJECTED, reason.value)


def _findings(status: str, reason: str | None) -> Entry:
    outputs: dict[str, str | None] = {"dicom": None, "still": None, "film": None}
    return {"status": status, "reason": reason, "outputs": outputs, "boxes": [], "flags": [], "seconds": {}}


def _files(outcome: Outcome, stem: str) -> dict[str, bytes]:
    made = outcome.outputs
    named = {f"{stem}.dcm": made.dicom, f"{stem}.png": made.still, f"{stem}.mp4": made.film}
    return {name: data for name, data in named.items() if data is not None}


def _shown(name: str) -> str:
    """Return a name that UTF-8 can write: bytes of a file name that are no text become backslash escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
