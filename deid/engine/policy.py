"""What a clinic may choose about cleaning, as data; the least strict choice still covers identifiers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from deid.engine import dates, vocabulary
from deid.engine.disclosure import STRICTEST, Disclosure
from deid.engine.geometry import Box

MAX_WORDS = 200
MAX_KEPT_LETTERS = 24
MAX_COVERED_LETTERS = 60

_LEAST_LETTERS = 2
_MOST_DIGITS = 2


class KeptText(StrEnum):
    """Which text may stay inside the picture, strictest first. Nothing that identifies somebody ever stays."""

    NOTHING = "nothing"
    MEASUREMENTS = "measurements"
    MEASUREMENTS_AND_ANATOMY = "measurements_and_anatomy"


@dataclass(frozen=True, slots=True)
class Policy:
    """Choices and budgets of one run. Raises ValueError, without the offending value, for what cannot be chosen.

    `text` says which words of the list may stay, `gestational_age` whether the age of a pregnancy (21w3d) is one of
    them. `also_kept` are a clinic's own harmless words: one word each, at most 24 letters, none that tells the sex of a
    child; they outrank no identifier and stay only where words may stay at all. `also_covered` are words or names of up
    to 60 letters that always go, such as a hospital's nickname. `extra_boxes` are covers of a reviewer or of a rule for
    the device. `lifted` are places where a reviewer read the text and says that it tells nothing: they are left open
    unless something there identifies somebody, and a picture with such a place is always held for a person.
    `max_pixels` bounds rows x columns x frames before anything is decoded; `ocr_seconds` bounds one call of the text
    reader. `disclosure` says what the header of the DICOM master may tell, by default nothing beyond the picture.
    """

    extra_boxes: tuple[Box, ...] = ()
    lifted: tuple[Box, ...] = ()
    text: KeptText = KeptText.MEASUREMENTS_AND_ANATOMY
    gestational_age: bool = True
    also_kept: tuple[str, ...] = ()
    also_covered: tuple[str, ...] = ()
    max_pixels: int = 400_000_000
    ocr_seconds: float = 20.0
    disclosure: Disclosure = STRICTEST

    def __post_init__(self) -> None:
        for words in (self.also_kept, self.also_covered):
            if len(words) > MAX_WORDS:
                raise ValueError(f"a list holds at most {MAX_WORDS} words")
        for word in self.also_kept:
            check_kept(word)
        for name in self.also_covered:
            check_covered(name)

    def to_dict(self) -> dict[str, Any]:
        """Return the policy as plain JSON values: every key, lists for tuples."""
        return {
            "extra_boxes": [box.to_json() for box in self.extra_boxes],
            "lifted": [box.to_json() for box in self.lifted],
            "text": self.text.value,
            "gestational_age": self.gestational_age,
            "also_kept": list(self.also_kept),
            "also_covered": list(self.also_covered),
            "max_pixels": self.max_pixels,
            "ocr_seconds": self.ocr_seconds,
            "disclosure": self.disclosure.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Policy":
        """Build a policy from `to_dict`; a missing key has its default.

        Raises ValueError, without the offending value, for other keys, other types and what cannot be chosen.
        """
        if not isinstance(values, Mapping) or set(values) - {field.name for field in fields(cls)}:
            raise ValueError("a policy has no such choice")
        return cls(**{name: _READERS[name](name, value) for name, value in values.items()})


def check_kept(word: str) -> None:
    """Raise ValueError unless a clinic may keep `word`."""
    if word != word.strip() or len(word.split()) != 1:
        raise ValueError("a kept word is one word without spaces")
    if not _LEAST_LETTERS <= sum(sign.isalpha() for sign in word) <= len(word) <= MAX_KEPT_LETTERS:
        raise ValueError(f"a kept word has {_LEAST_LETTERS} to {MAX_KEPT_LETTERS} letters")
    if sum(sign.isdigit() for sign in word) > _MOST_DIGITS:
        raise ValueError(f"a kept word has at most {_MOST_DIGITS} digits")
    if dates.is_month(word):
        raise ValueError("the name of a month is never kept")
    if vocabulary.tells_sex(word):
        raise ValueError("a word that tells the sex of a child is never kept")


def check_covered(words: str) -> None:
    """Raise ValueError unless `words` are long enough to be recognised and short enough to be a name."""
    if words != " ".join(words.split()) or len(words) > MAX_COVERED_LETTERS:
        raise ValueError(f"covered words are at most {MAX_COVERED_LETTERS} letters with single spaces")
    if sum(sign.isalnum() for sign in words) < _LEAST_LETTERS:
        raise ValueError(f"covered words have at least {_LEAST_LETTERS} letters")


def _boxes(name: str, value: object) -> tuple[Box, ...]:
    try:
        return tuple(Box.from_json(box) for box in _list(name, value))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(f"{name} is a list of boxes") from None


def _kept_text(name: str, value: object) -> KeptText:
    if value not in tuple(KeptText):
        raise ValueError(f"{name} is one of {', '.join(KeptText)}")
    return KeptText(str(value))


def _flag(name: str, value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{name} is true or false")
    return value


def _words(name: str, value: object) -> tuple[str, ...]:
    words = _list(name, value)
    if not all(type(word) is str for word in words):
        raise ValueError(f"{name} is a list of words")
    return tuple(words)


def _number(name: str, value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{name} is a whole number")
    return value


def _seconds(name: str, value: object) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"{name} is a number")
    return float(str(value))


def _disclosure(_: str, value: Any) -> Disclosure:
    return Disclosure.from_dict(value)


def _list(name: str, value: Any) -> list[Any]:
    if type(value) not in (list, tuple):
        raise ValueError(f"{name} is a list")
    return list(value)


_READERS: dict[str, Callable[[str, object], Any]] = {
    "extra_boxes": _boxes,
    "lifted": _boxes,
    "text": _kept_text,
    "gestational_age": _flag,
    "also_kept": _words,
    "also_covered": _words,
    "max_pixels": _number,
    "ocr_seconds": _seconds,
    "disclosure": _disclosure,
}
