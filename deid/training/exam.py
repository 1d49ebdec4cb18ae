"""The exam: painted screens go through the whole engine, and what is left of each text is counted pixel by pixel."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import cv2
import numpy as np
import numpy.typing as npt
import pydicom

from deid.engine import cage
from deid.engine.findings import Status
from deid.engine.policy import Policy
from deid.training import screens
from deid.training.screens import Kind, Screen
from deid.training.targets import LEGIBLE, contrasts
from deid.training.wrapping import to_dicom

# a text of which more than this share of the ink stands may be read in part, above the second share as a whole
_PARTLY, _WHOLLY = 0.12, 0.5
_KEPT = 0.9
_KEPT_KINDS = frozenset({Kind.MEASUREMENT, Kind.ANATOMY})
_NEAR = 13
# what differs by so little from its neighbours and is no brighter is bare ground, in grey levels
_EVEN, _DARK = 4, 40
# a mean change of so many grey levels nobody sees
_UNSEEN = 3
_ROUND = 3
# what is found must not hang on how busy the machine is, so nothing is ever cut short
_SECONDS = 600.0
# of ten screens so many declare their regions: plausible ones as files of real machines do, strange ones half
_DECLARED = {True: 7, False: 5}

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one screen.

    Of the legible identifiers of each place `*_all` were printed, `*_part` are left in part and `*_whole` as a whole.
    `over` is the share of the area's text-free pixels that look different; `kept` of `keepable` measurements and
    anatomy words in the area stand untouched.
    """

    seed: int
    status: str
    reason: str
    outside_all: int = 0
    outside_part: int = 0
    outside_whole: int = 0
    inside_all: int = 0
    inside_part: int = 0
    inside_whole: int = 0
    over: float = 0.0
    keepable: int = 0
    kept: int = 0


def examine(seeds: Iterable[int], *, plausible: bool, processes: int) -> Iterator[Mark]:
    """Examine the engine as it is on the held-out screens of `seeds`; seven of ten plausible ones declare regions."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(partial(_marked, plausible=plausible), seeds)


def summary(marks: Iterable[Mark]) -> dict[str, float | int | dict[str, int]]:
    """Return the numbers that the bars speak of; identifiers left are counted in CLEAN pictures only.

    Those that stand in held ones are told beside: a person sees them before anybody else does.
    """
    marks = list(marks)
    clean = [mark for mark in marks if mark.status == Status.CLEAN.value]
    held = [mark for mark in marks if mark.status != Status.CLEAN.value]
    keepable = sum(mark.keepable for mark in clean)
    left, inside = sum(mark.inside_part for mark in clean), sum(mark.inside_all for mark in clean)
    return {
        "screens": len(marks),
        "clean": len(clean),
        "held": len(held),
        "held_share": round(len(held) / max(1, len(marks)), 4),
        "held_by_reason": dict(sorted(Counter(mark.reason for mark in held).items())),
        "held_outside_identifiers": sum(mark.outside_all for mark in held),
        "held_outside_left_in_part": sum(mark.outside_part for mark in held),
        "held_inside_identifiers": sum(mark.inside_all for mark in held),
        "held_inside_left_in_part": sum(mark.inside_part for mark in held),
        "outside_identifiers": sum(mark.outside_all for mark in clean),
        "outside_left_in_part": sum(mark.outside_part for mark in clean),
        "outside_left_whole": sum(mark.outside_whole for mark in clean),
        "inside_identifiers": inside,
        "inside_left_in_part": left,
        "inside_left_share": round(left / max(1, inside), 5),
        "inside_left_whole": sum(mark.inside_whole for mark in clean),
        "over_redaction_mean": round(float(np.mean([mark.over for mark in clean])), 5) if clean else 0.0,
        "over_redaction_p95": round(float(np.percentile([mark.over for mark in clean], 95)), 5) if clean else 0.0,
        "keepable_words": keepable,
        "kept_share": round(sum(mark.kept for mark in clean) / max(1, keepable), 4),
    }


def _marked(seed: int, *, plausible: bool) -> Mark:
    screen = screens.paint(seed, held_out=True, plausible=plausible)
    source = to_dicom(screen, regions=seed * 3 % 10 < _DECLARED[plausible])
    policy = Policy(ocr_seconds=_SECONDS)
    outcome = cage.shared().deidentify(source, policy=policy, brand=None, secret=b"exam" * 8, timeout=_SECONDS)
    reason = outcome.reason.value if outcome.reason else ""
    if outcome.outputs.dicom is None:
        return Mark(seed, outcome.status.value, reason)
    result = pydicom.dcmread(io.BytesIO(outcome.outputs.dicom)).pixel_array
    return marked(seed, screen, np.asarray(result, np.uint8), status=outcome.status.value, reason=reason)


def marked(seed: int, screen: Screen, result: npt.NDArray[np.uint8], *, status: str, reason: str = "") -> Mark:
    """Compare the cleaned picture (rows, columns, 3) with what was painted."""
    same = (result == screen.pixels).all(axis=2)
    counts = dict.fromkeys(
        ("outside_all", "outside_part", "outside_whole", "inside_all", "inside_part", "inside_whole"), 0
    )
    keepable = kept = 0
    for number, (printed, contrast) in enumerate(zip(screen.printed, contrasts(screen), strict=True), start=1):
        if contrast < LEGIBLE:
            continue
        left = _left(screen, result, same, number)
        if printed.identifying:
            place = "inside" if printed.inside else "outside"
            counts[f"{place}_all"] += 1
            counts[f"{place}_part"] += left > _PARTLY
            counts[f"{place}_whole"] += left > _WHOLLY
        elif printed.inside and printed.kind in _KEPT_KINDS:
            keepable += 1
            kept += left >= _KEPT
    free = _free(screen)
    over = float(_changed(screen.pixels, result)[free].mean()) if free.any() else 0.0
    return Mark(seed, status, reason, over=over, keepable=keepable, kept=kept, **counts)


def _changed(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> Mask:
    """Return which pixels look different: noise of a few grey levels that was filled with black does not."""
    change = np.abs(before.astype(np.int16) - after).max(axis=2).astype(np.float32)
    return np.asarray(cv2.blur(change, (3, 3)) > _UNSEEN, dtype=np.bool_)


def _left(screen: Screen, result: npt.NDArray[np.uint8], same: Mask, number: int) -> float:
    """Return the share of a text's ink that still stands out: none where it looks like what is round it."""
    x, y, w, h = screen.printed[number - 1].box
    place = np.s_[max(0, y - _ROUND) : y + h + _ROUND, max(0, x - _ROUND) : x + w + _ROUND]
    ink = screen.labels[place] == number
    ground = (cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~ink
    shown = result[place].astype(np.float32)
    if not ground.any() or np.abs(shown[ink].mean(axis=0) - shown[ground].mean(axis=0)).max() < LEGIBLE / 2:
        return 0.0
    return float(same[place][ink].mean())


def _free(screen: Screen) -> Mask:
    """Return the area far from ink, without what is even and dark there: nothing is shown round a render."""
    shown = screen.clean.max(axis=2)
    spread = cv2.dilate(shown, np.ones((9, 9), np.uint8)) - cv2.erode(shown, np.ones((9, 9), np.uint8))
    empty = (spread <= _EVEN) & (shown <= _DARK)
    inked = ((screen.labels > 0) | screen.ignored).astype(np.uint8)
    return np.asarray(
        screen.area & ~empty & (cv2.dilate(inked, np.ones((_NEAR, _NEAR), np.uint8)) == 0), dtype=np.bool_
    )
