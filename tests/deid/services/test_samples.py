"""A brand is tried out on a painted picture, by the engine itself."""

import io

import numpy as np
from PIL import Image

from deid.engine.formats import Format
from deid.services.samples import sample
from tests.factories.renders import BRAND


def test_the_sample_shows_the_brands_colour_and_the_painted_picture() -> None:
    made = sample(Format.SQUARE, BRAND)
    with Image.open(io.BytesIO(made.data)) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert pixels.shape == (1080, 1080, 3)
    assert np.abs(pixels[5, 5] - (0x1F, 0x4E, 0x5F)).max() < 6
    assert pixels[600:900, 300:800].std() > 20
