"""The last search: does any byte of a written output spell something that identifies?

Everything in a file is searched, in every encoding of letters, packed or coded as text or not. In the data of the
picture itself short words occur by chance, so that only values count there that no picture holds by chance
(`needles`); `bareness` sees to it that nothing else than the picture passes for picture data.
"""

import base64
import html
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt

from deid.engine import bareness, containers, spellings
from deid.engine.containers import Kind
from deid.engine.identifiers import Identifiers
from deid.engine.needles import Needles
from deid.engine.profile_table import OWN_WORDS

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Signs = npt.NDArray[np.uint8]

# what is packed deeper than this, or is larger unpacked, cannot be searched and counts as found
_MAX_NESTING = 4
_MAX_UNPACKED = 8 << 20
# zlib with a window of 256 bytes to 32 KiB (RFC 1950), and gzip (RFC 1952)
_STREAM = re.compile(rb"[\x08\x18\x28\x38\x48\x58\x68\x78][\x00-\xff]|\x1f\x8b\x08")
# a stream without any header may begin anywhere; it is looked for where text may stand, not in what is larger
_MAX_BARE = 1 << 16
# so much is decoded at once, and what it stands for is small enough to be looked at in turn
_MAX_GROUP = 1 << 13
_FEWEST = 4
_FEWEST_BARE = 8
_GZIP = 0x1F
_PLAIN_BLOCK, _FIXED_CODES, _OWN_CODES = 0, 1, 2
_MOST_CODES = 29
# fixed codes of seven and of eight bits that repeat what came before
_LAST_REPEAT, _LONG_REPEATS = 0b0010111, (0b11000000, 0b11000111)
# own codes are written in a code of 4 to 19 lengths of three bits, with which a block's first ten bytes may be filled;
# a length of so many bits takes that share of all codes
_FEWEST_LENGTHS, _MOST_LENGTHS, _CODES_END = 4, 19, 10
_SHARES, _WHOLE = np.array([0, 64, 32, 16, 8, 4, 2, 1]), 128
_BITS = np.array([1, 2, 4, 8])
_HEX_RUN = re.compile(rb"[0-9A-Fa-f]{8,}")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/]{6,}")
_NUMBER_RUN = re.compile(rb"(?:\d{1,5}[\\,;: ]{1,2}){3,}\d{1,5}")
_HEX_NUMBER_RUN = re.compile(rb"(?:(?:0x|\\u|\\x|%)[0-9A-Fa-f]{2,4}[\\,;: ]{0,2}){2,}")
_NUMBER = re.compile(rb"\d{1,5}")
_HEX_NUMBER = re.compile(rb"(?:0x|\\u|\\x|%)([0-9A-Fa-f]{2,4})")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_DECIMAL_ENTITY, _HEX_ENTITY = re.compile(r"&#(\d{1,7});?"), re.compile(r"&#[xX]([0-9A-Fa-f]{1,6});?")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_URL_LETTERS = bytes.maketrans(b"-_", b"+/")
_BETWEEN = b"\0\xff\0"
_OWN = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(OWN_WORDS, key=len, reverse=True)))


class Unsearchable(Exception):
    """Something is packed too deeply or too large to be searched."""


def found(output: bytes, known: Identifiers) -> bool:
    """Say whether `output`, a DICOM, PNG, JPEG or MP4 file, holds what identifies, or what cannot be searched.

    A file of another kind, or one that cannot be taken apart, is searched as a whole.
    """
    return not bareness.is_bare(output) or spells(output, known)


def spells(output: bytes, known: Identifiers) -> bool:
    """Say whether a value of `known` stands in any part of a file, or in what is packed or coded in it."""
    wanted = _wanted(known)
    texts: set[bytes] = set()
    for part in containers.parts(output):
        if part.kind is Kind.ANYTHING:
            # the frames of a film have most in common
            texts.add(bytes(part.content))
        elif wanted.in_picture(part.content, part.kind, size=len(output)):
            return True
    try:
        return wanted.in_text(_together(_unfolded(_OWN.sub(b"\0", text) for text in texts)))
    except Unsearchable:
        return True


@lru_cache(maxsize=4)
def _wanted(known: Identifiers) -> Needles:
    """Return what is looked for; the outputs of one study ask for the same again and again."""
    return Needles(spellings.of(known))


def _unfolded(texts: Iterable[bytes]) -> set[bytes]:
    """Return the texts and what they hold in packed or coded form, each once; raises Unsearchable beyond the bounds."""
    known = set(texts)
    latest = known
    for _ in range(_MAX_NESTING):
        latest = set(_held(latest)) - known
        known = known | latest
    if any(sound for area in latest for _, sound in _headed(area)):
        raise Unsearchable
    return known


def _held(areas: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what areas hold in packed or coded form; small ones are looked at together, which takes less time."""
    group: list[bytes] = []
    for area in sorted(areas):
        yield from (content for content, _ in _headed(area))
        yield from _unescaped(area)
        if group and sum(map(len, group)) + len(area) > _MAX_GROUP:
            yield from _of_group(group)
            group = []
        group.append(area)
    yield from _of_group(group)


def _of_group(areas: Sequence[bytes]) -> Iterator[bytes]:
    yield from _bare([area for area in areas if len(area) <= _MAX_BARE])
    yield from _decoded(_together(areas))


def _headed(area: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield what streams with a header hold, whole or cut off, and whether the sum at the end says that it is sound."""
    view = memoryview(area)
    for match in _STREAM.finditer(area):
        gzip = area[match.start()] == _GZIP
        if gzip or int.from_bytes(match.group(), "big") % 31 == 0:
            content, ended = _stream(view[match.start() :], zlib.MAX_WBITS | (16 if gzip else 0))
            if content:
                yield content, ended


def _bare(areas: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what streams without a header hold, which may begin at any byte; by chance there are short ones."""
    joined = memoryview(b"".join(areas))
    ends = np.cumsum(list(map(len, areas)), dtype=np.int64)
    starts = _beginnings(np.frombuffer(joined, np.uint8))
    for start, end in zip(starts.tolist(), ends[np.searchsorted(ends, starts, side="right")].tolist(), strict=True):
        content, ended = _stream(joined[start:end], -zlib.MAX_WBITS)
        if ended and len(content) >= _FEWEST_BARE:
            yield content


def _beginnings(signs: Signs) -> Places:
    """Return where the first block of a bare stream may be: plain, in fixed codes or own ones (RFC 1951, 3.2)."""
    size = max(0, len(signs) - _FEWEST)
    ahead = np.concatenate([signs, np.zeros(_CODES_END, np.uint8)])
    first, second, third, fourth, fifth = (ahead[at : size + at] for at in range(_FEWEST + 1))
    kind = first >> 1 & 3
    # the size of a plain block stands twice, the second time turned
    plain = (kind == _PLAIN_BLOCK) & (second ^ fourth == 0xFF) & (third ^ fifth == 0xFF)
    # of fixed codes the first is a letter's or the end: there is nothing to repeat yet
    fixed = (kind == _FIXED_CODES) & _first_codes()[first >> 3 | (second & 0xF).astype(np.uint16) << 5]
    own = (kind == _OWN_CODES) & (first >> 3 <= _MOST_CODES) & (second & 0x1F <= _MOST_CODES)
    if own.any():
        own[own] = _has_whole_code(ahead, np.flatnonzero(own))
    return np.flatnonzero(plain | fixed | own)


def _has_whole_code(ahead: Signs, starts: Places) -> Flags:
    """Say whether the code in which a block's own codes are written is whole: no bits say nothing (RFC 1951, 3.2.7)."""
    bits = np.unpackbits(ahead[starts[:, np.newaxis] + np.arange(_CODES_END)], axis=1, bitorder="little")
    count = _FEWEST_LENGTHS + bits[:, 13:17] @ _BITS
    lengths = bits[:, 17 : 17 + 3 * _MOST_LENGTHS].reshape(-1, _MOST_LENGTHS, 3) @ _BITS[:3]
    lengths[np.arange(_MOST_LENGTHS) >= count[:, np.newaxis]] = 0
    return np.asarray(_SHARES[lengths].sum(axis=1) == _WHOLE, dtype=np.bool_)


@cache
def _first_codes() -> Flags:
    return np.array([_is_first_code(bits) for bits in range(1 << 9)])


def _is_first_code(bits: int) -> bool:
    """Say whether nine bits, the first the lowest, begin with the fixed code of a letter or of the end, 256 (3.2.6)."""
    code = int(f"{bits:09b}"[::-1], 2)
    return not (0 < code >> 2 <= _LAST_REPEAT or _LONG_REPEATS[0] <= code >> 1 <= _LONG_REPEATS[1])


def _stream(packed: memoryview, window: int) -> tuple[bytes, bool]:
    """Return what a stream holds, and whether it came to its end; a broken one holds nothing."""
    try:
        inflater = zlib.decompressobj(window)
        content = inflater.decompress(packed, _MAX_UNPACKED)
    except zlib.error:
        return b"", False
    if inflater.unconsumed_tail:
        raise Unsearchable
    return content, inflater.eof


def _decoded(area: bytes) -> Iterator[bytes]:
    """Yield what numbers, hexadecimal and base64 letters stand for, at each place where a group can begin."""
    for run, number, base in ((_NUMBER_RUN, _NUMBER, 10), (_HEX_NUMBER_RUN, _HEX_NUMBER, 16)):
        texts = ("".join(_letter(found, base) for found in number.findall(match[0])) for match in run.finditer(area))
        yield _together(map(_written, texts))
    runs = [match.group() for match in _HEX_RUN.finditer(area)]
    yield _together(bytes.fromhex(_even(run[start:], 2).decode("ascii")) for run in runs for start in (0, 1))
    joined = _LINE_ENDS.sub(b"", area).translate(_URL_LETTERS)
    runs = [match.group() for match in _BASE64_RUN.finditer(joined)]
    yield _together(_from_base64(run[start:]) for run in runs for start in range(4))


def _unescaped(area: bytes) -> Iterator[bytes]:
    """Yield text without the escapes of XML, addresses and JSON."""
    if b"&" in area:
        text = _DECIMAL_ENTITY.sub(lambda match: _letter(match[1], 10), area.decode("latin-1"))
        text = _HEX_ENTITY.sub(lambda match: _letter(match[1], 16), text)
        yield from (_written(text), _written(html.unescape(text)))
    if b"%" in area:
        yield unquote_to_bytes(area)
    if b"\\u" in area:
        yield _written(_ESCAPE.sub(lambda match: _letter(match[1], 16), area.decode("latin-1")))


def _letter(number: bytes | str, base: int) -> str:
    return chr(min(int(number, base), sys.maxunicode))


def _written(text: str) -> bytes:
    """Return text a byte a letter where that is possible: it may be what a packer made."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _together(contents: Iterable[bytes]) -> bytes:
    """Return pieces as one, so that they are searched in one pass."""
    return _BETWEEN.join(contents)


def _even(run: bytes, group: int) -> bytes:
    return run[: len(run) // group * group]


def _from_base64(run: bytes) -> bytes:
    """Decode a run, the broken group at its end as far as it goes."""
    whole = _even(run, 4)
    rest = run[len(whole) :]
    return base64.b64decode(whole + (rest + b"A" * (4 - len(rest)) if rest else b""))
