"""The ten actions of the MIDI-B challenge (arXiv 2507.23608), judged on one output, and their weighted score.

A check names an action, the attribute that it is about, and what was planted there. Removal is judged more strictly
than in the challenge: what was planted must be in no byte of the file, not only out of its attribute. An instance that
did not come out clean fails whatever asks for something to be kept, as in the challenge.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pydicom import Dataset
from pydicom.dataelem import DataElement
from pydicom.multival import MultiValue

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Category(StrEnum):
    """What a check is about."""

    HIPAA = "HIPAA Safe Harbor"
    DICOM = "DICOM Standard"
    PRACTICE = "best practice"


WEIGHTS = {Category.HIPAA: 70, Category.DICOM: 20, Category.PRACTICE: 10}
# the best of ten teams in the test phase
BEST_PUBLISHED = 99.93


class Action(StrEnum):
    """What should have been done."""

    TAG_RETAINED = "tag_retained"
    TEXT_NOTNULL = "text_notnull"
    TEXT_RETAINED = "text_retained"
    TEXT_REMOVED = "text_removed"
    DATE_SHIFTED = "date_shifted"
    UID_CHANGED = "uid_changed"
    UID_CONSISTENT = "uid_consistent"
    PATID_CONSISTENT = "patid_consistent"
    PIXELS_RETAINED = "pixels_retained"
    PIXELS_HIDDEN = "pixels_hidden"


CATEGORY = {
    Action.TEXT_REMOVED: Category.HIPAA,
    Action.DATE_SHIFTED: Category.HIPAA,
    Action.UID_CHANGED: Category.HIPAA,
    Action.PIXELS_HIDDEN: Category.HIPAA,
    Action.TAG_RETAINED: Category.DICOM,
    Action.TEXT_NOTNULL: Category.DICOM,
    Action.UID_CONSISTENT: Category.DICOM,
    Action.PATID_CONSISTENT: Category.DICOM,
    Action.TEXT_RETAINED: Category.PRACTICE,
    Action.PIXELS_RETAINED: Category.PRACTICE,
}
_REMOVING = frozenset({Action.TEXT_REMOVED, Action.DATE_SHIFTED, Action.UID_CHANGED, Action.PIXELS_HIDDEN})
_TOKEN = re.compile(r"[^\W_]+")
_SHORT = 3
# a smooth fill has by chance the grey of some of the paler pixels of ink
_LEFT = 1 / 6


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """`path` leads to the attribute by keywords, through first items; `value` is what was planted or is expected.

    A private element has no keyword and so no path. For pixels, `place` are the ones that the check is about.
    """

    action: Action
    path: str
    value: str = ""
    place: Mask | None = None

    @property
    def where(self) -> str:
        """Return what to call the attribute in a report."""
        return self.path or "a private element"


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended; `where` is an attribute's path, never what stood there."""

    action: Action
    where: str
    passed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """One instance as it came out: parsed, its bytes, and its first frame beside the source's, RGB."""

    header: Dataset
    data: bytes
    pixels: Pixels
    source: Pixels


def judged(checks: Iterable[Check], output: Delivered | None) -> Iterator[Result]:
    """Yield how each check ends, but for those of consistency, which need all outputs (`consistent`)."""
    for check in checks:
        judge = _JUDGES.get(check.action)
        if output is None:
            yield Result(check.action, check.where, check.action in _REMOVING)
        elif judge is not None:
            yield Result(check.action, check.where, judge(check, output))


def consistent(pairs: Iterable[tuple[Check, Delivered | None]]) -> Iterator[Result]:
    """Yield how the checks of consistency end: the same original has one new value everywhere, and its own."""
    asked = [(check, output) for check, output in pairs if check.action not in _JUDGES and output is not None]
    new: dict[tuple[Action, str], set[str]] = {}
    old: dict[tuple[Action, str], set[str]] = {}
    for check, output in asked:
        became = _text(_found(output.header, check.path))
        new.setdefault((check.action, check.value), set()).add(became)
        old.setdefault((check.action, became), set()).add(check.value)
    for check, output in asked:
        became = _text(_found(output.header, check.path))
        once = new[check.action, check.value] == {became} and old[check.action, became] == {check.value}
        yield Result(check.action, check.where, bool(became) and once)


def score(results: Iterable[Result]) -> float:
    """Return the weighted score in per cent; a category without checks counts as passed."""
    passed: Counter[Category] = Counter()
    asked: Counter[Category] = Counter()
    for result in results:
        asked[CATEGORY[result.action]] += 1
        passed[CATEGORY[result.action]] += result.passed
    return sum(weight * (passed[kind] / asked[kind] if asked[kind] else 1) for kind, weight in WEIGHTS.items())


def _found(header: Dataset, path: str) -> DataElement | None:
    if not path:
        return None
    place: Dataset | None = header
    *outer, last = path.split(".")
    for keyword in outer:
        inner = place.get(keyword) if place is not None else None
        place = inner[0] if inner else None
    return place[last] if place is not None and last in place else None


def _text(element: DataElement | None) -> str:
    if element is None or element.value is None:
        return ""
    value = element.value
    return "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value)


def _is_there(check: Check, output: Delivered) -> bool:
    return _found(output.header, check.path) is not None


def _is_filled(check: Check, output: Delivered) -> bool:
    element = _found(output.header, check.path)
    return element is not None and not element.is_empty


def _keeps(check: Check, output: Delivered) -> bool:
    kept = set(_TOKEN.findall(_text(_found(output.header, check.path)).casefold()))
    return set(_TOKEN.findall(check.value.casefold())) <= kept


def _is_gone(check: Check, output: Delivered) -> bool:
    """Every token of three letters or more is out of the attribute, and the whole text out of the file."""
    tokens = {token for token in _TOKEN.findall(check.value.casefold()) if len(token) >= _SHORT}
    kept = set(_TOKEN.findall(_text(_found(output.header, check.path)).casefold()))
    whole = check.value.casefold().encode()
    return tokens.isdisjoint(kept) and whole not in output.data.lower()


def _is_not_found(check: Check, output: Delivered) -> bool:
    return check.value.encode() not in output.data


def _is_same(check: Check, output: Delivered) -> bool:
    assert check.place is not None
    return bool((output.pixels[check.place] == output.source[check.place]).all())


def _is_hidden(check: Check, output: Delivered) -> bool:
    """Of the ink's pixels at most one in six is still like it, and no letter can be read from it."""
    assert check.place is not None
    apart = np.abs(output.pixels[check.place].astype(int) - output.source[check.place].astype(int)).max(axis=1)
    return bool((apart < 25).mean() <= _LEFT)


_JUDGES: Mapping[Action, Callable[[Check, Delivered], bool]] = {
    Action.TAG_RETAINED: _is_there,
    Action.TEXT_NOTNULL: _is_filled,
    Action.TEXT_RETAINED: _keeps,
    Action.TEXT_REMOVED: _is_gone,
    Action.DATE_SHIFTED: _is_not_found,
    Action.UID_CHANGED: _is_not_found,
    Action.PIXELS_RETAINED: _is_same,
    Action.PIXELS_HIDDEN: _is_hidden,
}
