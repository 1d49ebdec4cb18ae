"""Text in the kept pixels is found and read, in stills and in the few frames of a cine that show it."""

import cv2
import numpy as np
import pytesseract
import pytest

from deid.engine import text_detection
from deid.engine.errors import Held, HoldReason
from deid.engine.text_detection import Scene

ROWS, COLUMNS = 240, 320


def speckle(seed: int) -> np.ndarray:
    grain = np.random.default_rng(seed).rayleigh(35, (ROWS, COLUMNS)).astype(np.float32)
    grey = cv2.GaussianBlur(grain, (0, 0), 1.5).clip(0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def written(picture: np.ndarray, words: str, x: int = 60, y: int = 120) -> np.ndarray:
    result = picture.copy()
    cv2.putText(result, words, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2, cv2.LINE_AA)
    return result


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


@pytest.mark.requirement("R30")
def test_text_of_three_frames_is_found_with_its_frames() -> None:
    film = [speckle(seed) for seed in range(12)]
    film[5:8] = [written(frame, "SMITH JANE") for frame in film[5:8]]

    texts = text_detection.find_in_film(iter(film), [film[0], film[3], film[11]], scene(echoes=True))

    there = [text for text in texts if text.x < 120 < text.x + text.w and text.y < 114 < text.y + text.h]
    assert any(text.first_frame <= 5 and text.last_frame >= 7 for text in there)


def test_overlay_of_a_cine_covers_every_frame() -> None:
    film = [written(speckle(seed), "SMITH") for seed in range(6)]

    texts = text_detection.find_in_film(iter(film), film[::2], scene(echoes=True))

    assert any(text.words and (text.first_frame, text.last_frame) == (0, 5) for text in texts)


def test_missing_reader_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")

    with pytest.raises(Held) as caught:
        text_detection.find(speckle(1), scene(echoes=True))
    assert caught.value.reason is HoldReason.OCR_MISSING


def test_slow_reader_is_held() -> None:
    slow = Scene(kept=np.ones((ROWS, COLUMNS), np.bool_), echoes=np.ones((ROWS, COLUMNS), np.bool_), seconds=0.001)

    with pytest.raises(Held) as caught:
        text_detection.find(speckle(1), slow)
    assert caught.value.reason is HoldReason.OCR_FAILED
