"""Films that are coded as one stream inside DICOM, in MPEG-2, H.264 or HEVC: their pictures, one at a time.

Nothing but the pictures is read: sound, titles, messages to the decoder and whatever else lies round them stay behind
(PS3.5 8.2.5 to 8.2.11 and annex A.4.5 to A.4.8).
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange
from pydicom import Dataset
from pydicom.encaps import generate_fragmented_frames
from pydicom.uid import (
    HEVCM10P51,
    HEVCMP51,
    MPEG2MPHL,
    MPEG2MPHLF,
    MPEG2MPML,
    MPEG2MPMLF,
    MPEG4HP41,
    MPEG4HP41BD,
    MPEG4HP41BDF,
    MPEG4HP41F,
    MPEG4HP422D,
    MPEG4HP422DF,
    MPEG4HP423D,
    MPEG4HP423DF,
    UID,
)

Pixels = npt.NDArray[np.uint8]

# streams of two views that are coded together are none of these: only one of the views would be looked at
_CODECS = {
    **dict.fromkeys((MPEG2MPML, MPEG2MPMLF, MPEG2MPHL, MPEG2MPHLF), "mpeg2video"),
    **dict.fromkeys((MPEG4HP41, MPEG4HP41F, MPEG4HP41BD, MPEG4HP41BDF), "h264"),
    **dict.fromkeys((MPEG4HP422D, MPEG4HP422DF, MPEG4HP423D, MPEG4HP423DF), "h264"),
    **dict.fromkeys((HEVCMP51, HEVCM10P51), "hevc"),
}
_FRAGMENTABLE = frozenset({MPEG2MPMLF, MPEG2MPHLF, MPEG4HP41F, MPEG4HP41BDF, MPEG4HP422DF, MPEG4HP423DF})
_BARE = {"mpeg2video": "mpegvideo", "h264": "h264", "hevc": "hevc"}
_BARE_STARTS = (b"\0\0\1", b"\0\0\0\1")
_PROGRAM = b"\0\0\1\xba"
# where the sign of a transport stream's packets stands, by itself or behind the time that discs have (ISO/IEC 13818-1)
_SIGN, _PACKETS = 0x47, ((0, 188), (4, 192))
# how samples lie in memory
_FULL_SAMPLES, _DEEP_SAMPLES = "yuvj420p", "yuv420p10le"
_SAMPLES = frozenset({"yuv420p", _FULL_SAMPLES, _DEEP_SAMPLES})
# the parts of red and blue in Y by the matrix's number (ITU-T H.273 table 4); where nothing is said PS3.3 C.7.6.3.1.2
_UNSAID = 6
_WEIGHTS = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 6: (0.299, 0.114), 7: (0.212, 0.087), 9: (0.2627, 0.0593)}
DEEPEST = 10
"""The most bits that a sample may have (HEVC, PS3.5 8.2.11)."""
_BLOCK = 64


def is_video(syntax: UID) -> bool:
    """Say whether frames of that transfer syntax are one stream that is read here."""
    return syntax in _CODECS


def pictures(dataset: Dataset, indices: Sequence[int] | None = None) -> Iterator[Pixels]:
    """Yield the pictures, those of `indices` (rising) or all, as `uint8` (rows, columns, 3) in RGB.

    Their colours are what the stream says, and where it says nothing those of PS3.3 C.7.6.3.1.2 (YBR_PARTIAL_420).
    Raises ValueError where the stream is not what the header says, is damaged, or has more pictures than the header.
    """
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    count = int(dataset.get("NumberOfFrames", None) or 1)
    try:
        with _opened(dataset) as (film, stream):
            for number, frame in enumerate(film.decode(stream)):
                same = (frame.height, frame.width) == (rows, columns) and rows % 2 == columns % 2 == 0
                if number == count or frame.is_corrupt or not same:
                    raise ValueError("the stream is another than the header tells of")
                if indices is None or number in indices:
                    yield in_rgb(frame)
    except av.FFmpegError as error:
        raise ValueError("the stream cannot be read") from error


def in_rgb(frame: av.VideoFrame) -> Pixels:
    """Return a decoded picture of even size as `uint8` (rows, columns, 3) in RGB.

    Each colour stands for its four pixels, so that it is the same again when the picture is coded anew; FFmpeg's own
    way to RGB would darken each coding by a tone. Raises ValueError for other samples than the syntaxes have.
    """
    if frame.format.name not in _SAMPLES:
        raise ValueError("the stream has other samples than its syntax")
    full = frame.color_range == ColorRange.JPEG or frame.format.name == _FULL_SAMPLES
    eight = frame.reformat(format="yuv420p") if frame.format.name == _DEEP_SAMPLES else frame
    planes = np.asarray(eight.to_ndarray(), dtype=np.uint8)
    red, blue = _WEIGHTS.get(int(frame.colorspace), _WEIGHTS[_UNSAID])
    if (red, blue) == _WEIGHTS[_UNSAID] and not full:
        return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420), dtype=np.uint8)
    return np.asarray(cv2.transform(_samples(planes, frame.height), _matrix(red, blue, full=full)), dtype=np.uint8)


def _samples(planes: Pixels, rows: int) -> Pixels:
    """Return planes as they lie in memory, the colours' at half the size, as (rows, columns, 3) in Y, Cb and Cr."""
    columns = planes.shape[1]
    halves = planes[rows:].reshape(2, rows // 2, columns // 2)
    wide = [cv2.resize(half, (columns, rows), interpolation=cv2.INTER_NEAREST) for half in halves]
    return np.asarray(cv2.merge([planes[:rows], *wide]), dtype=np.uint8)


def _matrix(red: float, blue: float, *, full: bool) -> npt.NDArray[np.float64]:
    """Return what makes RGB of (Y, Cb, Cr, 1); `red` and `blue` are their parts in Y (ITU-T H.273 8.3)."""
    light, tint, black = (1.0, 2.0, 0.0) if full else (255 / 219, 2 * 255 / 224, 16.0)
    green = 1 - red - blue
    rows = np.array(
        [
            [light, 0.0, tint * (1 - red)],
            [light, -tint * (1 - blue) * blue / green, -tint * (1 - red) * red / green],
            [light, tint * (1 - blue), 0.0],
        ]
    )
    return np.hstack([rows, -rows @ np.array([[black], [128.0], [128.0]])])


def largest_picture(dataset: Dataset) -> int:
    """Return how many bytes the largest coded picture has; raises ValueError as `pictures` does."""
    try:
        with _opened(dataset) as (film, stream):
            return max((packet.size for packet in film.demux(stream)), default=0)
    except av.FFmpegError as error:
        raise ValueError("the stream cannot be read") from error


@contextmanager
def _opened(dataset: Dataset) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    coded = _stream(dataset.PixelData, fragmentable=syntax in _FRAGMENTABLE)
    with av.open(io.BytesIO(coded), "r", format=_format(coded, _CODECS[syntax])) as film:
        if len(film.streams.video) != 1 or film.streams.video[0].codec_context.name != _CODECS[syntax]:
            raise ValueError("the stream is coded in another way than the header tells of")
        stream = film.streams.video[0]
        stream.codec_context.thread_count = 1
        # whole blocks, the largest of HEVC's, since sizes are cut to the picture only after decoding
        across, down = (_BLOCK * -(-int(size) // _BLOCK) for size in (dataset.Columns, dataset.Rows))
        stream.codec_context.options = {"err_detect": "explode", "max_pixels": str(across * down)}
        yield film, stream


def _stream(data: bytes, *, fragmentable: bool) -> bytes:
    """Return the one stream; only some syntaxes may have it in several fragments (PS3.5 table A.4-1)."""
    fragments = next(generate_fragmented_frames(data, number_of_frames=1))
    if len(fragments) > 1 and not fragmentable:
        raise ValueError("the stream is in more fragments than its syntax has")
    return b"".join(fragments)


def _format(coded: bytes, codec: str) -> str:
    """Return what the stream lies in; FFmpeg is never left to guess."""
    if coded[4:8] == b"ftyp":
        return "mp4"
    if any(coded[first : first + size + 1 : size] == bytes((_SIGN, _SIGN)) for first, size in _PACKETS):
        return "mpegts"
    if coded.startswith(_PROGRAM):
        return "mpeg"
    if coded.startswith(_BARE_STARTS):
        return _BARE[codec]
    raise ValueError("the stream lies in nothing that is known")
