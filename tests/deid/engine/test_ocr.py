"""Lines that were cut out are read, and their words stand at their places in the source."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import ocr, tesseract_library, tesseract_process
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from tests.deid.engine.screens import dark, speckle, written


def crop(words: str, x: int = 40, y: int = 90) -> Crop:
    image = written(dark(), words, 20, 40)[15:55, 10:180].max(axis=2)
    line = Text(x=x + 10, y=y + 10, w=100, h=14, first_frame=2, last_frame=5)
    return Crop(line=line, image=np.ascontiguousarray(image), x=x, y=y)


def test_each_crop_is_read_by_itself_with_the_frames_of_its_line() -> None:
    first, second = ocr.read_crops([crop("SMITH"), crop("5.28", x=150, y=10)], seconds=30)

    assert (first.words, second.words) == ("SMITH", "5.28")
    assert (first.first_frame, first.last_frame) == (2, 5)
    assert abs(first.x - 50) <= 3
    assert abs(second.x - 160) <= 3


def test_signs_between_words_are_words_and_no_word_reaches_into_the_next() -> None:
    image = np.ascontiguousarray(written(dark(), "HC = 5.2 cm", 20, 40)[15:55, 10:240].max(axis=2))
    line = Text(x=20, y=20, w=180, h=14, first_frame=0, last_frame=0)
    words = ocr.read_crops([Crop(line=line, image=image, x=10, y=15)], seconds=30)

    assert "".join(word.words for word in words) == "HC=5.2cm"
    assert all(one.x + one.w <= two.x + 1 for one, two in pairwise(words))


@pytest.mark.parametrize("size", [9, 11, 13])
def test_small_print_over_speckle_is_read(size: int) -> None:
    picture = speckle(3).max(axis=2)
    page = Image.fromarray(picture)
    font = ImageFont.load_default(size * 1.35)
    ImageDraw.Draw(page).text((60, 100), "Placenta 12.4 mm", fill=250, font=font)
    line = Text(x=56, y=98, w=130, h=size + 8, first_frame=0, last_frame=0)
    crop = Crop(line=line, image=np.asarray(page)[92:128, 50:220].copy(), x=50, y=92)

    assert "Placenta" in [word.words for word in ocr.read_crops([crop], seconds=30)]


def test_both_readers_read_the_same_print() -> None:
    for reader in (tesseract_library.read, tesseract_process.read):
        assert [word.words for word in ocr.read_crops([crop("SMITH")], seconds=30, reader=reader)] == ["SMITH"]


def test_words_are_no_taller_than_their_line() -> None:
    def tall(pages: list[np.ndarray], *, seconds: float) -> list[list[Text]]:
        return [[Text(20, 0, 40, page.shape[0], 0, 0, words=f"HC{seconds:.0f}", confidence=90.0)] for page in pages]

    cut = crop("HC")
    (word,) = ocr.read_crops([cut], seconds=3, reader=tall)
    assert word.words == "HC3"
    assert cut.line.y <= word.y
    assert word.y + word.h <= cut.y + cut.image.shape[0] - (cut.line.y - cut.y)
