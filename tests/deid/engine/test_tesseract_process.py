"""Reading in a process of its own."""

import pytesseract
import pytest

from deid.engine import tesseract_process
from deid.engine.errors import Held, HoldReason
from tests.deid.engine.pages import page


def test_words_of_each_page_with_their_places() -> None:
    first, empty, second = tesseract_process.read([page("MORAVEC, Odile"), page(""), page("HC 190.4 mm")], seconds=30)
    assert [word.words for word in first if word.words] == ["MORAVEC,", "Odile"]
    assert all(word.confidence <= 0 for word in empty)
    assert "".join(word.words for word in second) == "HC190.4mm"


def test_nothing_to_read_starts_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")
    assert tesseract_process.read([], seconds=30) == []


@pytest.mark.requirement("R36")
def test_a_missing_reader_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")
    with pytest.raises(Held) as held:
        tesseract_process.read([page("SMITH")], seconds=30)
    assert held.value.reason is HoldReason.OCR_MISSING


@pytest.mark.requirement("R36")
def test_a_slow_reader_is_held() -> None:
    with pytest.raises(Held) as held:
        tesseract_process.read([page("SMITH")], seconds=0.001)
    assert held.value.reason is HoldReason.OCR_FAILED
