"""How the frames of the master are coded: in the family of the source, so that loss and size stay what they were."""

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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

from deid.engine import video
from deid.engine.frames import Shape
from deid.engine.palettes import Palette
from deid.engine.video_coding import METHOD, PHOTOMETRIC, VideoCoding

Pixels = npt.NDArray[np.uint8]
Encode = Callable[[Pixels], bytes]
# the encoders' options are of any type
Options = dict[str, Any]

_HTJ2K = UID("1.2.840.10008.1.2.4.203")
_FAMILIES = {
    RLELossless: RLELossless,
    JPEGBaseline8Bit: JPEGBaseline8Bit,
    JPEGExtended12Bit: JPEGBaseline8Bit,
    JPEGLSNearLossless: JPEGLSNearLossless,
    JPEG2000Lossless: JPEG2000Lossless,
    HTJ2KLossless: JPEG2000Lossless,
    HTJ2KLosslessRPCL: JPEG2000Lossless,
    JPEG2000: JPEG2000,
    _HTJ2K: JPEG2000,
}
# PS3.3 C.7.6.1.1.5.1
_METHODS = {JPEGBaseline8Bit: "ISO_10918_1", JPEGLSNearLossless: "ISO_14495_1", JPEG2000: "ISO_15444_1"}
_QUALITY = 92
# uncompressed pixels stay so up to this many bytes
_LARGEST = 320 * 1024 * 1024
# so many times the source's room may be taken; a header of a few hundred bytes comes on top
_GROWTH = 1.15
# colours that are written as they were read; even planes of YBR become uneven ones
_SAME_COLOURS = frozenset({"MONOCHROME1", "MONOCHROME2", "RGB"})
# the multi-frame captures that the header may name have no palettes (PS3.3 A.8)
_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
# codes are fitted to JPEG frames of so few bytes, of which the usual tables would be a large part
_SMALL = 32 * 1024
_FULL, _HALF = 0, 1
# lengths of the first code table of ISO/IEC 10918-1 annex K.3; an encoder that has others made its own
_USUAL_CODES = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1))
_SCAN_HEADER = b"\xff\xda"


@dataclass(frozen=True, slots=True)
class Coding:
    """How one master is coded: `encode` takes frames (rows, columns) or (rows, columns, 3), `uint8`, RGB.

    `photometric` and `planar` describe what `encode` returns; `method` is None where the coding loses nothing. With a
    `palette` frames are written in its colours; with a `film` they are one stream, which it gives in the end.
    """

    syntax: UID
    photometric: str
    planar: int
    method: str | None
    encode: Encode = field(compare=False)
    palette: Palette | None = field(default=None, compare=False)
    film: VideoCoding | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a baseline JPEG is made: quantisation tables, subsampling, and whether codes are fitted to each picture."""

    tables: list[list[int]] | None
    sampling: int
    fitted: bool


def coding_for(source: Dataset, shape: Shape, *, grey: bool, trial: Callable[[], Sequence[Pixels]] = tuple) -> Coding:
    """Choose the coding for cleaned frames of `source`: lossless where the source is, and not much larger.

    A JPEG source's own tables are used again, so that pixels nobody changed hardly change and take as much room; so are
    a palette's colours. Where planes or coding must become others, `trial` gives some frames (rows, columns, 3) on
    which the possible codings are tried. Raises as the decoders do where a coded frame cannot be taken apart, and
    Held(UNKNOWN_SYNTAX) for one stream that is larger than such may be written.
    """
    if video.is_video(UID(source.file_meta.TransferSyntaxUID)):
        film = VideoCoding(source, shape)
        return Coding(film.syntax, PHOTOMETRIC, 0, METHOD, film.encode, film=film)
    palette = None if grey else _palette(source, shape)
    syntax, *others = _possible(source, shape, planes=1 if grey or palette else 3, palette=palette is not None)
    chosen = _made(syntax, source, shape, grey=grey or palette is not None)
    chosen = chosen if palette is None else _indexed(chosen, palette)
    tried = [np.ascontiguousarray(frame[:, :, 0] if grey else frame) for frame in (trial() if others else ())]
    most = _GROWTH * len(source.PixelData) * len(tried) / shape.count
    least = _size(chosen, tried)
    for other in others if tried and least > most else ():
        made = _made(other, source, shape, grey=grey)
        size = _size(made, tried)
        chosen, least = (made, size) if size < least else (chosen, least)
        if least <= most:
            break
    return chosen


def _size(coding: Coding, frames: Sequence[Pixels]) -> int:
    return sum(len(coding.encode(frame)) for frame in frames)


def _made(syntax: UID, source: Dataset, shape: Shape, *, grey: bool) -> Coding:
    encode: Encode
    if syntax == ExplicitVRLittleEndian:
        colour, encode = "RGB", _raw
    elif syntax == RLELossless:
        colour, encode = "RGB", _rle
    elif syntax == JPEGBaseline8Bit:
        way = _way(source, shape)
        colour = "YBR_FULL" if way.sampling == _FULL else "YBR_FULL_422"
        encode = partial(_jpeg, way=way)
    else:
        colour = {JPEG2000: "YBR_ICT", JPEG2000Lossless: "YBR_RCT"}.get(syntax, "RGB")
        options = _options(syntax, source, shape, grey=grey)
        encode = partial(_plugged, syntax=syntax, photometric="MONOCHROME2" if grey else colour, options=options)
    return Coding(
        syntax=syntax,
        photometric="MONOCHROME2" if grey else colour,
        planar=1 if syntax == RLELossless else 0,
        method=_METHODS.get(syntax),
        encode=encode,
    )


def _palette(source: Dataset, shape: Shape) -> Palette | None:
    """Return the palette that a lossless source's frames can be written in again, if they can."""
    lossy = _FAMILIES.get(UID(source.file_meta.TransferSyntaxUID)) in _METHODS
    capture = str(source.get("SOPClassUID", "")).startswith(_CAPTURE)
    return None if lossy or (capture and shape.count > 1) else Palette.of(source)


def _indexed(plain: Coding, palette: Palette) -> Coding:
    """Return the coding of a single plane as one of indices; every lossless one may hold them (PS3.5 8.2)."""
    return replace(
        plain,
        photometric="PALETTE COLOR",
        planar=0,
        encode=lambda frame: plain.encode(palette.indices(frame)),
        palette=palette,
    )


def _possible(source: Dataset, shape: Shape, *, planes: int, palette: bool) -> tuple[UID, ...]:
    """Return the transfer syntaxes that the frames may be written in, the best liked one first."""
    syntax = UID(source.file_meta.TransferSyntaxUID)
    if not syntax.is_encapsulated:
        size = shape.rows * shape.columns * shape.count * planes
        if size <= _LARGEST and size <= _GROWTH * len(source.PixelData):
            return (ExplicitVRLittleEndian,)
        return RLELossless, JPEGLSLossless, JPEG2000Lossless
    family = _FAMILIES.get(syntax, JPEGLSLossless)
    if palette:
        return family, JPEGLSLossless, JPEG2000Lossless
    if family == JPEG2000 and str(source.get("LossyImageCompression", "") or "") == "00":
        return (JPEG2000Lossless,)
    if family not in (RLELossless, JPEGLSLossless) or str(source.PhotometricInterpretation) in _SAME_COLOURS:
        return (family,)
    return JPEGLSLossless, JPEG2000Lossless


def _options(syntax: UID, source: Dataset, shape: Shape, *, grey: bool) -> Options:
    """Return how much may be lost: as much room as the source took, or as much as each of its samples may be off."""
    if syntax == JPEG2000:
        raw_size = shape.rows * shape.columns * shape.count * (1 if grey else 3)
        return {"j2k_cr": [max(1.0, raw_size / len(source.PixelData))]}
    if syntax == JPEGLSNearLossless:
        coded = _first_frame(source, shape)
        # components are listed before NEAR (ISO/IEC 14495-1 C.2.3)
        start = coded.index(_SCAN_HEADER) + 4
        return {"jls_error": coded[start + 1 + 2 * coded[start]]}
    return {}


def _first_frame(source: Dataset, shape: Shape) -> bytes:
    return next(generate_frames(source.PixelData, number_of_frames=shape.count))


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


def _jpeg(frame: Pixels, *, way: _Way) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(frame)
    if way.tables is None:
        picture.save(buffer, "JPEG", quality=_QUALITY, subsampling=way.sampling, optimize=way.fitted)
    else:
        picture.save(buffer, "JPEG", qtables=way.tables, subsampling=way.sampling, optimize=way.fitted)
    return buffer.getvalue()


def _way(source: Dataset, shape: Shape) -> _Way:
    coded = _first_frame(source, shape)
    with Image.open(io.BytesIO(coded), formats=("JPEG",)) as image:
        sampling = JpegImagePlugin.get_sampling(image) if image.mode == "RGB" else _FULL
        tables = [list(table) for _, table in sorted(image.quantization.items())]  # type: ignore[attr-defined]
    usable = 1 <= len(tables) <= 3 and all(1 <= step <= 255 for table in tables for step in table)
    return _Way(
        tables=tables if usable else None,
        sampling=sampling if sampling in (0, 1, 2) else _HALF,
        fitted=len(coded) <= _SMALL or _USUAL_CODES not in coded[: coded.find(_SCAN_HEADER)],
    )


def _plugged(frame: Pixels, *, syntax: UID, photometric: str, options: Options) -> bytes:
    rows, columns = frame.shape[:2]
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
