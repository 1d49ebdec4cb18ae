"""Recognises known names, numbers and places in recognised text, with the errors of readers and the cuts of screens."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from deid.engine import profile_table as table
from deid.engine.transliteration import plain, spellings
from deid.engine.vocabulary import group_of

_WORD = re.compile(r"[^\W_]+")
_CONFUSED = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "!": "1", "s": "5", "b": "8", "z": "2"})
_TITLES = table.words(
    "dr md prof mrs ms mr miss frau herr rdms rdcs rvt rn phd jr sr ii iii iv do med dipl baby bo of von van de der di"
)
# a name of three letters is known whole, a longer one by so many of its first letters, and anywhere in the text
_SHORT = 3
# one of two letters only where hardly more was printed, since a reader sees two letters anywhere
_FEW = 3
_STEM = 3
_STEMMED = 5
_ANYWHERE = 5
# how alike a word must be to a name, a number or a place that has letters misread
_NAME_LIKE = 80.0
_CODE_LIKE = 84.0
_PLACE_LIKE = 85.0


@dataclass(frozen=True, slots=True, repr=False)
class Forms:
    """The folded forms of what identifies, made once for many questions.

    `whole` are names of three letters, `brief` those of two that are no kept word, `names` longer ones, `pairs` two
    parts of a person side by side and initials beside a part, `alone` whole texts that identify, `codes` numbers,
    `places` names of places and `marks` their uncommon words.
    """

    whole: frozenset[str]
    brief: frozenset[str]
    names: tuple[str, ...]
    pairs: frozenset[str]
    alone: frozenset[str]
    codes: tuple[str, ...]
    places: tuple[str, ...]
    marks: tuple[str, ...]

    @classmethod
    def of(
        cls,
        names: Iterable[str],
        persons: Iterable[tuple[str, ...]],
        *,
        codes: Iterable[str],
        places: Iterable[str],
    ) -> "Forms":
        """Fold names, persons as tuples of their parts, numbers and codes, and places."""
        people = [[_folded_forms(part) for part in person] for person in persons]
        parts = {form for name in names for part in (name, *_WORD.findall(name)) for form in _folded_forms(part)}
        numbers = {form for code in codes for form in _code_forms(code)}
        spots = {squash(place) for place in places}
        words = (word for place in places for word in _WORD.findall(plain(place)) if word not in table.COMMON_WORDS)
        return cls(
            whole=frozenset(part for part in parts if len(part) == _SHORT),
            brief=frozenset(squash(name) for name in names if _is_brief(name)),
            names=tuple(sorted(part for part in parts if len(part) > _SHORT)),
            pairs=frozenset(pair for person in people for pair in _pairs(person)),
            alone=frozenset(
                [form for person in people if len(person) == 1 for form in person[0]]
                + [form for form in (*numbers, *spots) if 0 < len(form) < 4]
            ),
            codes=tuple(sorted(form for form in numbers if len(form) >= 4)),
            places=tuple(sorted(form for form in spots if len(form) >= 4)),
            marks=tuple(sorted({fold(word) for word in words if len(word) >= 5})),
        )

    def occur_in(self, text: str) -> bool:
        """Say whether recognised text holds one of these."""
        tokens = [fold(word) for word in _WORD.findall(plain(text))]
        whole = "".join(tokens)
        return bool(tokens) and (
            whole in self.alone
            or not self.whole.isdisjoint(tokens)
            or (len(tokens) <= _FEW and not self.brief.isdisjoint(tokens))
            or not self.pairs.isdisjoint(_windows(tokens, 2))
            or any(_name_in(name, tokens, whole) for name in self.names)
            or any(_code_in(code, tokens, whole) for code in self.codes)
            or self._place_in(tokens, whole)
        )

    def _place_in(self, tokens: Collection[str], whole: str) -> bool:
        if any(place in whole or (len(whole) >= 6 and _same_place(place, whole)) for place in self.places):
            return True
        return any(_same_mark(mark, token) for mark in self.marks for token in tokens)


def _is_brief(name: str) -> bool:
    small = plain(name)
    return len(small) == 2 and small.isalpha() and small not in _TITLES and group_of(small) is None


def _same_place(place: str, whole: str) -> bool:
    return place.startswith(whole) or _alike(place, whole, _PLACE_LIKE)


def _same_mark(mark: str, token: str) -> bool:
    return (len(token) >= 5 and mark.startswith(token)) or (len(token) >= 4 and _alike(mark, token, _PLACE_LIKE))


def fold(text: str) -> str:
    """Make letters and digits equal that a text reader mistakes for each other."""
    return plain(text).translate(_CONFUSED)


def squash(text: str) -> str:
    """Fold a text without what separates its words."""
    return "".join(_WORD.findall(plain(text))).translate(_CONFUSED)


def _folded_forms(part: str) -> set[str]:
    return {squash(form) for form in spellings(part) if form.strip(".") not in _TITLES} - {""}


def _code_forms(code: str) -> set[str]:
    """Return a number without separators, and without the zeros before it."""
    whole = squash(code)
    return {whole, whole.lstrip("0")} if len(whole.lstrip("0")) >= 4 else {whole}


def _pairs(person: list[set[str]]) -> Iterator[str]:
    for first, one in enumerate(person):
        for second, two in enumerate(person):
            if first != second:
                yield from (form for a in one for b in two for form in (a + b, a[0] + b, a + b[0]) if len(form) >= 3)


def _windows(tokens: list[str], most: int) -> Iterator[str]:
    for size in range(1, most + 1):
        for start in range(len(tokens) - size + 1):
            yield "".join(tokens[start : start + size])


def _name_in(name: str, tokens: Collection[str], whole: str) -> bool:
    if len(name) >= _ANYWHERE and name in whole:
        return True
    return any(_same_name(name, token) for token in tokens if len(token) >= _STEM)


def _same_name(name: str, token: str) -> bool:
    if len(token) == _STEM:
        return len(name) >= _STEMMED and name.startswith(token)
    if name.startswith(token) or token.startswith(name):
        return True
    if len(token) >= len(name) - 2 and (name.endswith(token) or token.endswith(name)):
        return True
    return len(name) >= 5 and _alike(name, token, _NAME_LIKE)


def _code_in(code: str, tokens: list[str], whole: str) -> bool:
    if len(code) == 4:
        return code in tokens
    if code in whole or any(_is_cut(token, code) for token in tokens):
        return True
    return len(code) >= 6 and any(
        abs(len(window) - len(code)) <= 2 and _alike(code, window, _CODE_LIKE) for window in _windows(tokens, 4)
    )


def _is_cut(token: str, code: str) -> bool:
    return (len(token) >= 5 and code.startswith(token)) or (len(token) >= 6 and code.endswith(token))


def _alike(one: str, two: str, least: float) -> bool:
    return bool(fuzz.ratio(one, two, score_cutoff=least) >= least)
