"""Makes hostile files out of good ones: it knows where elements, lengths, sizes and fragments stand. Seeded."""

import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
VRS = [*sorted(LONG), b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN"]
VRS += [b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US", b"\0\0", b"ZZ", b"??"]
SYNTAXES = [
    b"1.2.840.10008.1.2",
    b"1.2.840.10008.1.2.1",
    b"1.2.840.10008.1.2.2",
    b"1.2.840.10008.1.2.1.99",
    b"1.2.840.10008.1.2.5",
    b"1.2.840.10008.1.2.4.50",
    b"1.2.840.10008.1.2.4.51",
    b"1.2.840.10008.1.2.4.57",
    b"1.2.840.10008.1.2.4.70",
    b"1.2.840.10008.1.2.4.80",
    b"1.2.840.10008.1.2.4.90",
    b"1.2.840.10008.1.2.4.91",
    b"1.2.840.10008.1.2.4.100",
    b"1.2.840.10008.1.2.4.201",
    b"1.2.3",
]
LENGTHS = [0, 1, 2, 3, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]
PREAMBLES = [
    b"MZ\x90\0",
    b"\x7fELF\x02\x01\x01",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"<html><script>",
    b"II*\0",
    b"\xcf\xfa\xed",
]
# what decides how much memory a picture wants, and how it is read
SHAPE = [(0x28, e) for e in (2, 4, 6, 8, 0x10, 0x11, 0x100, 0x101, 0x102, 0x103, 0x1050, 0x1051, 0x1101, 0x1102)]
TEXTS = [b"", b"0", b"-1", b"1e309", b"NaN", b"1\\2\\3", b"99999999999999999999", b"2147483648", b"\0\0", b"\xff" * 8]
SEQUENCE, ITEM = (0x40, 0x275), b"\xfe\xff\x00\xe0"


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element of the top level stands: its head, its length field and its value."""

    tag: tuple[int, int]
    start: int
    length_at: int
    wide: bool
    value: int
    end: int


class Mutator:
    """Gives hostile files for ever; the same seed gives the same ones."""

    def __init__(self, seeds: list[bytes], seed: int) -> None:
        self._seeds = seeds
        self._chance = random.Random(seed)

    def next(self) -> bytes:
        """Return one hostile file: a good one, mistreated one to four times."""
        data = self._chance.choice(self._seeds)
        for _ in range(self._chance.choice([1, 1, 1, 2, 2, 4])):
            data = self._chance.choices(list(self._ways), self._ways.values())[0](self, data)
        return data

    def _flip(self, data: bytes) -> bytes:
        hurt = bytearray(data)
        for _ in range(self._chance.choice([1, 1, 4, 32]) if data else 0):
            hurt[self._chance.randrange(min(132, len(hurt) - 1), len(hurt))] ^= 1 << self._chance.randrange(8)
        return bytes(hurt)

    def _flip_pixels(self, data: bytes) -> bytes:
        pixels = [one for one in elements(data) if one.tag == (0x7FE0, 0x10)]
        if not pixels or pixels[0].value >= len(data):
            return self._flip(data)
        hurt = bytearray(data)
        for _ in range(self._chance.choice([1, 3, 20, 200])):
            hurt[self._chance.randrange(pixels[0].value, len(hurt))] = self._chance.choice([0, 1, 0x7F, 0x80, 0xFF])
        return bytes(hurt)

    def _length(self, data: bytes) -> bytes:
        one = self._element(data)
        if one is None:
            return data
        length = self._chance.choice([*LENGTHS, len(data) - one.value, len(data) - one.value + 1])
        packed = struct.pack("<I", length) if one.wide else struct.pack("<H", length & 0xFFFF)
        return data[: one.length_at] + packed + data[one.length_at + len(packed) :]

    def _kind(self, data: bytes) -> bytes:
        one = self._element(data)
        if one is None:
            return data
        return data[: one.start + 4] + self._chance.choice(VRS) + data[one.start + 6 :]

    def _shape(self, data: bytes) -> bytes:
        found = [one for one in elements(data) if one.tag in SHAPE]
        if not found:
            return self._flip(data)
        one = self._chance.choice(found)
        if one.end - one.value == 2:
            value = struct.pack(
                "<H", self._chance.choice([0, 1, 2, 3, 4, 7, 8, 9, 12, 16, 32, 64, 255, 4096, 32767, 65535])
            )
        else:
            value = self._chance.choice(
                [*TEXTS, b"RGB ", b"YBR_FULL", b"PALETTE COLOR ", b"MONOCHROME1 ", b"YBR_FULL_422"]
            )
        return _with_value(data, one, value)

    def _value(self, data: bytes) -> bytes:
        one = self._element(data)
        if one is None:
            return data
        long = self._chance.randbytes(self._chance.choice([1, 9, 64, 5000]))
        return _with_value(
            data, one, self._chance.choice([*TEXTS, long, b"ISO 2022 IR 87\\\\x", b"=" * 300, b"^" * 300])
        )

    def _delete(self, data: bytes) -> bytes:
        one = self._element(data)
        return data if one is None else data[: one.start] + data[one.end :]

    def _double(self, data: bytes) -> bytes:
        one = self._element(data)
        if one is None or one.end - one.start > 20_000:
            return data
        return data[: one.end] + data[one.start : one.end] * self._chance.choice([1, 2, 300]) + data[one.end :]

    def _nest(self, data: bytes) -> bytes:
        found = [one.start for one in elements(data) if one.tag > SEQUENCE]
        at = found[0] if found else len(data)
        depth = self._chance.choice([1, 31, 33, 200, 3000])
        kind = self._chance.choice([b"SQ", b"SQ", b"UN"])
        return data[:at] + nested(depth, kind, defined=self._chance.random() < 0.5) + data[at:]

    def _many(self, data: bytes) -> bytes:
        at = self._chance.choice([one.start for one in elements(data)] or [len(data)])
        tiny = struct.pack("<HH2sH", 0x11, 0x10, b"LO", 0)
        return data[:at] + tiny * self._chance.choice([100, 49_000, 60_000]) + data[at:]

    def _syntax(self, data: bytes) -> bytes:
        one = next((one for one in elements(data, meta=True) if one.tag == (2, 0x10)), None)
        if one is None:
            return data
        uid = self._chance.choice(SYNTAXES)
        return _with_value(data, one, uid + b"\0" * (len(uid) % 2))

    def _cut(self, data: bytes) -> bytes:
        return data[: self._chance.randrange(len(data) + 1)]

    def _tail(self, data: bytes) -> bytes:
        return data + self._chance.choice([b"\0" * 4096, self._chance.randbytes(64), data, ITEM * 50])

    def _preamble(self, data: bytes) -> bytes:
        return self._chance.choice(PREAMBLES).ljust(128, b"\x90") + data[128:]

    def _bomb(self, data: bytes) -> bytes:
        deflate = zlib.compressobj(9, wbits=-15)
        packed = deflate.compress(bytes(8 << 20)) + deflate.flush()
        return self._syntax(data)[:400] + packed

    def _fragments(self, data: bytes) -> bytes:
        at = data.rfind(struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF))
        if at < 0:
            return self._flip_pixels(data)
        head, body = data[: at + 12], data[at + 12 :]
        empty = ITEM + struct.pack("<I", 0)
        return head + self._chance.choice(
            [
                empty * 20_000 + body,
                ITEM + struct.pack("<I", 8) + b"\xff" * 8 + body[8:],
                body[:-8],
                body[8:],
                body[:-8] + body,
                empty + ITEM + struct.pack("<I", 0x7FFFFFFF) + body,
                body[: len(body) // 2] + body[-8:],
            ]
        )

    def _element(self, data: bytes) -> Element | None:
        found = elements(data)
        return self._chance.choice(found) if found else None

    _ways: dict[Callable[["Mutator", bytes], bytes], int] = {
        _flip: 4,
        _flip_pixels: 4,
        _length: 5,
        _kind: 4,
        _shape: 8,
        _value: 5,
        _delete: 3,
        _double: 2,
        _nest: 2,
        _many: 1,
        _syntax: 3,
        _cut: 2,
        _tail: 1,
        _preamble: 1,
        _bomb: 1,
        _fragments: 3,
    }


def elements(data: bytes, *, meta: bool = False) -> list[Element]:
    """Return the elements of the top level as far as they can be followed in explicit little endian.

    Those of the file's meta information are among them with `meta` only.
    """
    found: list[Element] = []
    position = 132
    while position + 8 <= len(data):
        tag = struct.unpack_from("<HH", data, position)
        kind = data[position + 4 : position + 6]
        wide = kind in LONG
        value = position + (12 if wide else 8)
        if value > len(data) or not kind.isalpha():
            break
        (length,) = struct.unpack_from("<I" if wide else "<H", data, value - (4 if wide else 2))
        end = len(data) if length == 0xFFFFFFFF else min(value + length, len(data))
        if tag[0] != 2 or meta:
            found.append(Element((tag[0], tag[1]), position, value - (4 if wide else 2), wide, value, end))
        position = end
    return found


def nested(depth: int, kind: bytes, *, defined: bool) -> bytes:
    """Return a sequence in a sequence, `depth` times over, as SQ or told as UN (PS3.5 6.2.2, CP-246)."""
    undefined = struct.pack("<I", 0xFFFFFFFF)
    head = struct.pack("<HH", *SEQUENCE)
    if not defined:
        opened = (head + kind + b"\0\0" + undefined if kind == b"SQ" else head + undefined) + ITEM + undefined
        first = head + kind + b"\0\0" + undefined + ITEM + undefined
        closed = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
        return first + opened * (depth - 1) + closed * depth
    inner = b""
    for level in range(depth):
        item = ITEM + struct.pack("<I", len(inner)) + inner
        outermost = level == depth - 1
        named = head + kind + b"\0\0" if kind == b"SQ" or outermost else head
        inner = named + struct.pack("<I", len(item)) + item
    return inner


def _with_value(data: bytes, one: Element, value: bytes) -> bytes:
    value += b" " * (len(value) % 2)
    length = struct.pack("<I", len(value)) if one.wide else struct.pack("<H", len(value) & 0xFFFF)
    return data[: one.length_at] + length + value + data[one.end :]
