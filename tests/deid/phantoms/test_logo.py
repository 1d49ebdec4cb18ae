"""The demo clinic's mark."""

import io

import numpy as np
from PIL import Image

from deid.phantoms.logo import paint_logo


def test_the_mark_is_a_transparent_png_in_one_ink() -> None:
    image = Image.open(io.BytesIO(paint_logo(96, (248, 239, 224))))
    pixels = np.asarray(image)
    assert image.format == "PNG"
    assert image.size == (96, 96)
    assert (pixels[pixels[..., 3] == 255][:, :3] == (248, 239, 224)).all()
    assert 0.15 < (pixels[..., 3] > 128).mean() < 0.6
