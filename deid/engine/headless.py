"""Completes DICOM that was stored without its first part, where the rest proves how it is written.

Some archives keep bare data sets, without preamble or without File Meta Information (PS3.10 section 7.1). Nothing is
guessed: the first element shows the representation, and only uncompressed little endian pixels whose length is what the
header says are believed, since nothing tells of a coding.
"""

import struct

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from deid.engine.errors import Rejected, RejectReason

MAGIC = b"DICM"
START = 128
_META_GROUP = b"\x02\x00\x00\x00UL\x04\x00"
# (0008,0000) to (0008,0018): what a data set of a picture begins with, the length of its group or one of its first ones
_FIRST = frozenset(struct.pack("<HH", 0x0008, element) for element in (0x0000, 0x0005, 0x0008, 0x0012, 0x0016, 0x0018))
_REPRESENTATIONS = frozenset({b"UL", b"CS", b"DA", b"UI"})
_LONGEST_FIRST = 256


def has_start(data: bytes) -> bool:
    """Say whether preamble and magic are there (PS3.10 section 7.1)."""
    return data[START : START + 4] == MAGIC


def is_headless(data: bytes) -> bool:
    """Say whether bytes, of which 132 are enough, begin as DICOM does without its preamble or its meta information."""
    return not has_start(data) and (data.startswith((MAGIC + b"\x02\x00", _META_GROUP)) or _is_bare(data))


def completed(data: bytes) -> bytes:
    """Return a file with preamble and meta information; what is whole, or no DICOM at all, stays as it is."""
    if not is_headless(data):
        return data
    if data.startswith(MAGIC):
        return bytes(START) + data
    if data.startswith(_META_GROUP):
        return bytes(START) + MAGIC + data
    syntax = ExplicitVRLittleEndian if data[4:6] in _REPRESENTATIONS else ImplicitVRLittleEndian
    value = syntax.encode("ascii") + b"\0" * (len(syntax) % 2)
    return bytes(START) + MAGIC + b"\x02\x00\x10\x00UI" + struct.pack("<H", len(value)) + value + data


def check_pixels(dataset: Dataset) -> None:
    """Raise Rejected(NO_META) unless the pixels of a bare data set are uncompressed and as many as it says.

    `dataset` has been through every other check, so its sizes are numbers.
    """
    pixels = dataset.get_item("PixelData")
    bits = dataset.get("BitsAllocated", None)
    if pixels is None or not isinstance(pixels.value, bytes) or bits not in (8, 16):
        raise Rejected(RejectReason.NO_META)
    halved = str(dataset.get("PhotometricInterpretation", "")) == "YBR_FULL_422"
    samples = 2 if halved else int(dataset.get("SamplesPerPixel", None) or 1)
    expected = dataset.Rows * dataset.Columns * samples * (bits // 8) * int(dataset.get("NumberOfFrames", None) or 1)
    if len(pixels.value) != expected + expected % 2:
        raise Rejected(RejectReason.NO_META)


def is_bare(data: bytes) -> bool:
    """Say whether a data set stands there without meta information, so that its pixels have to prove it."""
    return not has_start(data) and _is_bare(data)


def _is_bare(data: bytes) -> bool:
    if data[:4] not in _FIRST or len(data) < 8:
        return False
    return data[4:6] in _REPRESENTATIONS or struct.unpack_from("<I", data, 4)[0] <= _LONGEST_FIRST
