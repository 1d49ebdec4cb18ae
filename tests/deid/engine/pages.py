"""Pages as readers take them: one line of ink on white."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont


def page(words: str) -> np.ndarray:
    """Return a page, uint8 (44, 300), with `words` beginning at 10, 10."""
    image = Image.new("L", (300, 44), 255)
    ImageDraw.Draw(image).text((10, 10), words, fill=0, font=ImageFont.load_default(24))
    return np.asarray(image)
