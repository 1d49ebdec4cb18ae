"""Reads lines with Tesseract inside this process: its model is loaded once, and a line takes milliseconds."""

import os
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tesserocr

from deid.engine.errors import Held, HoldReason
from deid.engine.reading import Text

Grey = npt.NDArray[np.uint8]

# where Debian, Ubuntu and Fedora keep the language data
_PLACES = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_LANGUAGE = "eng"
# ink is dark on white on every page, so no second try with turned greys; signs that no machine prints only mislead
_SETTINGS = {"tessedit_do_invert": "0", "tessedit_char_blacklist": "éèêëÉ€£¥§©®™«»“”‘’—|~"}
_WORD = tesserocr.RIL.WORD


def read(pages: Sequence[Grey], *, seconds: float) -> list[list[Text]]:
    """Return the words on each page, one line of ink on white, `uint8` (rows, columns), in pixels of the page.

    Raises Held(OCR_MISSING) without language data, Held(OCR_FAILED) when the reader fails or outlasts `seconds`.
    """
    found: list[list[Text]] = []
    if not pages:
        return found
    api, end = _api(), time.monotonic() + seconds
    for page in pages:
        left = round(1000 * (end - time.monotonic()))
        rows, columns = page.shape
        try:
            api.SetImageBytes(np.ascontiguousarray(page).tobytes(), columns, rows, 1, columns)
            if left <= 0 or not api.Recognize(left):
                raise Held(HoldReason.OCR_FAILED)
            found.append(list(_words(api)))
        except RuntimeError as error:
            raise Held(HoldReason.OCR_FAILED) from error
        finally:
            api.Clear()
    return found


def _words(api: tesserocr.PyTessBaseAPI) -> Iterator[Text]:
    words = api.GetIterator()
    if words is None or words.Empty(_WORD):
        return
    for word in tesserocr.iterate_level(words, _WORD):
        box = word.BoundingBox(_WORD)
        if box is not None and not word.Empty(_WORD):
            x0, y0, x1, y1 = box
            said = str(word.GetUTF8Text(_WORD)).strip()
            yield Text(x0, y0, x1 - x0, y1 - y0, 0, 0, words=said, confidence=float(word.Confidence(_WORD)))


@cache
def _api() -> tesserocr.PyTessBaseAPI:
    folder = _language_data()
    try:
        api = tesserocr.PyTessBaseAPI(path=folder, lang=_LANGUAGE, psm=tesserocr.PSM.SINGLE_LINE)
    except RuntimeError as error:
        raise Held(HoldReason.OCR_MISSING) from error
    for name, value in _SETTINGS.items():
        api.SetVariable(name, value)
    return api


def _language_data() -> str:
    """Return the folder of the language data: the one that TESSDATA_PREFIX names, or where a system keeps it."""
    named = os.environ.get("TESSDATA_PREFIX")
    for place in (named,) if named else _PLACES:
        if (Path(place) / f"{_LANGUAGE}.traineddata").is_file():
            return place
    raise Held(HoldReason.OCR_MISSING)
