"""Looks for many values at once in bytes: in every encoding of letters, in text for all of them, in pictures for those
that no picture holds by chance.

How surprising a value is in a picture is counted in bits. In entropy-coded data every byte is as likely as any other:
a letter, large or small, is worth seven bits and any other byte eight. In samples as they are, neighbours are alike, so
that a byte is worth the more the farther it lies from the one before it. A value counts in a picture of N bytes only
where it is worth 30 bits more than the logarithm of N: among a thousand values it is then found by chance in one of a
million pictures.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt

from deid.engine.containers import Kind

Bytes = bytes | memoryview
Signs = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

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
_IS_LETTER = np.isin(np.arange(256), np.arange(97, 123))
# the surprise of a sample after its neighbour: none where they are alike, most across half the range
_STEPS = np.select([np.arange(256) <= step for step in (0, 2, 16, 64)], [0, 1, 3, 4], 6)
_HASH = np.uint32(0x9E3779B1)
_TABLE_BITS = 18
_PIECE = 1 << 20


class Needles:
    """The values, at least four characters each, ready to be looked for."""

    def __init__(self, values: Iterable[str]) -> None:
        known = _encoded(values)
        self._known = _Needles(list(known), np.fromiter(known.values(), np.bool_, len(known)))
        self._text = _Index(self._known.only(self._known.lengths >= 4), step=1)
        self._pictures: dict[Kind, tuple[dict[bytes, int], _Index]] = {}

    def in_text(self, data: Bytes) -> bool:
        """Say whether a value occurs; a short word must not be part of a word, nor a short number part of a number."""
        return bool(self._text.found(data))

    def in_picture(self, data: Bytes, kind: Kind, *, size: int) -> bool:
        """Say whether a value occurs that pictures of that kind do not hold by chance in a file of `size` bytes."""
        if kind not in self._pictures:
            # few files hold pictures of both kinds
            self._pictures[kind] = _worthy(self._known, kind)
        worths, index = self._pictures[kind]
        least = _MARGIN + max(_SMALLEST, size.bit_length())
        return any(worths[needle] >= least for needle in index.found(data))


class _Needles:
    """Values as bytes, not none, and whether each counts wherever it occurs; all of them behind each other in `signs`.

    `starts` and `lengths` say where each stands there; four bytes follow the last.
    """

    def __init__(self, values: list[bytes], sure: Flags) -> None:
        self.values = values
        self.sure = sure
        self.lengths = np.fromiter(map(len, values), np.int64, len(values))
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.signs = np.frombuffer(b"".join(values) + bytes(4), np.uint8)

    def only(self, wanted: Flags, *, sure: bool = False) -> "_Needles":
        """Return the `wanted` ones; `sure` makes each of them count wherever it occurs."""
        return _Needles(list(compress(self.values, wanted)), self.sure[wanted] | sure)


def worths(needles: Sequence[bytes], kind: Kind) -> list[int]:
    """Return how many bits of surprise each value, none empty, has in a picture's coded data or samples.

    Large letters count as small ones.
    """
    return list(map(int, _worths(_Needles(list(needles), np.ones(len(needles), np.bool_)), kind)))


def _worths(needles: _Needles, kind: Kind) -> Numbers:
    if not needles.values:
        return np.zeros(0, np.int64)
    signs = needles.signs[:-4]
    if kind is Kind.CODED:
        bits = np.where(_IS_LETTER[signs], 7, 8)
    else:
        bits = _STEPS[np.abs(np.diff(signs.astype(np.int16), prepend=signs[:1]))]
        bits[needles.starts] = 0
    return np.add.reduceat(bits, needles.starts, dtype=np.int64)


def _worthy(needles: _Needles, kind: Kind) -> tuple[dict[bytes, int], "_Index"]:
    """Return the values that any picture of that kind may be searched for, with their worth, and their index."""
    bits = _worths(needles, kind)
    wanted = (bits >= _MARGIN + _SMALLEST) & (needles.lengths >= _LEAST)
    worthy = needles.only(wanted, sure=True)
    return dict(zip(worthy.values, bits[wanted].tolist(), strict=True)), _Index(worthy, step=4)


def _encoded(values: Iterable[str]) -> dict[bytes, bool]:
    """Return the values as bytes in small letters, and whether each counts wherever it occurs."""
    known: dict[bytes, bool] = {}
    for value in values:
        small, long = value.lower(), len(value) >= _SURE
        if value.isascii():
            # in small letters nothing is left to fold; four letters of 16 bits are eight bytes
            plain = small.encode("ascii")
            known[plain] = known.get(plain, False) or long
            known[small.encode("utf-16-le")] = known[small.encode("utf-16-be")] = True
            continue
        for form in {small, value.casefold(), value.upper(), small.title()}:
            for encoding in _ASCII if form.isascii() else _ENCODINGS:
                try:
                    needle = form.encode(encoding).translate(_FOLD)
                except UnicodeEncodeError:
                    # not every alphabet has all letters
                    continue
                known[needle] = known.get(needle, False) or encoding in _WIDE or long
    return known


class _Index:
    """Finds needles by four of their bytes, looked up at every `step`-th place; longer ones are found at any step."""

    def __init__(self, needles: _Needles, *, step: int) -> None:
        self._step = step
        self._needles = needles
        words = _words(needles.signs)[needles.starts[:, np.newaxis] + np.arange(step)].ravel()
        self._order = np.argsort(words, kind="stable")
        self._keys = words[self._order]
        self._longest = int(needles.lengths.max(initial=0))
        self._table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        self._table[_hashed(self._keys)] = True

    def found(self, data: Bytes) -> set[bytes]:
        """Return the needles that occur in `data`."""
        if not self._keys.size:
            return set()
        overlap = self._longest + 2
        pieces = (data[max(0, start - overlap) : start + _PIECE] for start in range(0, len(data), _PIECE))
        return {needle for piece in pieces for needle in self._in_piece(bytes(piece).translate(_FOLD))}

    def _in_piece(self, folded: bytes) -> Iterator[bytes]:
        for start in range(0, 4, self._step):
            for place, first, end in self._places(folded, start):
                for at in self._order[first:end].tolist():
                    number, offset = divmod(at, self._step)
                    if self._stands(number, folded, place - offset):
                        yield self._needles.values[number]

    def _places(self, folded: bytes, start: int) -> Iterator[tuple[int, int, int]]:
        """Yield where four bytes of needles stand, looking at every fourth place from `start` on, and of which."""
        words = np.frombuffer(folded[start : start + (len(folded) - start) // 4 * 4], "<u4")
        likely = np.flatnonzero(self._table[_hashed(words)])
        first, end = (np.searchsorted(self._keys, words[likely], side=side) for side in ("left", "right"))
        here = first < end
        yield from zip((start + 4 * likely[here]).tolist(), first[here].tolist(), end[here].tolist(), strict=True)

    def _stands(self, number: int, folded: bytes, start: int) -> bool:
        needle = self._needles.values[number]
        end = start + len(needle)
        if start < 0 or folded[start:end] != needle:
            return False
        if self._needles.sure[number]:
            return True
        before, after = folded[max(start - 1, 0) : start], folded[end : end + 1]
        return not (_joins(before, needle[:1]) or _joins(after, needle[-1:]))


def _words(signs: Signs) -> Words:
    """Return the four bytes that begin at each byte, the first of them the lowest."""
    wide = signs.astype(np.uint32)
    return np.asarray(wide[:-3] | wide[1:-2] << 8 | wide[2:-1] << 16 | wide[3:] << 24, dtype=np.uint32)


def _hashed(words: Words) -> Words:
    return np.asarray((words * _HASH) >> np.uint32(32 - _TABLE_BITS), dtype=np.uint32)


def _joins(sign: bytes, end: bytes) -> bool:
    """Say whether a sign goes on a word that ends so, or a number; letters are those of Latin-1."""
    beside, last = sign.decode("latin-1"), end.decode("latin-1")
    return (beside.isdigit() and last.isdigit()) or (beside.isalpha() and last.isalpha())
