"""Reading inside this process."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from deid.engine import tesseract_library
from deid.engine.errors import Held, HoldReason
from tests.deid.engine.pages import page


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    tesseract_library._api.cache_clear()
    yield
    tesseract_library._api.cache_clear()


def test_words_of_each_page_with_their_places() -> None:
    first, empty, second = tesseract_library.read([page("MORAVEC, Odile"), page(""), page("HC 190.4 mm")], seconds=30)
    assert [word.words for word in first] == ["MORAVEC,", "Odile"]
    assert empty == []
    assert "".join(word.words for word in second) == "HC190.4mm"
    assert abs(first[0].x - 10) <= 3
    assert all(word.confidence > 70 for word in (*first, *second))


def test_nothing_to_read_needs_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    assert tesseract_library.read([], seconds=30) == []


@pytest.mark.requirement("R36")
def test_without_language_data_everything_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    with pytest.raises(Held) as held:
        tesseract_library.read([page("SMITH")], seconds=30)
    assert held.value.reason is HoldReason.OCR_MISSING


def test_broken_language_data_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "eng.traineddata").write_bytes(b"no data")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(Held) as held:
        tesseract_library.read([page("SMITH")], seconds=30)
    assert held.value.reason is HoldReason.OCR_MISSING


@pytest.mark.requirement("R36")
def test_a_slow_reader_is_held() -> None:
    with pytest.raises(Held) as held:
        tesseract_library.read([np.tile(page("SMITH"), (1, 8))] * 50, seconds=0.01)
    assert held.value.reason is HoldReason.OCR_FAILED
    assert tesseract_library.read([page("SMITH")], seconds=30)[0][0].words == "SMITH"
