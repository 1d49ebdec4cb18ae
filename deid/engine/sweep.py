"""The last search: does any byte of a written output, picture data apart, spell something that identifies?

Compressed picture data are left out, since short words occur in them by chance; everything around them is
searched:
plain, in 16-bit letters, in base64 and hexadecimal, and inside every zlib or gzip stream.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator

from deid.engine import containers
from deid.engine.identifiers import Identifiers
from deid.engine.profile_table import OWN_WORDS

_MAX_INFLATED = 1 << 20
_MAX_NESTING = 3
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_SURE = 8


def found(output: bytes, identifiers: Identifiers) -> bool:
    """Say whether `output`, a DICOM, PNG, JPEG or MP4 file, holds one of the identifiers outside its picture
    data.

    A file of another kind, or one that cannot be taken apart, is searched as a whole.
    """
    values = identifiers.values
    if not values:
        return False
    plain = _plain_pattern(values)
    exact = _coded_pattern(values)
    return any(_hit(area, plain, exact) for part in containers.areas(output) for area in _unfolded(part))


def _hit(area: bytes, plain: re.Pattern[bytes], exact: re.Pattern[bytes]) -> bool:
    for word in OWN_WORDS:
        area = area.replace(word.encode(), b"\0")
    return plain.search(area.lower()) is not None or exact.search(area) is not None


def _unfolded(area: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield the bytes and the content of each compressed stream in them, bounded in size and in nesting."""
    yield area
    if depth == _MAX_NESTING:
        return
    for match in _STREAM.finditer(area):
        wbits = 31 if area[match.start()] == 0x1F else 15
        inflater = zlib.decompressobj(wbits)
        try:
            content = inflater.decompress(area[match.start() :], _MAX_INFLATED)
        except zlib.error:
            # two bytes that only look like the beginning of a stream
            continue
        if content:
            yield from _unfolded(content, depth + 1)


def _plain_pattern(values: Iterable[str]) -> re.Pattern[bytes]:
    """Match the values in lowered bytes, in every encoding and in hexadecimal digits of either case."""
    needles: set[bytes] = set()
    for value in values:
        for form in {value, value.lower(), value.upper()}:
            for encoding in _ENCODINGS:
                raw = _encoded(form, encoding)
                if raw:
                    needles.add(_bounded(raw.lower(), value, encoding))
                    needles.add(re.escape(raw.hex().encode()))
    return re.compile(b"|".join(sorted(needles, key=len, reverse=True)))


def _coded_pattern(values: Iterable[str]) -> re.Pattern[bytes]:
    """Match the values inside base64, at each of the three places where a value can begin in a group."""
    needles: set[bytes] = set()
    for value in values:
        for form in {value, value.lower(), value.upper(), value.title()}:
            for encoding in _ENCODINGS:
                raw = _encoded(form, encoding)
                needles.update(_base64_cores(raw))
    return re.compile(b"|".join(re.escape(needle) for needle in sorted(needles)) or rb"(?!)")


def _base64_cores(raw: bytes) -> Iterator[bytes]:
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + raw)
        first = (lead * 8 + 5) // 6
        last = (lead + len(raw)) * 8 // 6
        core = text[first:last]
        if len(core) >= 5:
            yield core
            yield core.replace(b"+", b"-").replace(b"/", b"_")


def _bounded(raw: bytes, value: str, encoding: str) -> bytes:
    """A short word or number must stand by itself; a long one counts wherever it occurs."""
    escaped = re.escape(raw)
    if len(value) >= _SURE or encoding.startswith("utf-16"):
        return escaped
    if value.isdigit():
        return rb"(?<![0-9])" + escaped + rb"(?![0-9])"
    return rb"(?<![a-z])" + escaped + rb"(?![a-z])"


def _encoded(text: str, encoding: str) -> bytes:
    """Encode, or return nothing where the encoding lacks a letter: then the text cannot be written in it."""
    raw = text.encode(encoding, "ignore")
    return raw if raw.decode(encoding) == text else b""
