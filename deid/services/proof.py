"""The proof sheet of a run: what was covered and why, how long each stage took, and what the second look said.

It is made from the run's record alone, which holds places and reasons and never what was read there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from deid.engine.errors import HoldReason
from deid.engine.findings import Flag
from deid.engine.geometry import Box, Why
from deid.models import Run
from deid.states import RunStatus


class SecondLook(StrEnum):
    """What came of opening and reading the result again."""

    NOT_REACHED = "not_reached"
    NOTHING_LEFT = "nothing_left"
    COVERED_MORE = "covered_more"
    TEXT_LEFT = "text_left"
    IDENTIFIER_LEFT = "identifier_left"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True, slots=True)
class Covered:
    """The places of one reason; `share` is of all pixels of all frames, 0 to 1, each pixel counted once."""

    why: Why
    places: int
    share: float


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The findings of one run; `seconds` by stage in the order in which they ran; `engine` is its version.

    `detector` is the SHA-256 of the detector's weights, empty where the run does not tell.
    """

    covered: tuple[Covered, ...]
    places: int
    share: float
    seconds: tuple[tuple[str, float], ...]
    total_seconds: float
    engine: int
    detector: str
    policy_version: int
    brand_version: int
    flags: frozenset[Flag]
    second_look: SecondLook


def proof_of(run: Run) -> ProofSheet:
    """Return the sheet of a finished run."""
    boxes = [Box.from_json(values) for values in run.report["boxes"]]
    sides = (run.instance.columns, run.instance.rows, run.instance.frames)
    seconds: Mapping[str, float] = run.report["seconds"]
    return ProofSheet(
        covered=tuple(_covered(why, [box for box in boxes if box.why is why], sides) for why in _reasons(boxes)),
        places=len(boxes),
        share=share_of(boxes, *sides),
        seconds=tuple(seconds.items()),
        total_seconds=sum(seconds.values()),
        engine=run.report["engine"],
        detector=run.report["detector"],
        policy_version=run.policy["version"],
        brand_version=run.brand_version,
        flags=frozenset(map(Flag, run.report["flags"])),
        second_look=_second_look(run, boxes),
    )


def share_of(boxes: Sequence[Box], columns: int, rows: int, frames: int) -> float:
    """Return the share of a film's pixels that the boxes cover, each counted once, from 0 to 1."""
    if not boxes or not columns * rows * frames:
        return 0.0
    covered = 0
    edges = sorted({0, frames, *(box.first_frame for box in boxes), *(box.last_frame + 1 for box in boxes)})
    for first, end in pairwise(edges):
        covered += (end - first) * _area([box for box in boxes if box.first_frame <= first <= box.last_frame])
    return covered / (columns * rows * frames)


def _area(boxes: Sequence[Box]) -> int:
    """Return the pixels under the boxes of one frame, on a grid of their own edges."""
    across = sorted({edge for box in boxes for edge in (box.x, box.x + box.w)})
    down = sorted({edge for box in boxes for edge in (box.y, box.y + box.h)})
    under = np.zeros((max(len(down) - 1, 0), max(len(across) - 1, 0)), dtype=bool)
    for box in boxes:
        left, right = across.index(box.x), across.index(box.x + box.w)
        under[down.index(box.y) : down.index(box.y + box.h), left:right] = True
    return int(np.diff(down) @ under @ np.diff(across)) if under.size else 0


def _reasons(boxes: Sequence[Box]) -> list[Why]:
    return [why for why in Why if any(box.why is why for box in boxes)]


def _covered(why: Why, boxes: Sequence[Box], sides: tuple[int, int, int]) -> Covered:
    return Covered(why, len(boxes), share_of(boxes, *sides))


def _second_look(run: Run, boxes: Sequence[Box]) -> SecondLook:
    """Tell what the look said, as far as the first reason of a held run leaves it open."""
    found = any(box.why is Why.TEXT_LEFT for box in boxes)
    if "verify" not in run.report["seconds"]:
        return SecondLook.NOT_REACHED
    if run.status == RunStatus.CLEAN:
        return SecondLook.COVERED_MORE if found else SecondLook.NOTHING_LEFT
    if run.reason == HoldReason.IDENTIFIER_LEFT:
        return SecondLook.IDENTIFIER_LEFT
    return SecondLook.TEXT_LEFT if found else SecondLook.NOT_SETTLED
