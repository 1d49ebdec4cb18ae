"""Reads lines with the system's own Tesseract in a process of its own, a second opinion where doubt is worth it."""

import os
import tempfile
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytesseract
from PIL import Image

from deid.engine.errors import Held, HoldReason
from deid.engine.reading import Text

Grey = npt.NDArray[np.uint8]

# one reader uses one core; the caller decides how many readers run at once
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

# ink is dark on white on every page, so no second try with turned greys; signs that no machine prints only mislead
_ONE_LINE = "--psm 7 -c tessedit_do_invert=0 -c tessedit_char_blacklist=éèêëÉ€£¥§©®™«»“”‘’—|~"
_COLUMNS = ("page_num", "left", "top", "width", "height", "text", "conf")


def read(pages: Sequence[Grey], *, seconds: float) -> list[list[Text]]:
    """Return the words on each page, one line of ink on white, `uint8` (rows, columns), in pixels of the page.

    All pages are one file, since starting the reader takes longer than reading a line. Raises Held(OCR_MISSING)
    without Tesseract, Held(OCR_FAILED) when it fails or outlasts `seconds`.
    """
    found: list[list[Text]] = [[] for _ in pages]
    if not pages:
        return found
    first, *others = (Image.fromarray(page) for page in pages)
    with tempfile.NamedTemporaryFile(suffix=".tif") as file:
        first.save(file, "TIFF", save_all=True, append_images=others)
        file.flush()
        for number, word in _words(file.name, seconds=seconds):
            found[number].append(word)
    return found


def _words(name: str, *, seconds: float) -> list[tuple[int, Text]]:
    try:
        data = pytesseract.image_to_data(name, config=_ONE_LINE, timeout=seconds, output_type=pytesseract.Output.DICT)
    except pytesseract.TesseractNotFoundError as error:
        raise Held(HoldReason.OCR_MISSING) from error
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise Held(HoldReason.OCR_FAILED) from error
    return [
        (int(page) - 1, Text(int(x), int(y), int(w), int(h), 0, 0, words=text.strip(), confidence=float(confidence)))
        for page, x, y, w, h, text, confidence in zip(*(data[column] for column in _COLUMNS), strict=True)
    ]
