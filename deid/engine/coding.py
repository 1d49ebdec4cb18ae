"""How the frames of the master are coded: in the family of the source, so that loss and size stay what they were."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, JpegImagePlugin
from pydicom import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from deid.engine.frames import Shape

Pixels = npt.NDArray[np.uint8]
Encode = Callable[[Pixels], bytes]

_HTJ2K = UID("1.2.840.10008.1.2.4.203")
_FAMILIES = {
    RLELossless: RLELossless,
    JPEGBaseline8Bit: JPEGBaseline8Bit,
    JPEGExtended12Bit: JPEGBaseline8Bit,
    JPEGLSNearLossless: JPEGBaseline8Bit,
    JPEG2000Lossless: JPEG2000Lossless,
    HTJ2KLossless: JPEG2000Lossless,
    HTJ2KLosslessRPCL: JPEG2000Lossless,
    JPEG2000: JPEG2000,
    _HTJ2K: JPEG2000,
}
# PS3.3 C.7.6.1.1.5.1
_METHODS = {JPEGBaseline8Bit: "ISO_10918_1", JPEG2000: "ISO_15444_1"}
_QUALITY = 92
# uncompressed pixels stay so up to this many bytes, and where they grow by no more than this
_LARGEST = 320 * 1024 * 1024
_GROWTH = 1.4
_FULL, _HALF = 0, 1


@dataclass(frozen=True, slots=True)
class Coding:
    """How one master is coded: `encode` takes frames (rows, columns) or (rows, columns, 3), `uint8`, RGB.

    `photometric` and `planar` describe what `encode` returns; `method` is None where the coding loses nothing.
    """

    syntax: UID
    photometric: str
    planar: int
    method: str | None
    encode: Encode = field(compare=False)


def coding_for(source: Dataset, shape: Shape, *, grey: bool) -> Coding:
    """Choose the coding for cleaned frames of `source`, which stays lossless where the source is.

    A JPEG source's own tables are used again, so that pixels nobody changed hardly change and take as much room.
    """
    syntax = _syntax(source, shape, grey=grey)
    encode: Encode
    if syntax == ExplicitVRLittleEndian:
        colour, encode = "RGB", _raw
    elif syntax == RLELossless:
        colour, encode = "RGB", _rle
    elif syntax == JPEGBaseline8Bit:
        tables, sampling = _tables(source, shape)
        colour = "YBR_FULL" if sampling == _FULL else "YBR_FULL_422"
        encode = partial(_jpeg, tables=tables, sampling=sampling)
    else:
        colour = {JPEG2000: "YBR_ICT", JPEG2000Lossless: "YBR_RCT"}.get(syntax, "RGB")
        raw_size = shape.rows * shape.columns * shape.count * (1 if grey else 3)
        ratio = max(1.0, raw_size / len(source.PixelData)) if syntax == JPEG2000 else None
        encode = partial(_plugged, syntax=syntax, photometric="MONOCHROME2" if grey else colour, ratio=ratio)
    return Coding(
        syntax=syntax,
        photometric="MONOCHROME2" if grey else colour,
        planar=1 if syntax == RLELossless else 0,
        method=_METHODS.get(syntax),
        encode=encode,
    )


def _syntax(source: Dataset, shape: Shape, *, grey: bool) -> UID:
    syntax = UID(source.file_meta.TransferSyntaxUID)
    samples = 1 if grey else 3
    if not syntax.is_encapsulated:
        size = shape.rows * shape.columns * shape.count * samples
        small = size <= _LARGEST and size <= _GROWTH * len(source.PixelData)
        return ExplicitVRLittleEndian if small else RLELossless
    family = _FAMILIES.get(syntax, JPEGLSLossless)
    if family == JPEG2000 and str(source.get("LossyImageCompression", "") or "") == "00":
        return JPEG2000Lossless
    # a palette's single plane would become three
    if family == RLELossless and int(source.SamplesPerPixel) != samples:
        return JPEGLSLossless
    return family


def _raw(frame: Pixels) -> bytes:
    return frame.tobytes()


def _rle(frame: Pixels) -> bytes:
    """Return the segments of PS3.5 annex G: each plane's rows packed one by one, as TIFF packs them too."""
    rows, columns = frame.shape[:2]
    planes = np.ascontiguousarray(frame.transpose(2, 0, 1) if frame.ndim == 3 else frame).reshape(-1, columns)
    buffer = io.BytesIO()
    Image.fromarray(planes).save(buffer, "TIFF", compression="packbits", strip_size=rows * columns)
    with Image.open(buffer, formats=("TIFF",)) as tiff:
        places = zip(tiff.tag_v2[273], tiff.tag_v2[279], strict=True)  # type: ignore[attr-defined]
    data = buffer.getvalue()
    segments = [data[start : start + size] + b"\0" * (size % 2) for start, size in places]
    starts = [64 + sum(map(len, segments[:number])) for number in range(len(segments))]
    return struct.pack("<16L", len(segments), *starts, *[0] * (15 - len(starts))) + b"".join(segments)


def _jpeg(frame: Pixels, *, tables: list[list[int]] | None, sampling: int) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(frame)
    if tables is None:
        picture.save(buffer, "JPEG", quality=_QUALITY, subsampling=sampling)
    else:
        picture.save(buffer, "JPEG", qtables=tables, subsampling=sampling)
    return buffer.getvalue()


def _tables(source: Dataset, shape: Shape) -> tuple[list[list[int]] | None, int]:
    """Return the quantisation tables and the subsampling of a baseline JPEG source, else none and 4:2:2."""
    if source.file_meta.TransferSyntaxUID != JPEGBaseline8Bit:
        return None, _HALF
    coded = next(generate_frames(source.PixelData, number_of_frames=shape.count))
    with Image.open(io.BytesIO(coded), formats=("JPEG",)) as image:
        sampling = JpegImagePlugin.get_sampling(image) if image.mode == "RGB" else _FULL
        tables = [list(table) for _, table in sorted(image.quantization.items())]  # type: ignore[attr-defined]
    usable = 1 <= len(tables) <= 3 and all(1 <= step <= 255 for table in tables for step in table)
    return (tables if usable else None), (sampling if sampling in (0, 1, 2) else _HALF)


def _plugged(frame: Pixels, *, syntax: UID, photometric: str, ratio: float | None) -> bytes:
    rows, columns = frame.shape[:2]
    # the encoders' options are of any type
    options: dict[str, Any] = {} if ratio is None else {"j2k_cr": [ratio]}
    return get_encoder(syntax).encode(
        frame,
        rows=rows,
        columns=columns,
        samples_per_pixel=1 if frame.ndim == 2 else 3,
        photometric_interpretation=photometric,
        number_of_frames=1,
        bits_allocated=8,
        bits_stored=8,
        pixel_representation=0,
        planar_configuration=0,
        **options,
    )
