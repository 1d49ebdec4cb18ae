"""Makes films as one stream of MPEG-2, H.264 or HEVC, and puts them into invented ultrasound objects."""

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import Colorspace
from pydicom import Dataset
from pydicom.encaps import encapsulate
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

from tests.deid.engine.headers import US_MULTIFRAME, ultrasound, written

RATE = 25
ENCODERS = {
    **dict.fromkeys((MPEG2MPML, MPEG2MPMLF, MPEG2MPHL, MPEG2MPHLF), "mpeg2video"),
    **dict.fromkeys((MPEG4HP41, MPEG4HP41F, MPEG4HP41BD, MPEG4HP41BDF), "libx264"),
    **dict.fromkeys((MPEG4HP422D, MPEG4HP422DF, MPEG4HP423D, MPEG4HP423DF), "libx264"),
    **dict.fromkeys((HEVCMP51, HEVCM10P51), "libx265"),
}
FRAGMENTABLE = (MPEG2MPMLF, MPEG2MPHLF, MPEG4HP41F, MPEG4HP41BDF, MPEG4HP422DF, MPEG4HP423DF)
"""The syntaxes whose stream may be in several fragments (PS3.5 annex A.4)."""
USUAL = {"libx264": "mp4", "libx265": "mpegts", "mpeg2video": "mp4"}
"""What a stream lies in; FFmpeg refuses half of the streams that x265 makes of a few pictures for its MP4."""
_OPTIONS = {
    "libx264": {"crf": "10", "preset": "veryfast"},
    "libx265": {"crf": "8", "preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "mpeg2video": {"qmin": "1", "qmax": "2", "b": "20M"},
}


def stream(
    pictures: Sequence[np.ndarray],
    codec: str = "libx264",
    *,
    lies_in: str = "",
    sound: bool = False,
    colours: tuple[Colorspace, str] = (Colorspace.ITU601, "tv"),
    samples: str = "yuv420p",
    **options: str,
) -> bytes:
    """Return RGB pictures as a film, without or with a track of silence; `colours` names its matrix and its range."""
    matrix, span = colours
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=lies_in or USUAL[codec]) as film:
        film.metadata["title"] = "Mustermann^Erika"
        track = film.add_stream(codec, rate=RATE)
        track.height, track.width = pictures[0].shape[:2]
        track.pix_fmt = samples
        track.codec_context.thread_count = 1
        names = {Colorspace.ITU601: "smpte170m", Colorspace.ITU709: "bt709"}
        track.options = _OPTIONS[codec] | {"colorspace": names[matrix], "color_range": span} | options
        if sound:
            _add_silence(film, seconds=len(pictures) / RATE)
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            film.mux(
                track.encode(
                    frame.reformat(
                        format=samples, dst_colorspace=matrix, dst_color_range={"tv": "MPEG", "pc": "JPEG"}[span]
                    )
                )
            )
        film.mux(track.encode(None))
    return buffer.getvalue()


def _add_silence(film: "av.container.OutputContainer", *, seconds: float) -> None:
    track = film.add_stream("aac", rate=44_100, layout="mono")
    for number in range(max(1, round(seconds * 44_100 / 1024))):
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate, silence.pts, silence.time_base = 44_100, number * 1024, Fraction(1, 44_100)
        film.mux(track.encode(silence))
    film.mux(track.encode(None))


def instance(coded: bytes, picture: np.ndarray, count: int, syntax: UID = MPEG4HP41, **changes: object) -> Dataset:
    """Return an invented film of `count` frames as large as `picture`, whose one stream is `coded`."""
    rows, columns = picture.shape[:2]
    deep = syntax == HEVCM10P51
    values: dict[str, object] = {
        "SOPClassUID": US_MULTIFRAME,
        "Rows": rows,
        "Columns": columns,
        "NumberOfFrames": count,
        "FrameTime": 1000 / RATE,
        "SamplesPerPixel": 3,
        "PhotometricInterpretation": "YBR_PARTIAL_420",
        "PlanarConfiguration": 0,
        "BitsAllocated": 16 if deep else 8,
        "BitsStored": 10 if deep else 8,
        "HighBit": 9 if deep else 7,
        "LossyImageCompression": "01",
    }
    if "PixelData" not in changes:
        values["PixelData"] = encapsulate([coded], has_bot=False)
    dataset = ultrasound(**(values | changes))
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def file(coded: bytes, picture: np.ndarray, count: int, syntax: UID = MPEG4HP41, **changes: object) -> bytes:
    """Return `instance` as a file."""
    return written(instance(coded, picture, count, syntax, **changes))
