"""A brand is tried out on a painted picture, by the engine itself."""

import io
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from deid.engine.formats import STILLS, Format, Render
from deid.services import samples
from tests.factories.renders import BRAND

RED = (200, 0, 0)


def red_logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), RED).save(out, format="PNG")
    return out.getvalue()


def pixels_of(made: Render) -> npt.NDArray[np.int_]:
    with Image.open(io.BytesIO(made.data)) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def reddish(made: Render) -> int:
    return int((np.abs(pixels_of(made) - RED).max(axis=2) < 40).sum())


def test_the_samples_show_the_brands_colour_and_the_painted_picture() -> None:
    made = {one.format: one for one in samples.of_brand(BRAND)}
    assert set(made) == set(STILLS)
    pixels = pixels_of(made[Format.SQUARE])
    assert pixels.shape == (1080, 1080, 3)
    assert np.abs(pixels[5, 5] - (0x1F, 0x4E, 0x5F)).max() < 6
    assert pixels[600:900, 300:800].std() > 20


def test_a_logo_stands_in_every_format() -> None:
    assert not any(map(reddish, samples.of_brand(replace(BRAND, logo=None))))
    assert all(map(reddish, samples.of_brand(replace(BRAND, logo=red_logo()))))
