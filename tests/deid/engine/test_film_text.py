"""In a cine the still overlay is found once, and what shows for a few frames is found with its frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import film_text
from deid.engine.reading import Text
from deid.engine.text_detection import Scene
from tests.deid.engine.screens import everywhere, speckle, written

SCENE = Scene(kept=everywhere(), echoes=everywhere(), seconds=30.0)


def there(texts: list[Text]) -> list[Text]:
    return [text for text in texts if text.x < 120 < text.x + text.w and text.y < 114 < text.y + text.h]


@pytest.mark.requirement("R30")
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 8), st.integers(2, 4))
def test_text_of_a_few_frames_is_found_with_its_frames(first: int, count: int) -> None:
    film = [speckle(seed) for seed in range(12)]
    film[first : first + count] = [written(frame, "SMITH JANE") for frame in film[first : first + count]]

    texts = film_text.find_in_film(iter(film), [film[0], film[3], film[11]], SCENE)

    assert any(text.first_frame <= first and text.last_frame >= min(11, first + count - 1) for text in there(texts))


def test_overlay_of_a_cine_covers_every_frame() -> None:
    film = [written(speckle(seed), "SMITH") for seed in range(6)]

    texts = film_text.find_in_film(iter(film), film[::2], SCENE)

    assert any(text.words and (text.first_frame, text.last_frame) == (0, 5) for text in texts)


def test_film_of_two_frames_is_searched_frame_by_frame() -> None:
    film = [written(speckle(1), "SMITH JANE"), 255 - speckle(2)]

    texts = film_text.find_in_film(iter(film), film, SCENE)

    assert {(text.first_frame, text.last_frame) for text in there(texts)} >= {(0, 0)}


def test_quiet_film_has_no_text() -> None:
    film = [np.zeros_like(speckle(1)) for _ in range(5)]

    assert film_text.find_in_film(iter(film), film[:3], SCENE) == []
