"""Small real pictures and films, painted here."""

import io
import struct
from functools import cache

import av
import numpy as np
from PIL import Image, ImageDraw

SIDES = (320, 240)


@cache
def painted(format_: str, seed: int = 0) -> bytes:
    """Return a small picture of a grey sector as PNG or JPEG bytes; another seed gives other bytes."""
    image = Image.new("RGB", SIDES, (8, 8, 10))
    pen = ImageDraw.Draw(image)
    pen.pieslice((40, -80, 280, 200), 45, 135, fill=(70 + seed % 40, 70, 72))
    pen.ellipse((120, 90 + seed % 20, 200, 150), fill=(20, 20, 22), outline=(150, 150, 150))
    pen.rectangle((0, 212, 320, 240), fill=(74, 51, 64))
    stream = io.BytesIO()
    image.save(stream, format_)
    return stream.getvalue()


@cache
def film(padding: int = 0) -> bytes:
    """Return a short H.264 film as MP4 bytes, with a `free` box of `padding` bytes at its end (ISO/IEC 14496-12)."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = *SIDES, "yuv420p"
        for number in range(6):
            picture = np.full((SIDES[1], SIDES[0], 3), 30 + 10 * number, dtype=np.uint8)
            for packet in track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in track.encode(None):
            container.mux(packet)
    return stream.getvalue() + struct.pack(">I4s", padding + 8, b"free") + bytes(padding)
