"""Makes small output files of each kind, as the engine writes them, with a text planted where asked."""

from io import BytesIO

import av
import numpy as np
from PIL import Image, PngImagePlugin
from pydicom import Dataset

from deid.engine import identifiers, tags
from deid.engine.disclosure import STRICTEST

SHAPE = (48, 64, 3)


def header(source: Dataset) -> Dataset:
    """Return the clean header of a source whose pixels passed, without the pixels."""
    return tags.deidentify(
        source,
        known=identifiers.of(source),
        disclosure=STRICTEST,
        secret=b"the tests' own",
        burned_in_clean=True,
    )


def noise(seed: int = 7, shape: tuple[int, int, int] = SHAPE) -> np.ndarray:
    """Return reproducible speckle, uint8."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def png(*, text: str = "", compressed: bool = False) -> bytes:
    """Return a PNG of noise, with a text chunk where `text` is given."""
    info = PngImagePlugin.PngInfo()
    if text:
        info.add_text("Comment", text, zip=compressed)
    buffer = BytesIO()
    Image.fromarray(noise()).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def jpeg(*, comment: bytes = b"", quality: int = 90) -> bytes:
    """Return a JPEG of noise, with a comment segment where `comment` is given."""
    buffer = BytesIO()
    Image.fromarray(noise()).save(buffer, "JPEG", quality=quality, comment=comment)
    return buffer.getvalue()


def mp4(*, title: str = "") -> bytes:
    """Return an H.264 film of ten noisy frames, with a title where given."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as film:
        if title:
            film.metadata["title"] = title
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for seed in range(10):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(noise(seed), format="rgb24")))
        film.mux(stream.encode())
    return buffer.getvalue()
