"""The last search: does any byte of a written output, picture data apart, spell something that identifies?

Compressed picture data are left out, since short words occur in them by chance; everything around them is searched:
in 8-bit and 16-bit letters, in base64 and hexadecimal, and inside every zlib or gzip stream.
"""

import base64
import re
import zlib
from collections.abc import Iterator

from deid.engine import containers
from deid.engine.identifiers import Identifiers
from deid.engine.profile_table import OWN_WORDS

_MAX_INFLATED = 1 << 20
_MAX_NESTING = 3
_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_HEX_RUN = re.compile(rb"[0-9A-Fa-f]{8,}")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/]{6,}")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_URL_LETTERS = bytes.maketrans(b"-_", b"+/")
# no identifier holds a zero, neither in 8-bit nor in 16-bit letters
_BETWEEN = b"\0\0\0\0"
_AT_ONCE = 1 << 16
# A value this long counts wherever it occurs; a shorter one must stand by itself.
_SURE = 8


def found(output: bytes, identifiers: Identifiers) -> bool:
    """Say whether `output`, a DICOM, PNG, JPEG or MP4 file, holds one of the identifiers outside its picture data.

    A file of another kind, or one that cannot be taken apart, is searched as a whole.
    """
    values = sorted({value.casefold() for value in identifiers.values})
    return any(
        _occurs(value, view, wide=wide)
        for area in _together(piece for part in containers.areas(output) for piece in _unfolded(part))
        for view, wide in _views(area)
        for value in values
    )


def _unfolded(area: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield the bytes, and what they hold in packed or coded form, bounded in size and in nesting."""
    for word in OWN_WORDS:
        area = area.replace(word.encode(), b"\0")
    yield area
    yield from _decoded(area)
    if depth < _MAX_NESTING:
        for content in _inflated(area):
            yield from _unfolded(content, depth + 1)


def _together(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield many short pieces as a few long ones, since every search has its price; nothing is found across zeros."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size > _AT_ONCE:
            yield _BETWEEN.join(gathered)
            gathered, size = [], 0
    yield _BETWEEN.join(gathered)


def _inflated(area: bytes) -> Iterator[bytes]:
    for match in _STREAM.finditer(area):
        inflater = zlib.decompressobj(31 if area[match.start()] == 0x1F else 15)
        try:
            yield inflater.decompress(area[match.start() :], _MAX_INFLATED)
        except zlib.error:
            # two bytes that only look like the beginning of a stream
            continue


def _decoded(area: bytes) -> Iterator[bytes]:
    """Yield every run of hexadecimal or base64 letters decoded, at each place where a group can begin."""
    for match in _HEX_RUN.finditer(area):
        for start in (0, 1):
            run = match.group()[start:]
            yield bytes.fromhex(run[: len(run) // 2 * 2].decode("ascii"))
    joined = _LINE_ENDS.sub(b"", area).translate(_URL_LETTERS)
    for match in _BASE64_RUN.finditer(joined):
        for start in range(4):
            run = match.group()[start:]
            yield base64.b64decode(run[: len(run) // 4 * 4] + _rest(run))


def _rest(run: bytes) -> bytes:
    """Complete the last, broken group of a run."""
    rest = run[len(run) // 4 * 4 :]
    return rest + b"A" * (4 - len(rest)) if rest else b""


def _views(area: bytes) -> Iterator[tuple[str, bool]]:
    """Yield the bytes as text in each encoding that a writer might have used, and whether its letters are wide."""
    yield area.decode("latin-1").casefold(), False
    yield area.decode("utf-8", "replace").casefold(), False
    for start in (0, 1):
        yield area[start:].decode("utf-16-le", "replace").casefold(), True
        yield area[start:].decode("utf-16-be", "replace").casefold(), True


def _occurs(value: str, view: str, *, wide: bool) -> bool:
    """Find a value; a short word must not be part of a word, nor a short number part of a number.

    In 16-bit letters four characters are eight bytes and sure enough, whatever the bytes beside them mean.
    """
    if wide or len(value) >= _SURE:
        return value in view
    position = view.find(value)
    while position >= 0:
        end = position + len(value)
        around = view[max(position - 1, 0) : position], view[end : end + 1]
        joins = str.isdigit if value.isdigit() else str.isalpha
        if not any(joins(letter) for letter in around):
            return True
        position = view.find(value, position + 1)
    return False
