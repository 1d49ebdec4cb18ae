"""A place with text in a picture, and the list that says which words may stay there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LEAST_CONFIDENCE = 70.0

_UNITS = r"(?:mm|cm|ml|cc|g|kg|ms|s|sec|min|hz|khz|mhz|db|%|bpm|w|wk|wks|d|cm/s|m/s|mmhg|cm2|cm3)"
_NUMBER = re.compile(rf"(?:[<>~=+-]|\+/-|±)?(?:\d{{1,3}}|\d{{1,3}}[.,]\d{{1,3}})(?:{_UNITS})?", re.IGNORECASE)
# readers take the 5 of 22w5d for an S
_GESTATION = re.compile(r"\d{1,2}w(?:ks?)?[\dS]?d?", re.IGNORECASE)
_LABELLED = re.compile(r"(?:mi|tis|tib|tic)[<=:]?\d{1,2}[.,]\d{1,2}", re.IGNORECASE)
_TRIM = " .,:;()[]{}|'\"`*_"


@dataclass(frozen=True, slots=True)
class Text:
    """A place with text in source pixels; `words` is empty where nobody could read it; `confidence` is 0 to 100.

    `glyphs` counts the letter-like strokes of a line, `strength` says how far they stand out of their surroundings, in
    multiples of the level at which ink begins, and `ink` in which of a picture's inks it is drawn.
    """

    x: int
    y: int
    w: int
    h: int
    first_frame: int
    last_frame: int
    words: str = ""
    confidence: float = 0.0
    glyphs: int = 0
    strength: float = 0.0
    ink: int = 0

    def overlaps(self, other: "Text", *, slack: int = 0) -> bool:
        """Return whether both rectangles, the first widened by `slack` pixels, share a pixel in some frame."""
        return (
            self.x - slack < other.x + other.w
            and other.x < self.x + self.w + slack
            and self.y - slack < other.y + other.h
            and other.y < self.y + self.h + slack
            and self.first_frame <= other.last_frame
            and other.first_frame <= self.last_frame
        )


def harmless(text: Text, matches: Callable[[str], bool]) -> bool:
    """Return whether `text` was surely read as a measurement or an anatomy word and is nobody's identifier.

    Dates, times, bare years and runs of five digits or more never pass, whatever the list says.
    """
    return is_listed(text) and not matches(text.words)


def is_listed(text: Text) -> bool:
    """Return whether `text` was surely read as a measurement or an anatomy word."""
    return text.confidence >= LEAST_CONFIDENCE and _listed(text.words)


def is_bare_number(text: Text) -> bool:
    """Return whether `text` is a number without a unit, which may be half of a date as well as a measurement."""
    return all(part.strip(_TRIM).replace(".", "").replace(",", "").isdigit() for part in text.words.split())


def is_letters(text: Text, *, least: int = 1) -> bool:
    """Return whether what was read holds at least `least` letters or digits."""
    return sum(letter.isalnum() for letter in text.words) >= least


def _listed(words: str) -> bool:
    parts = [part.strip(_TRIM) for part in words.split()]
    parts = [part for part in parts if part]
    return bool(parts) and all(_listed_part(part) for part in parts)


def _listed_part(part: str) -> bool:
    return (
        part.casefold() in _vocabulary()
        or _NUMBER.fullmatch(part) is not None
        or _GESTATION.fullmatch(part) is not None
        or _LABELLED.fullmatch(part) is not None
    )


@cache
def _vocabulary() -> frozenset[str]:
    text = files("deid.engine").joinpath("kept_words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.casefold() for line in lines for word in line.split())
