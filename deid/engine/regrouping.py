"""Mends what the heat put together or apart: a row of print that was cut along its middle, and rows found as one line.

The mended lines count only where what is read in them is known and sure, and what was read before was not.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from deid.engine import reading
from deid.engine.reading import Text
from deid.engine.senses import Sense

Grey = npt.NDArray[np.uint8]
Read = Callable[[Sequence[Text]], list[list[Text]]]
Parted = Callable[[Text], list[Text]]

# pieces of one row lie above each other over so much of the shorter, no further apart than so many pixels
_SHARED = 0.5
_APART = 2
# and are together no higher than a row is
_HIGHEST = 36
# two rows are no lower than this, and each has so many rows of pixels
_TWO = 16
_ROW = 6
# between two rows stands less than this share of the most ink
_VALLEY = 0.15
# every word is as sure as this, and the words fill so much of their line
_SURE = 60.0
# letters are no lower than so many times their distance, and the heat reaches beyond them by so many pixels in all
_SLENDER = 2.2
_HALO = 4
_FILLED = 0.5
_TELL_NOTHING = (Sense.UNKNOWN, Sense.LABEL)


def mended(
    lines: Sequence[Text], readings: Mapping[Text, list[Text]], *, read: Read, parted: Parted
) -> tuple[list[Text], list[Text]]:
    """Return lines and the words in them; `readings` are the words of the lines that were read.

    `read` reads lines, `parted` parts a line into the rows that it may hold.
    """
    done = dict(readings)
    kept = list(lines)
    groups = [(group, _hull(group)) for group in _groups(kept)]
    sure = {whole: _as_high(whole, _surest(whole, [done.get(line, []) for line in group])) for group, whole in groups}
    unsure = [whole for _, whole in groups if not sure[whole]]
    sure |= {whole: _surest(whole, [words]) for whole, words in zip(unsure, read(unsure), strict=True)}
    for group, whole in groups:
        if sure[whole]:
            kept = [line for line in kept if line not in group] + [whole]
            done = {line: said for line, said in done.items() if line not in group} | {whole: sure[whole]}
    for line in [line for line in kept if line.h >= _TWO]:
        rows = parted(line)
        if len(rows) < 2 or _surest(line, [done.get(line, [])]):
            continue
        told = read(rows)
        if any(_convinces(row, words) for row, words in zip([line, *rows], [done.get(line, []), *told], strict=True)):
            kept = [other for other in kept if other is not line] + rows
            done.pop(line, None)
            done |= dict(zip(rows, told, strict=True))
    return kept, [word for words in done.values() for word in words]


def rows_in(line: Text, image: Grey, *, top: int) -> list[Text]:
    """Return the rows of print in `image` (rows, columns), ink bright on black, whose first row is `top` in the source.

    Each is as wide as `line`.
    """
    ink = (image > np.iinfo(np.uint8).max // 2).sum(axis=1)
    inked = np.flatnonzero(np.diff(np.pad((ink > _VALLEY * ink.max()).astype(np.int8), 1)))
    bands = [(int(first), int(end)) for first, end in inked.reshape(-1, 2) if end - first >= _ROW]
    cuts = [(above[1] + below[0]) // 2 for above, below in pairwise(bands)]
    edges = [max(line.y, top), *(top + cut for cut in cuts), line.y + line.h]
    return [replace(line, y=first, h=end - first) for first, end in pairwise(edges) if end > first]


def _groups(lines: Sequence[Text]) -> Iterator[list[Text]]:
    """Return the groups of lines that may be pieces of one row."""
    rest = list(lines)
    while rest:
        group = [rest.pop(0)]
        while more := [line for line in rest if any(_goes_with(line, other) for other in group)]:
            rest = [line for line in rest if line not in more]
            group += more
        if len(group) > 1 and _hull(group).h <= _HIGHEST:
            yield group


def _goes_with(one: Text, two: Text) -> bool:
    across = min(one.x + one.w, two.x + two.w) - max(one.x, two.x)
    apart = max(one.y, two.y) - min(one.y + one.h, two.y + two.h)
    return across >= _SHARED * min(one.w, two.w) and apart <= _APART


def _hull(group: Sequence[Text]) -> Text:
    x, y = min(line.x for line in group), min(line.y for line in group)
    right, bottom = max(line.x + line.w for line in group), max(line.y + line.h for line in group)
    strength = max(line.strength for line in group)
    return replace(group[0], x=x, y=y, w=right - x, h=bottom - y, strength=strength)


def _surest(line: Text, told: Sequence[list[Text]]) -> list[Text]:
    """Return the first of several readings of a line that tells surely what stands there, in one row; or nothing."""
    return next((said for said in told if _convinces(line, said) and _is_one_row(line, said)), [])


def _as_high(line: Text, words: Sequence[Text]) -> list[Text]:
    """Return words that were read in a piece of a row as high as the row: no half of a letter stays by itself."""
    return [replace(word, y=line.y, h=line.h) for word in words]


def _is_one_row(line: Text, words: Sequence[Text]) -> bool:
    """Say whether a line is no higher than one row of letters as wide as these."""
    letters = sum(len(word.words) for word in words)
    return line.h <= _SLENDER * sum(word.w for word in words) / letters + _HALO


def _convinces(line: Text, words: Sequence[Text]) -> bool:
    """Say whether every word in a line is known and surely read, and they fill it."""
    return all(map(_is_known, words)) and sum(word.w for word in words) >= _FILLED * line.w


def _is_known(word: Text) -> bool:
    return word.confidence >= _SURE and not any(reading.has(word, found) for found in _TELL_NOTHING)
