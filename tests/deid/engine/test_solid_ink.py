"""Words in solid ink are read over speckle in which other readers see nothing."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import solid_ink
from deid.engine.reading import Text

ROWS, COLUMNS = 240, 480
KEPT = np.ones((ROWS, COLUMNS), dtype=np.bool_)


def speckle(seed: int) -> npt.NDArray[np.uint8]:
    """Rayleigh speckle with grains up to full brightness."""
    real, imaginary = np.random.default_rng(seed).normal(size=(2, ROWS, COLUMNS))
    return np.asarray(np.clip(np.hypot(real, imaginary) * 45, 0, 255), dtype=np.uint8)


def printed(words: str, seed: int) -> npt.NDArray[np.uint8]:
    image = Image.fromarray(speckle(seed))
    ImageDraw.Draw(image).text((120, 100), words, font=ImageFont.load_default(22), fill=255)
    return np.asarray(image)


def read(luma: npt.NDArray[np.uint8]) -> list[Text]:
    return solid_ink.read(luma, KEPT, seconds=20, matches=lambda _words: False)


@pytest.mark.parametrize(("words", "seed"), [("WINTERBERG", 1), ("Baby Lindqvist", 2), ("FETAL SPINE", 3)])
def test_print_over_speckle_is_read_where_it_stands(words: str, seed: int) -> None:
    found = read(printed(words, seed))
    assert found
    for word in found:
        assert 100 <= word.x <= 320
        assert 90 <= word.y <= 125


@pytest.mark.parametrize("seed", range(4))
def test_bare_speckle_says_nothing(seed: int) -> None:
    assert read(speckle(seed)) == []


def test_nothing_kept_is_nothing_read() -> None:
    assert solid_ink.read(speckle(0), ~KEPT, seconds=20, matches=lambda _words: True) == []


@pytest.mark.parametrize(
    ("words", "confidence", "known", "counts"),
    [
        ("Adler", 65.0, (), True),
        ("Adler", 35.0, (), False),
        ("Adler", 35.0, ("Adler",), True),
        ("224)", 93.0, (), False),
        ("7404167", 55.0, (), True),
        ("we", 80.0, (), False),
        ("cm", 90.0, (), True),
    ],
)
def test_a_word_counts_by_length_confidence_and_whom_it_names(
    words: str, confidence: float, known: tuple[str, ...], counts: bool
) -> None:
    text = Text(0, 0, 40, 12, 0, 0, words=words, confidence=confidence)
    assert solid_ink.counts(text, lambda said: said in known) is counts
