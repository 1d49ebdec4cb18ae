"""Plain pictures and films, as machines export them beside DICOM, made into captures that the engine can read.

A JPEG, PNG or MP4 is known by its first bytes. It names nobody, so it is never clean by itself; what it carries besides
pixels (EXIF, XMP, comments, boxes) is left behind here. Called in the caged child only.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGLSLossless

from deid.engine.errors import Rejected, RejectReason

Pixels = npt.NDArray[np.uint8]

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_FORMATS = {_JPEG: "JPEG", _PNG: "PNG"}
# the brands of ISO/IEC 14496-12 and 14496-14 that cameras and machines write; still pictures in boxes are others
_FILMS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  ", b"3gp4", b"3gp5"}
)
_CODECS = frozenset({"h264", "hevc", "mpeg4", "mjpeg", "mpeg2video"})
_STILL, _FILM = "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.7.4"
MAX_SIDE = 16_384
"""The longest side of a picture; no machine's screen comes near it, and no encoder of films takes more."""
_QUALITY = 95
_USUAL_MILLISECONDS = 40.0
# everything that the two libraries are known to raise for a file that is not what it says
_FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    av.FFmpegError,
)


@dataclass(frozen=True, slots=True)
class Size:
    """Rows, columns and frames, as far as a file's head tells; a film may turn out to have other frames."""

    rows: int
    columns: int
    frames: int


def is_export(head: bytes) -> bool:
    """Say whether a file that begins with `head`, 12 bytes at least, is a plain picture or film."""
    return head.startswith((_JPEG, _PNG)) or (head[4:8] == b"ftyp" and head[8:12] in _FILMS)


def uids(data: bytes) -> tuple[str, str, str]:
    """Return the UIDs of the instance, its series and its study, made of the content: the file has none."""
    digest = hashlib.sha256(data).digest()
    instance, series, study = (
        hashlib.sha256(kind + digest).digest()[:16] for kind in (b"instance", b"series", b"study")
    )
    return _uid(instance), _uid(series), _uid(study)


def _uid(digest: bytes) -> str:
    return f"2.25.{int.from_bytes(digest, 'big')}"


def size_of(data: bytes, *, most: int) -> Size:
    """Return the size without decoding; raises Rejected(DAMAGED).

    Raises Rejected(TOO_LARGE) past `most` pixels a frame or MAX_SIDE a side.
    """
    with _telling():
        if _is_film(data):
            with av.open(io.BytesIO(data), "r", format="mp4") as film:
                stream = _stream(film)
                found = Size(stream.height, stream.width, max(1, stream.frames))
        else:
            with _picture(data) as picture:
                turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
                columns, rows = picture.size[::-1] if turned else picture.size
                found = Size(rows, columns, 1)
    if found.rows < 1 or found.columns < 1:
        raise Rejected(RejectReason.DAMAGED)
    if found.rows * found.columns > most or max(found.rows, found.columns) > MAX_SIDE:
        raise Rejected(RejectReason.TOO_LARGE)
    return found


def wrapped(data: bytes, *, most: int, most_samples: int) -> bytes:
    """Return the picture as a Secondary Capture, a film as a multi-frame one (PS3.3 A.8), with nothing but pixels.

    `most` bounds the pixels of a frame and `most_samples` the samples of all, counted as they are decoded. Raises
    Rejected(TOO_LARGE) and Rejected(DAMAGED).
    """
    size = size_of(data, most=most)
    with _telling():
        return _film(data, size, most_samples) if _is_film(data) else _still(data)


def _is_film(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


@contextmanager
def _telling() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected(RejectReason.TOO_LARGE) from None
    except _FAULTS:
        raise Rejected(RejectReason.DAMAGED) from None


@contextmanager
def _picture(data: bytes) -> Iterator[Image.Image]:
    kind = next(kind for start, kind in _FORMATS.items() if data.startswith(start))
    with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
        yield picture


def _still(data: bytes) -> bytes:
    with _picture(data) as picture:
        plain = "L" if picture.mode in ("1", "L") else "RGB"
        flat = _on_black(picture) if picture.has_transparency_data else picture.convert(plain)
        upright = ImageOps.exif_transpose(flat)
        pixels = np.asarray(upright, dtype=np.uint8)
        if _is_usual(picture):
            return _dicom(data, pixels, [data], UID(JPEGBaseline8Bit), photometric="YBR_FULL_422")
    return _dicom(data, pixels, None, UID(ExplicitVRLittleEndian))


def _is_usual(picture: Image.Image) -> bool:
    """Say whether a JPEG can stay as it is coded: baseline, in colours that any reader knows, and upright."""
    baseline = picture.format == "JPEG" and "progressive" not in picture.info
    marked = "jfif" in picture.info or picture.info.get("adobe_transform") == 1
    return baseline and marked and picture.mode == "RGB" and picture.getexif().get(ExifTags.Base.Orientation, 1) == 1


def _on_black(picture: Image.Image) -> Image.Image:
    """Return the picture without its transparency, under which something may stand: what is seen through is black."""
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, (0, 0, 0, 255)), layer).convert("RGB")


def _film(data: bytes, size: Size, most_samples: int) -> bytes:
    coded: list[bytes] = []
    shown: list[float | None] = []
    with av.open(io.BytesIO(data), "r", format="mp4") as film:
        stream = _stream(film)
        stream.codec_context.thread_count = 1
        for frame in film.decode(stream):
            if (frame.height, frame.width) != (size.rows, size.columns):
                raise Rejected(RejectReason.DAMAGED)
            if 3 * size.rows * size.columns * (len(coded) + 1) > most_samples:
                raise Rejected(RejectReason.TOO_LARGE)
            picture = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
            coded.append(_as_jpeg(picture))
            shown.append(frame.time)
    if not coded:
        raise Rejected(RejectReason.DAMAGED)
    return _dicom(data, picture, coded, UID(JPEGBaseline8Bit), photometric="YBR_FULL", step=_step(shown))


def _stream(film: "av.container.InputContainer") -> "av.VideoStream":
    stream = film.streams.video[0]
    if stream.codec_context.name not in _CODECS:
        raise Rejected(RejectReason.DAMAGED)
    return stream


def _as_jpeg(picture: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    return buffer.getvalue()


def _step(shown: list[float | None]) -> float:
    """Return the milliseconds between frames, as DICOM has them for films of an even rate."""
    times = [time for time in shown if time is not None]
    steps = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    return round(1000 * steps, 3) if steps > 0 else _USUAL_MILLISECONDS


def _dicom(
    data: bytes,
    last: Pixels,
    coded: list[bytes] | None,
    syntax: UID,
    *,
    photometric: str = "",
    step: float | None = None,
) -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = UID(_STILL if step is None else _FILM)
    file = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    file.SOPClassUID = meta.MediaStorageSOPClassUID
    file.SOPInstanceUID, file.SeriesInstanceUID, file.StudyInstanceUID = map(UID, uids(data))
    meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID
    file.Modality, file.ConversionType = "US", "DI"
    file.Rows, file.Columns = last.shape[:2]
    file.SamplesPerPixel = 3 if last.ndim == 3 else 1
    file.PhotometricInterpretation = photometric or ("RGB" if last.ndim == 3 else "MONOCHROME2")
    if last.ndim == 3:
        file.PlanarConfiguration = 0
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit, file.PixelRepresentation = 7, 0
    if step is not None and coded is not None:
        file.NumberOfFrames, file.FrameTime = len(coded), step
    plain = last.tobytes()
    file.PixelData = encapsulate(coded) if coded is not None else plain + bytes(len(plain) % 2)
    file["PixelData"].VR = "OB"
    file["PixelData"].is_undefined_length = coded is not None
    if not data.startswith(_PNG):
        file.LossyImageCompression = "01"
    if coded is None:
        file.compress(JPEGLSLossless, generate_instance_uid=False)
    buffer = io.BytesIO()
    file.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
