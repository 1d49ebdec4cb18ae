"""The reader gives words with their places in the source, for single lines and for whole pages."""

import numpy as np
import pytesseract
import pytest

from deid.engine import ocr
from deid.engine.errors import Held, HoldReason
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from tests.deid.engine.screens import dark, written


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


def test_page_is_read_in_its_own_pixels() -> None:
    (word,) = ocr.read_page(written(dark(), "SMITH").max(axis=2), scale=2.0, seconds=30)

    assert word.words == "SMITH"
    assert abs(word.x - 60) <= 4
    assert abs(word.y - 106) <= 4


def test_nothing_to_read_starts_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")

    assert ocr.read_crops([], seconds=30) == []


def test_missing_reader_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")

    with pytest.raises(Held) as caught:
        ocr.read_crops([crop("SMITH")], seconds=30)
    assert caught.value.reason is HoldReason.OCR_MISSING


def test_slow_reader_is_held() -> None:
    with pytest.raises(Held) as caught:
        ocr.read_page(dark()[:, :, 0], scale=2.0, seconds=0.001)
    assert caught.value.reason is HoldReason.OCR_FAILED
