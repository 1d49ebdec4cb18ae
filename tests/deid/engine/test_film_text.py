"""In a cine the still overlay is found once, and what shows for a few frames is found with its frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import film_text
from deid.engine.reading import Text
from deid.engine.text_detection import Scene
from tests.deid.engine.screens import dark, everywhere, speckle, written

SCENE = Scene(kept=everywhere(), seconds=30.0)
NAME = "SMITH JANE"


def there(texts: list[Text], y: int = 114) -> list[Text]:
    return [text for text in texts if text.x < 120 < text.x + text.w and text.y < y < text.y + text.h]


def lines(texts: list[Text]) -> list[Text]:
    return [text for text in texts if not text.words]


@pytest.mark.requirement("R30")
@settings(max_examples=6, deadline=None)
@given(st.integers(0, 28), st.integers(1, 4))
def test_text_of_a_few_frames_is_found_with_its_frames(first: int, count: int) -> None:
    film = [speckle(seed) for seed in range(30)]
    film[first : first + count] = [written(frame, NAME) for frame in film[first : first + count]]
    last = min(29, first + count - 1)

    texts = film_text.find_in_film(film, film_text.still_of([film[0], film[9], film[19], film[24], film[29]]), SCENE)

    (line,) = lines(there(texts))
    assert max(0, first - 3) <= line.first_frame <= max(0, first - 1)
    assert min(29, last + 1) <= line.last_frame <= min(29, last + 3)


def test_text_that_comes_and_goes_is_read_once_for_all_its_frames() -> None:
    film = [speckle(seed) for seed in range(12)]
    film[3:9] = [written(frame, NAME) for frame in film[3:9]]

    texts = film_text.find_in_film(film, film_text.still_of(film[::11] + film[:1]), SCENE)

    words = [text for text in there(texts) if text.words]
    assert words
    assert {(text.first_frame, text.last_frame) for text in words} == {(2, 9)}


def test_overlay_of_a_cine_covers_every_frame() -> None:
    film = [written(speckle(seed), "SMITH") for seed in range(6)]

    texts = film_text.find_in_film(film, film_text.still_of(film[::2]), SCENE)

    assert any(text.words and (text.first_frame, text.last_frame) == (0, 5) for text in texts)
    assert len(lines(texts)) == 1


def test_other_text_in_the_place_of_the_overlay_is_found() -> None:
    film = [written(dark(), "BPD 21 mm") for _ in range(20)]
    film[5:9] = [written(dark(), "JANE SMITH") for _ in range(4)]

    texts = film_text.find_in_film(film, film_text.still_of(film[::4]), SCENE)

    assert any((text.first_frame, text.last_frame) == (4, 9) for text in there(texts))


def test_text_that_changes_in_one_place_is_one_line() -> None:
    film = [written(speckle(seed), f"10:42:{seed // 5:02d}") for seed in range(60)]

    texts = film_text.find_in_film(film, film_text.still_of(film[::7]), SCENE)

    covered = np.zeros(60, np.bool_)
    for text in there(lines(texts)):
        covered[text.first_frame : text.last_frame + 1] = True
    assert covered.all()


def test_film_of_two_frames_is_searched_frame_by_frame() -> None:
    film = [written(speckle(1), NAME), speckle(2)]

    texts = film_text.find_in_film(film, film_text.still_of(film), SCENE)

    assert {(text.first_frame, text.last_frame) for text in there(texts)} == {(0, 0)}


def test_quiet_film_has_no_text() -> None:
    film = [dark() for _ in range(5)]

    assert film_text.find_in_film(film, film_text.still_of(film[:3]), SCENE) == []


def test_moving_speckle_is_no_text() -> None:
    film = [speckle(seed) for seed in range(50)]

    assert film_text.find_in_film(film, film_text.still_of(film[::6]), SCENE) == []


@pytest.mark.parametrize("corner", [(0, 0), (37, 61)])
def test_window_holds_what_is_kept_on_the_grid(corner: tuple[int, int]) -> None:
    kept = everywhere(False)
    kept[corner[0] : 200, corner[1] : 317] = True

    rows, columns = film_text.window_of(kept)

    assert kept[rows, columns].sum() == kept.sum()
    assert (rows.start % 16, columns.start % 16) == (0, 0)
    assert (rows.stop, columns.stop) == (208, 320)


def test_nothing_kept_makes_the_whole_picture_the_window() -> None:
    assert film_text.window_of(everywhere(False)) == (slice(0, 240), slice(0, 320))
