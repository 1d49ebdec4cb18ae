"""Text in the kept pixels of a picture is found and read; speckle is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import detector, text_detection
from deid.engine.reading import Text
from deid.engine.text_detection import Scene
from tests.deid.engine.screens import COLUMNS, ROWS, dark, everywhere, speckle, written

SCENE = Scene(kept=everywhere(), seconds=30.0)


def covers(texts: list[Text], x: int, y: int) -> bool:
    return any(text.x <= x <= text.x + text.w and text.y <= y <= text.y + text.h for text in texts)


@pytest.mark.parametrize("ground", [dark(), speckle(1)], ids=["dark", "speckle"])
def test_name_is_found_and_read(ground: np.ndarray) -> None:
    texts = text_detection.find(written(ground, "SMITH"), SCENE)

    assert any("SMITH" in text.words for text in texts)
    assert covers([text for text in texts if not text.words], 90, 114)


def test_text_outside_the_kept_pixels_is_not_looked_at() -> None:
    kept = everywhere(False)
    kept[150:] = True

    assert text_detection.find(written(dark(), "SMITH"), Scene(kept=kept, seconds=30.0)) == []


def test_text_across_the_edge_is_read_as_a_whole() -> None:
    kept = everywhere(False)
    kept[60:, 80:] = True

    assert "SMITH" in {text.words for text in text_detection.find(written(dark(), "SMITH"), Scene(kept, 30.0))}


@pytest.mark.parametrize("seed", range(4))
def test_speckle_alone_is_no_text(seed: int) -> None:
    assert text_detection.find(speckle(seed), SCENE) == []


def test_heat_that_is_there_already_is_used() -> None:
    picture = written(dark(), "SMITH")

    assert text_detection.unread(dark(), SCENE, heat=detector.heat(picture)) != []
    assert text_detection.unread(picture, SCENE, heat=detector.heat(picture)) == text_detection.unread(picture, SCENE)


def test_a_crop_is_as_tall_as_its_ink_asks_for_and_bright_on_black() -> None:
    picture = np.full((ROWS, COLUMNS, 3), 200, np.uint8)
    picture[100:110, 60:64] = picture[100:110, 70:74] = (30, 30, 90)
    crop = text_detection.crop_of(Text(x=52, y=92, w=30, h=28, first_frame=0, last_frame=0), picture)

    assert (crop.line.h, crop.line.y) == (10, 92)
    assert crop.image[105 - crop.y, 62 - crop.x] == 255
    assert crop.image[105 - crop.y, 67 - crop.x] < 40


@settings(max_examples=10, deadline=None)
@given(st.integers(10, 180), st.integers(40, 200), st.sampled_from(["OKAFOR", "17.03.2026", "48-206117", "Maren"]))
def test_identifiers_on_speckle_are_covered_by_a_line(x: int, y: int, words: str) -> None:
    picture = written(speckle(y), words, x, y)
    ink = np.argwhere((picture.astype(int) - speckle(y)).max(axis=2) > 90)

    hidden = np.zeros((ROWS, COLUMNS), np.bool_)
    for text in text_detection.find(picture, SCENE):
        hidden[max(0, text.y - 3) : text.y + text.h + 3, max(0, text.x - 3) : text.x + text.w + 3] = True
    assert hidden[ink[:, 0], ink[:, 1]].mean() > 0.95
