"""The process that opens uploaded files: says when it is ready, then answers `peek`, `deidentify` and `render` until
the pipe closes.

Started by the cage through `deid.engine.confined`; it writes nothing but answers, and the answers hold no text of an
exception.
"""

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import IO

from deid.engine import intake, limits, pipeline, renders, walls, wire
from deid.engine.errors import Held, Rejected
from deid.engine.formats import Format

_CPU_PER_SECOND = 4
_LARGEST_SHEET = 1748 * 1240


def main(arguments: list[str]) -> int:
    """Serve until the other side closes the pipe; any fault ends the process with a status other than 0."""
    own = _options(arguments).own
    requests, answers = _private_pipes()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    wire.write(answers, {"ready": asdict(walls.standing())})
    while (frame := wire.read(requests)) is not None:
        limits.allow_memory(limits.allowance(own, request=_size(frame)))
        limits.allow_cpu(int(frame.header["seconds"]) * _CPU_PER_SECOND + 1)
        try:
            header, blobs = _HANDLERS[frame.header["kind"]](frame, own)
        except Rejected as refusal:
            header, blobs = {"rejected": refusal.reason.value}, []
        wire.write(answers, header, blobs)
    return 0


def _peek(frame: wire.Frame, _: int) -> tuple[wire.Json, list[bytes]]:
    return {"peek": wire.peek_to_json(intake.peek(frame.blobs[0]))}, []


def _deidentify(frame: wire.Frame, own: int) -> tuple[wire.Json, list[bytes]]:
    data, secret, *logo = frame.blobs
    said = intake.peek(data)
    limits.allow_memory(limits.allowance(own, request=_size(frame), pixels=said.rows * said.columns))
    outcome = pipeline.deidentify(
        data,
        policy=wire.policy_from_json(frame.header["policy"]),
        brand=wire.brand_from_json(frame.header, logo),
        secret=secret,
    )
    values, blobs = wire.outcome_to_json(outcome)
    return {"outcome": values}, blobs


def _render(frame: wire.Frame, own: int) -> tuple[wire.Json, list[bytes]]:
    """Make formats of a master; one that is held by the second look comes back as such, with nothing made."""
    master, *logos = frame.blobs
    said = intake.peek(master)
    limits.allow_memory(
        limits.allowance(own, request=_size(frame), pixels=max(_LARGEST_SHEET, said.rows * said.columns))
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


_HANDLERS: dict[str, Callable[[wire.Frame, int], tuple[wire.Json, list[bytes]]]] = {
    "peek": _peek,
    "deidentify": _deidentify,
    "render": _render,
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
