"""A place with text in a picture, and whether its words may stay as far as they alone tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from deid.engine import senses, vocabulary
from deid.engine.findings import Flag
from deid.engine.policy import KeptText, Policy
from deid.engine.senses import Sense

Matches = Callable[[str], bool]


DEFAULT = Policy()
_NEVER = frozenset({Sense.COUNT, Sense.LABEL, Sense.UNKNOWN})

# how sure the reader must be of a word of so many letters: a long word is seldom read by chance
_SURE = {1: 75.0, 2: 70.0, 3: 55.0, 4: 45.0, 5: 30.0}
_LONG_SURE = 20.0
_MISREAD = 20.0
_SURE_NUMBER = 65.0
# the longer a number with its unit, the less can it be anything else
_SURE_VALUES = ((7, 20.0), (5, 35.0), (4, 45.0), (0, 60.0))
_SURE_SIGN = 40.0
_SURE_SEX = {2: 80.0, 3: 55.0}
_LONG_SEX = 30.0


@dataclass(frozen=True, slots=True)
class Text:
    """A place with text in source pixels; `words` is empty where nobody could read it; `confidence` is 0 to 100.

    `glyphs` says how many letters of usual width fit into a line, `strength` how sure the detector is where it is
    surest, from 0 to 1.
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


def harmless(text: Text, matches: Matches, policy: Policy = DEFAULT) -> bool:
    """Return whether `text` was surely read, may stay by `policy` as far as it alone tells, and is nobody's identifier.

    Dates, times, bare years and runs of five digits or more never pass, whatever the lists say.
    """
    parts = text.words.split()
    return bool(parts) and all(_passes(part, text.confidence, policy) for part in parts) and not matches(text.words)


def may_stay(word: str, policy: Policy) -> bool:
    """Return whether one recognised word is of what `policy` keeps."""
    found = senses.of(word)
    if policy.text is KeptText.NOTHING or found is Sense.SEX:
        return False
    if senses.bare(word) in _own(policy):
        return True
    if found is Sense.ANATOMY:
        return policy.text is KeptText.MEASUREMENTS_AND_ANATOMY
    return found not in _NEVER and (found is not Sense.AGE or policy.gestational_age)


def is_bare_number(text: Text) -> bool:
    """Return whether `text` is a number without a unit, which may be half of a date as well as a measurement."""
    return all(senses.of(part) in (Sense.NUMBER, Sense.COUNT) for part in text.words.split())


def has(text: Text, wanted: Sense) -> bool:
    """Return whether one of the words of `text` is what is `wanted`."""
    return any(senses.of(part) is wanted for part in text.words.split())


def is_label(text: Text) -> bool:
    """Return whether one of the words of `text` can introduce an identifier, be it a measurement's name as well."""
    return any(senses.may_introduce(part) for part in text.words.split())


def is_measure(text: Text) -> bool:
    """Return whether `text` is a number with decimals that cannot be a day and a month."""
    return "." in text.words and not senses.is_dayish(text.words)


def is_short(text: Text) -> bool:
    """Return whether `text` has at most two letters or digits: initials, or read by chance."""
    return not is_letters(text, least=3)


def is_letters(text: Text, *, least: int = 1) -> bool:
    """Return whether what was read holds at least `least` letters or digits."""
    return sum(letter.isalnum() for letter in text.words) >= least


def flags_of(texts: Iterable[Text]) -> frozenset[Flag]:
    """Return the flags that recognised text sets."""
    telling = any(text.confidence >= _sure_of_sex(text.words) and vocabulary.tells_sex(text.words) for text in texts)
    return frozenset({Flag.FETAL_SEX} if telling else ())


def _passes(word: str, confidence: float, policy: Policy) -> bool:
    return may_stay(word, policy) and confidence >= _least(word, senses.of(word))


@lru_cache(maxsize=16)
def _own(policy: Policy) -> frozenset[str]:
    return frozenset(senses.bare(word) for word in policy.also_kept)


def _least(word: str, found: Sense) -> float:
    """Return how sure the reader must be of a word by itself."""
    if found is Sense.SIGN:
        return _SURE_SIGN
    if found is Sense.NUMBER:
        return _SURE_NUMBER
    if found in (Sense.VALUE, Sense.AGE):
        return next(least for length, least in _SURE_VALUES if len(word) >= length)
    return _sure_of(word) + (0.0 if senses.is_exact(word) or found is Sense.UNKNOWN else _MISREAD)


def _sure_of(word: str) -> float:
    return _SURE.get(max(1, sum(sign.isalnum() for sign in word)), _LONG_SURE)


def _sure_of_sex(words: str) -> float:
    return _SURE_SEX.get(sum(sign.isalnum() for sign in words), _LONG_SEX)
