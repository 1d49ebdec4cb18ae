"""Text in the kept pixels of a picture is found and read; speckle is left alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import strokes, text_detection
from deid.engine.reading import Text
from deid.engine.text_detection import Scene
from tests.deid.engine.screens import COLUMNS, ROWS, dark, everywhere, speckle, written


def scene(*, echoes: bool) -> Scene:
    return Scene(kept=np.ones((ROWS, COLUMNS), np.bool_), echoes=np.full((ROWS, COLUMNS), echoes), seconds=30.0)


def covers(texts: list[text_detection.Text], x: int, y: int) -> bool:
    return any(text.x <= x <= text.x + text.w and text.y <= y <= text.y + text.h for text in texts)


def test_name_on_the_dark_is_found_and_read() -> None:
    texts = text_detection.find(written(np.zeros((ROWS, COLUMNS, 3), np.uint8), "SMITH"), scene(echoes=False))

    assert any("SMITH" in text.words for text in texts)
    assert covers(texts, 90, 114)


def test_name_among_echoes_is_found() -> None:
    assert covers(text_detection.find(written(speckle(1), "SMITH"), scene(echoes=True)), 90, 114)


def test_text_outside_the_kept_pixels_is_not_looked_at() -> None:
    kept = np.zeros((ROWS, COLUMNS), np.bool_)
    kept[150:] = True
    looked = Scene(kept=kept, echoes=~kept & False, seconds=30.0)

    assert not text_detection.find(written(np.zeros((ROWS, COLUMNS, 3), np.uint8), "SMITH"), looked)


@pytest.mark.parametrize("seed", range(4))
def test_speckle_alone_is_no_text(seed: int) -> None:
    assert text_detection.find(speckle(seed), scene(echoes=True)) == []


def test_text_across_the_edge_is_read_as_a_whole() -> None:
    kept = everywhere(False)
    kept[60:, 80:] = True
    looked = Scene(kept=kept, echoes=everywhere(False), seconds=30.0)

    assert "SMITH" in {text.words for text in text_detection.find(written(dark(), "SMITH"), looked)}
    assert not looked.searched[:60].any()


def test_other_detectors_lines_are_read_too() -> None:
    line = Text(x=58, y=104, w=70, h=18, first_frame=0, last_frame=0, glyphs=5, strength=3.0)

    texts = text_detection.find(
        written(dark(), "SMITH"), scene(echoes=False), detector=lambda _picture, _kept, _echoes: [line]
    )

    assert "SMITH" in {text.words for text in texts}


def test_unsure_reading_that_identifies_makes_a_row_text() -> None:
    row = Text(x=60, y=100, w=60, h=12, first_frame=0, last_frame=0, glyphs=5, strength=1.5)
    word = Text(x=60, y=100, w=60, h=12, first_frame=0, last_frame=0, words="SM1TH", confidence=2.0)
    known = replace(scene(echoes=True), matches=lambda words: words == "SM1TH")

    assert not text_detection.trusted(row, [word], scene(echoes=True))
    assert text_detection.trusted(row, [word], known)


def test_row_is_surer_in_a_calm_picture_and_in_colour() -> None:
    row = Text(x=60, y=100, w=60, h=9, first_frame=0, last_frame=0, glyphs=6, strength=1.9)

    assert not text_detection.trusted(row, [], scene(echoes=True))
    assert text_detection.trusted(row, [], scene(echoes=True), calm=True)
    assert text_detection.trusted(replace(row, ink=strokes.COLOUR), [], scene(echoes=True))


def test_two_equal_readings_are_surer_than_one() -> None:
    word = Text(x=60, y=100, w=60, h=12, first_frame=0, last_frame=0, words="SMITH", confidence=40.0)

    assert {text.confidence for text in text_detection.agreed([word, replace(word)])} == {65.0}
    assert text_detection.agreed([word, replace(word, words="SMYTH")])[0].confidence == 40.0
    assert text_detection.agreed([replace(word, words="BPD"), replace(word, words="BPD")])[0].confidence == 75.0


@settings(max_examples=10, deadline=None)
@given(st.integers(10, 180), st.integers(40, 200), st.sampled_from(["OKAFOR", "17.03.2026", "48-206117", "Maren"]))
def test_identifiers_on_speckle_are_covered_by_a_line(x: int, y: int, words: str) -> None:
    picture = written(speckle(y), words, x, y)
    ink = np.argwhere((picture.astype(int) - speckle(y)).max(axis=2) > 90)

    hidden = np.zeros((ROWS, COLUMNS), np.bool_)
    for text in text_detection.find(picture, scene(echoes=True)):
        hidden[max(0, text.y - 3) : text.y + text.h + 3, max(0, text.x - 3) : text.x + text.w + 3] = True
    assert hidden[ink[:, 0], ink[:, 1]].mean() > 0.85
