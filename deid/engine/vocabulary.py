"""The lists of words that decide about text: what may stay, what introduces an identifier, what tells a child's sex."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from deid.engine.transliteration import plain


class Group(StrEnum):
    """The parts of the list of kept words; those of DATES introduce a date that may not stay (LMP, EDD).

    NAMES are words of anatomy and of views that are persons' names as well.
    """

    MEASUREMENTS = "measurements"
    ANATOMY = "anatomy"
    NAMES = "names"
    DATES = "dates"


_WORD = re.compile(r"[^\W_]+|[♂♀⚥⚦]")
# what a reader of small letters takes for each other
_CONFUSED = str.maketrans(
    {"0": "o", "1": "i", "l": "i", "|": "i", "!": "i", "5": "s", "$": "s", "8": "b", "q": "g", "9": "g"}
)
# words of so many letters that tell the sex are known with one letter misread
_LONG = 7
# kept words of so many letters are known where the reader confused letters (fewer where it saw a digit for a letter),
# and of so many more with one wrong
_SHAPED = 4
_DIGITED = 3
_BLURRED = 5
_NEARLY = 7


@dataclass(frozen=True, slots=True)
class _List:
    """Words as they are written, folded, and as a reader may see them."""

    words: frozenset[str]
    shapes: frozenset[str]


def shape(word: str) -> str:
    """Return a folded word with one sign for all that a reader takes for each other: 0 and O; 1, l and I; rn and m.

    In longer words m and n are one as well.
    """
    seen = word.translate(_CONFUSED).replace("rn", "m").replace("vv", "w")
    return seen.replace("m", "n") if len(seen) >= _BLURRED else seen


def tells_sex(words: str) -> bool:
    """Say whether recognised text has a word or a sign that tells the sex of a child, misread letters included."""
    known = _sex_words()
    tokens = _WORD.findall(plain(words))
    return any(
        token in known.words or shape(token) in known.shapes or _misread(token, known)
        for token in (*tokens, "".join(tokens))
    )


def kept(group: Group) -> frozenset[str]:
    """Return the folded words of a group of the list of kept words."""
    return _kept()[group].words


def group_of(word: str) -> Group | None:
    """Return the group that a folded word belongs to, also where it is misread, or None."""
    for group, known in _kept().items():
        if word in known.words:
            return group
    digits = any(sign.isdigit() for sign in word)
    # a letter of another script is no letter misread
    if not word.isascii() or len(word) < (_DIGITED if digits else _SHAPED) or not any(sign.isalpha() for sign in word):
        return None
    seen = shape(word)
    for group, known in _kept().items():
        if seen in known.shapes or (len(word) >= _NEARLY and _one_away(word, known.words, least=_NEARLY)):
            return group
    return None


def is_one_away(word: str, known: frozenset[str]) -> bool:
    """Say whether a folded word of three to six letters has one letter other than a known one."""
    if not _DIGITED <= len(word) <= _NEARLY - 1 or not word.isalpha():
        return False
    near = process.extract_iter(word, known, scorer=Levenshtein.distance, score_cutoff=1)
    return any(len(other) == len(word) for other, _, _ in near)


def is_label(word: str) -> bool:
    """Say whether a folded word introduces a person, a place, a number or a date of birth."""
    return word in _labels()


@cache
def described() -> dict[str, str]:
    """Return the words of which a description may be rebuilt, in our spelling, by their folded form."""
    return {plain(word): word for line in _lines("descriptor_words.txt") for word in line.split()}


def _misread(token: str, known: _List) -> bool:
    """Say whether a long word is one letter away from a known one, and is not itself of the list of kept words."""
    if len(token) < _LONG or token.isdigit() or any(token in group.words for group in _kept().values()):
        return False
    return _one_away(token, known.words, least=_LONG)


def _one_away(word: str, known: frozenset[str], *, least: int) -> bool:
    near = process.extract_iter(word, known, scorer=Levenshtein.distance, score_cutoff=1)
    return any(len(other) >= least for other, _, _ in near)


@cache
def _sex_words() -> _List:
    return _list((word for line in _lines("sex_words.txt") for word in line.split()), shaped=1)


@cache
def _labels() -> frozenset[str]:
    return frozenset(word for line in _lines("label_words.txt") for word in line.split())


@cache
def _kept() -> dict[Group, _List]:
    groups: dict[Group, set[str]] = {group: set() for group in Group}
    current = groups[Group.MEASUREMENTS]
    for line in _lines("kept_words.txt"):
        if line.startswith("["):
            current = groups[Group(line.strip("[]"))]
        else:
            current.update(plain(word) for word in line.split())
    return {group: _list(words) for group, words in groups.items()}


def _list(words: Iterable[str], *, shaped: int = _DIGITED) -> _List:
    folded = frozenset(words)
    return _List(folded, frozenset(shape(word) for word in folded if len(word) >= shaped))


def _lines(name: str) -> list[str]:
    text = files("deid.engine").joinpath(name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
