"""Looks for many values at once in bytes: in every encoding of letters, in text for all of them, in pictures for those
that no picture holds by chance.

How surprising a value is in a picture is counted in bits. In entropy-coded data every byte is as likely as any other:
a letter, large or small, is worth seven bits and any other byte eight. In samples as they are, neighbours are alike, so
that a byte is worth the more the farther it lies from the one before it. A value counts in a picture of N bytes only
where it is worth 30 bits more than the logarithm of N: among a thousand values it is then found by chance in one of a
million pictures.
"""

from collections.abc import Iterable
from operator import sub

import numpy as np
import numpy.typing as npt

from deid.engine.containers import Kind

Bytes = bytes | memoryview

_FOLD = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))
# those of PS3.3 C.12.1.1.2 that are more than letters of ASCII, and what other programs write
_ENCODINGS = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    *("latin-1", "cp1252", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8"),
    *("iso8859-9", "iso8859-15", "tis-620", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr", "gb18030"),
)
_ASCII = _ENCODINGS[:3]
_WIDE = frozenset(_ENCODINGS[1:3])
# a value with so many letters counts wherever it occurs; a shorter one must stand by itself
_SURE = 8
_MARGIN = 30
# the size of the smallest picture, as a logarithm
_SMALLEST = 14
# bytes among which, wherever it lies, four stand at a place that can be divided by four
_LEAST = 7
_LETTERS = bytes(range(97, 123))
# the surprise of a sample after its neighbour: none where they are alike, most across half the range
_STEPS = {
    step: 0 if step == 0 else 1 if abs(step) <= 2 else 3 if abs(step) <= 16 else 4 if abs(step) <= 64 else 6
    for step in range(-255, 256)
}
_HASH = np.uint32(0x9E3779B1)
_TABLE_BITS = 18
_PIECE = 1 << 20


class Needles:
    """The values, at least four characters each, ready to be looked for."""

    def __init__(self, values: Iterable[str]) -> None:
        self._known = _encoded(values)
        self._text = _Index({needle: sure for needle, sure in self._known.items() if len(needle) >= 4}, step=1)
        self._pictures: dict[Kind, tuple[dict[bytes, int], _Index]] = {}

    def in_text(self, data: Bytes) -> bool:
        """Say whether a value occurs; a short word must not be part of a word, nor a short number part of a number."""
        return bool(self._text.found(data))

    def in_picture(self, data: Bytes, kind: Kind, *, size: int) -> bool:
        """Say whether a value occurs that pictures of that kind do not hold by chance in a file of `size` bytes."""
        if kind not in self._pictures:
            # few files hold pictures of both kinds
            worths = _worthy(self._known, kind)
            self._pictures[kind] = worths, _Index(dict.fromkeys(worths, True), step=4)
        worths, index = self._pictures[kind]
        least = _MARGIN + max(_SMALLEST, size.bit_length())
        return any(worths[needle] >= least for needle in index.found(data))


def worth(needle: bytes, kind: Kind) -> int:
    """Return how many bits of surprise a value has in a picture's coded data or samples; large letters are small."""
    if kind is Kind.CODED:
        return 7 * len(needle) + len(needle.translate(None, _LETTERS))
    return sum(map(_STEPS.__getitem__, map(sub, needle, needle[1:])))


def _worthy(needles: Iterable[bytes], kind: Kind) -> dict[bytes, int]:
    worths = ((needle, worth(needle, kind)) for needle in needles)
    return {needle: bits for needle, bits in worths if bits >= _MARGIN + _SMALLEST and len(needle) >= _LEAST}


def _encoded(values: Iterable[str]) -> dict[bytes, bool]:
    """Return the values as bytes in small letters, and whether each counts wherever it occurs."""
    known: dict[bytes, bool] = {}
    for value in values:
        small = value.lower()
        forms = {small} if value.isascii() else {small, value.casefold(), value.upper(), small.title()}
        for form in forms:
            for encoding in _ASCII if form.isascii() else _ENCODINGS:
                try:
                    needle = form.encode(encoding).translate(_FOLD)
                except UnicodeEncodeError:
                    # not every alphabet has all letters
                    continue
                # four letters of 16 bits are eight bytes
                known[needle] = known.get(needle, False) or encoding in _WIDE or len(value) >= _SURE
    return known


class _Index:
    """Finds needles by four of their bytes, looked up at every `step`-th place; longer ones are found at any step."""

    def __init__(self, needles: dict[bytes, bool], *, step: int) -> None:
        self._step = step
        self._sure = needles
        self._by_key: dict[bytes, list[tuple[bytes, int]]] = {}
        for needle in needles:
            for offset in range(step):
                self._by_key.setdefault(needle[offset : offset + 4], []).append((needle, offset))
        self._longest = max(map(len, needles), default=0)
        self._table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        self._table[_hashed(np.frombuffer(b"".join(self._by_key), "<u4"))] = True

    def found(self, data: Bytes) -> set[bytes]:
        """Return the needles that occur in `data`."""
        if not self._by_key:
            return set()
        overlap = self._longest + 2
        pieces = (data[max(0, start - overlap) : start + _PIECE] for start in range(0, len(data), _PIECE))
        return {needle for piece in pieces for needle in self._in_piece(bytes(piece).translate(_FOLD))}

    def _in_piece(self, folded: bytes) -> set[bytes]:
        return {
            needle
            for start in range(0, 4, self._step)
            for place in self._places(folded, start)
            for needle, offset in self._by_key.get(folded[place : place + 4], ())
            if self._stands(needle, folded, place - offset)
        }

    def _places(self, folded: bytes, start: int) -> list[int]:
        """Return where four bytes of a needle may stand, looking at every fourth place from `start` on."""
        words = np.frombuffer(folded[start : start + (len(folded) - start) // 4 * 4], "<u4")
        return (start + 4 * np.flatnonzero(self._table[_hashed(words)])).tolist()

    def _stands(self, needle: bytes, folded: bytes, start: int) -> bool:
        end = start + len(needle)
        if start < 0 or folded[start:end] != needle:
            return False
        if self._sure[needle]:
            return True
        before, after = folded[max(start - 1, 0) : start], folded[end : end + 1]
        return not (_joins(before, needle[:1]) or _joins(after, needle[-1:]))


def _hashed(words: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return np.asarray((words * _HASH) >> np.uint32(32 - _TABLE_BITS), dtype=np.uint32)


def _joins(sign: bytes, end: bytes) -> bool:
    """Say whether a sign goes on a word that ends so, or a number; letters are those of Latin-1."""
    beside, last = sign.decode("latin-1"), end.decode("latin-1")
    return (beside.isdigit() and last.isdigit()) or (beside.isalpha() and last.isalpha())
