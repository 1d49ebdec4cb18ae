"""The process that opens uploaded files: says when it is ready, then answers requests until the pipe closes.

Started by the cage through `deid.engine.confined`; it writes nothing but answers, and the answers hold no text of an
exception.
"""

import argparse
import io
import logging
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import IO

from deid.engine import intake, limits, logo, pipeline, reheading, renders, walls, wire
from deid.engine.archives import Archive
from deid.engine.errors import Held, Rejected
from deid.engine.formats import Format
from deid.engine.lending import STRETCH, Borrowed

_CPU_PER_SECOND = 4
_LARGEST_SHEET = 1748 * 1240

Answer = tuple[wire.Json, list[bytes]]


def main(arguments: list[str]) -> int:
    """Serve until the other side closes the pipe; any fault ends the process with a status other than 0."""
    line = _Line(*_private_pipes(), own=_options(arguments).own)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    line.say({"ready": asdict(walls.standing())})
    while (frame := wire.read(line.requests)) is not None:
        limits.allow_memory(limits.allowance(line.own, request=_size(frame)))
        limits.allow_cpu(int(frame.header["seconds"]) * _CPU_PER_SECOND + 1)
        try:
            header, blobs = _HANDLERS[frame.header["kind"]](frame, line)
        except Rejected as refusal:
            header, blobs = {"rejected": refusal.reason.value}, []
        line.say(header, *blobs)
    return 0


@dataclass(slots=True)
class _Line:
    """The two pipes to the cage, what this process may allocate for its own, and the archive that it has open."""

    requests: IO[bytes]
    answers: IO[bytes]
    own: int
    key: str = ""
    archive: Archive | None = None

    def say(self, header: wire.Json, *blobs: bytes) -> None:
        wire.write(self.answers, header, blobs)

    def want(self, offset: int, length: int) -> bytes:
        """Ask the cage for a stretch of the file that it lends."""
        self.say({"want": [offset, length]})
        frame = wire.read(self.requests)
        if frame is None:
            raise wire.Garbled
        return wire.only_blob(frame)


def _peek(frame: wire.Frame, _: _Line) -> Answer:
    return {"peek": wire.peek_to_json(intake.peek(frame.blobs[0]))}, []


def _deidentify(frame: wire.Frame, line: _Line) -> Answer:
    data, secret, *picture = frame.blobs
    said = intake.peek(data)
    limits.allow_memory(limits.allowance(line.own, request=_size(frame), pixels=said.rows * said.columns))
    outcome = pipeline.deidentify(
        data,
        policy=wire.policy_from_json(frame.header["policy"]),
        brand=wire.brand_from_json(frame.header, picture),
        secret=secret,
    )
    values, blobs = wire.outcome_to_json(outcome)
    return {"outcome": values}, blobs


def _render(frame: wire.Frame, line: _Line) -> Answer:
    """Make formats of a master; one that is held by the second look comes back as such, with nothing made."""
    master, *logos = frame.blobs
    said = intake.peek(master)
    limits.allow_memory(
        limits.allowance(line.own, request=_size(frame), pixels=max(_LARGEST_SHEET, said.rows * said.columns))
    )
    brand = wire.brand_from_json(frame.header, logos)
    if brand is None:
        raise wire.Garbled
    try:
        made = renders.make(
            master,
            map(Format, frame.header["formats"]),
            cut=wire.cut_of(frame.header["cut"]),
            brand=brand,
            max_pixels=int(frame.header["max_pixels"]),
        )
    except Held as held:
        return {"held": held.reason.value}, []
    return wire.renders_to_json(made)


def _rehead(frame: wire.Frame, _: _Line) -> Answer:
    """Put a master under another header; one that is held by the last search comes back as such."""
    master, secret, *sources = frame.blobs
    disclosure = wire.disclosure_from_json(frame.header["disclosure"])
    try:
        return {}, [reheading.reheaded(next(iter(sources), None), master, disclosure=disclosure, secret=secret)]
    except Held as held:
        return {"held": held.reason.value}, []


def _archive(frame: wire.Frame, line: _Line) -> Answer:
    return {"members": len(_opened(frame, line))}, []


def _member(frame: wire.Frame, line: _Line) -> Answer:
    kept = _opened(frame, line).unpack(
        frame.header["number"],
        left=frame.header["left"],
        write=lambda piece: line.say({"piece": True}, piece),
    )
    return {"kept": kept}, []


def _opened(frame: wire.Frame, line: _Line) -> Archive:
    """Return the archive of a request; its index is read again only if this process had another one open."""
    if line.archive is None or line.key != frame.header["key"]:
        line.archive = None
        lent = io.BufferedReader(Borrowed(frame.header["size"], line.want), STRETCH)
        line.archive = Archive(lent, wire.archive_limits_from_json(frame.header["limits"]))
        line.key = frame.header["key"]
    return line.archive


def _logo(frame: wire.Frame, line: _Line) -> Answer:
    limits.allow_memory(limits.allowance(line.own, request=_size(frame), pixels=logo.MOST_SIDE**2))
    return {}, [logo.repainted(frame.blobs[0])]


_HANDLERS: dict[str, Callable[[wire.Frame, _Line], Answer]] = {
    "peek": _peek,
    "deidentify": _deidentify,
    "archive": _archive,
    "member": _member,
    "logo": _logo,
    "render": _render,
    "rehead": _rehead,
}


def _size(frame: wire.Frame) -> int:
    return sum(map(len, frame.blobs))


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take the two pipes away from the standard streams, so that no library's print and no grandchild reaches them."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return os.fdopen(requests, "rb", buffering=0), os.fdopen(answers, "wb", buffering=0)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deid.engine.child")
    parser.add_argument("--own", type=int, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
