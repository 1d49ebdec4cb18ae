"""Dates and times in every form in which headers hold them and screens show them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from deid.engine.transliteration import plain

_MONTHS = {
    1: ("jan", "january", "januar", "janvier", "enero", "janv", "gen", "ene"),
    2: ("feb", "february", "februar", "fevrier", "febrero", "fev"),
    3: ("mar", "march", "marz", "mars", "marzo", "mrz", "maerz"),
    4: ("apr", "april", "avril", "abril", "avr", "abr"),
    5: ("may", "mai", "mayo", "maggio", "mag"),
    6: ("jun", "june", "juni", "juin", "junio", "giu"),
    7: ("jul", "july", "juli", "juillet", "julio", "juil", "lug"),
    8: ("aug", "august", "aout", "agosto", "ago"),
    9: ("sep", "september", "septembre", "septiembre", "sept", "set"),
    10: ("oct", "october", "oktober", "octobre", "octubre", "okt", "ott"),
    11: ("nov", "november", "novembre", "noviembre"),
    12: ("dec", "december", "dezember", "decembre", "diciembre", "dez", "dic"),
}
_MONTH_NAMES = frozenset(name for names in _MONTHS.values() for name in names)
_DATE = re.compile(r"(?P<year>(?:18|19|20)\d\d)[.\-/:]?(?P<month>0[1-9]|1[0-2])[.\-/:]?(?P<day>0[1-9]|[12]\d|3[01])")
_EUROPEAN = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})(?P<mark>[./\-])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:18|19|20)\d\d)(?!\d)"
)
_TIME = re.compile(r"(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d))?(?:\.\d{1,6})?")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?!\d)")
# what stands between the parts of a written date
_BETWEEN = frozenset({"st", "nd", "rd", "th", "of", "the", "de", "del", "le", "er", "den", "am", "di"})
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CONFUSED = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8"})


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A calendar day as found; it need not exist in any calendar."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True, order=True)
class Clock:
    """A time of day to the second; seconds are -1 where they were not given."""

    hour: int
    minute: int
    second: int


@dataclass(frozen=True, slots=True, repr=False)
class Moments:
    """The days and times of day of a header; `raw` are the values as they were written."""

    days: frozenset[Day] = frozenset()
    clocks: frozenset[Clock] = frozenset()
    raw: frozenset[str] = frozenset()

    @classmethod
    def of(cls, values: Iterable[str]) -> "Moments":
        """Read DA, TM and DT values, the old dotted forms of ACR-NEMA included."""
        raw = frozenset(values)
        days: set[Day] = set()
        clocks: set[Clock] = set()
        for value in raw:
            rest = value
            if match := _DATE.match(value):
                days.add(Day(int(match["year"]), int(match["month"]), int(match["day"])))
                rest = value[match.end() :].strip()
            elif match := _EUROPEAN.match(value):
                days |= _readings(match)
                rest = value[match.end() :].strip()
            if match := _TIME.match(rest):
                clocks.add(Clock(int(match["hour"]), int(match["minute"]), int(match["second"] or -1)))
        return cls(frozenset(days), frozenset(clocks), raw)

    def spellings(self) -> frozenset[str]:
        """Return the forms in which a file could hold these moments; times only to the second."""
        forms = {form for day in self.days for form in _written(day)}
        for clock in self.clocks:
            if clock.second > 0 or (clock.second == 0 and clock.minute):
                forms.add(f"{clock.hour:02}{clock.minute:02}{clock.second:02}")
                forms.add(f"{clock.hour:02}:{clock.minute:02}:{clock.second:02}")
        return frozenset(forms | {value for value in self.raw if len(value) >= 8})

    def without(self, others: "Moments") -> "Moments":
        """Return these moments but for the others, and for the raw values that mean nothing else."""
        return Moments(
            self.days - others.days,
            self.clocks - others.clocks,
            frozenset(raw for raw in self.raw if not Moments.of([raw])._lies_in(others)),
        )

    def _lies_in(self, others: "Moments") -> bool:
        return bool(self.days or self.clocks) and self.days <= others.days and self.clocks <= others.clocks

    def occur_in(self, text: str) -> bool:
        """Say whether recognised text shows one of these days, in any order and spelling, or one of these times."""
        if not _squashed_days(self.days).isdisjoint(_squashed_runs(text)):
            return True
        known = {(clock.hour, clock.minute) for clock in self.clocks}
        return not known.isdisjoint(_clocks(text))


def is_month(word: str) -> bool:
    """Say whether `word` is the name of a month, or its short form, in English, German, French, Spanish or Italian."""
    return plain(word).strip(".") in _MONTH_NAMES


def month_names(month: int) -> tuple[str, ...]:
    """Return the names of a month and their short forms, plain and in small letters; `month` is 1 to 12."""
    return _MONTHS[month]


def found_in(text: str) -> set[str]:
    """Return the dates inside a longer text, each as YYYYMMDD; ambiguous ones in both readings."""
    days = {Day(int(m["year"]), int(m["month"]), int(m["day"])) for m in _DATE.finditer(text)}
    for match in _EUROPEAN.finditer(text):
        days |= _readings(match)
    return {f"{day.year:04}{day.month:02}{day.day:02}" for day in days}


def _readings(match: re.Match[str]) -> set[Day]:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    pairs = ((second, first), (first, second))
    return {Day(year, month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31}


def _written(day: Day) -> set[str]:
    """Return the exact spellings that the sweep looks for."""
    y, m, d = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    orders = ((y, m, d), (d, m, y), (m, d, y))
    forms = {mark.join(order) for order in orders for mark in (".", "/", "-", ":", " ", "")}
    for name in _MONTHS[day.month]:
        for number in {d, str(day.day)}:
            forms |= {
                f"{number} {name} {y}",
                f"{number}-{name}-{y}",
                f"{number}{name}{y}",
                f"{number}. {name} {y}",
            }
            forms |= {f"{name} {number}, {y}", f"{name} {number} {y}", f"{y}-{name}-{number}"}
    return forms


@lru_cache(maxsize=8)
def _squashed_days(days: frozenset[Day]) -> frozenset[str]:
    return frozenset(form for day in days for form in _squashed(day))


def _squashed(day: Day) -> set[str]:
    """Return the forms that a screen may show, years in two digits as well: three parts with dots, or one word."""
    numbers = {f"{day.day:02}", str(day.day)}
    months = {f"{day.month:02}", str(day.month), *_MONTHS[day.month]}
    years = {f"{day.year:04}", f"{day.year % 100:02}"}
    forms = set()
    for d in numbers:
        for m in months:
            for y in years:
                forms |= {f"{d}.{m}.{y}", f"{m}.{d}.{y}", f"{y}.{m}.{d}"}
    solid = {form.replace(".", "") for form in forms}
    return forms | {form for form in solid if len(form) >= 6}


def _squashed_runs(text: str) -> set[str]:
    """Return the text's tokens, pairs of them, and threes with dots; also with mistaken letters turned to digits."""
    runs = set()
    for form in (plain(text), plain(text.translate(_CONFUSED))):
        tokens = [token for token in _TOKEN.findall(form) if token not in _BETWEEN]
        runs.update(tokens)
        runs.update("".join(pair) for pair in pairwise(tokens))
        runs.update(".".join(three) for three in zip(tokens, tokens[1:], tokens[2:], strict=False))
    return runs


def _clocks(text: str) -> set[tuple[int, int]]:
    """Return hour and minute of the times shown, in both halves of the day; a screen's seconds are its own."""
    shown = set()
    for hour, minute in _CLOCK.findall(text.translate(_CONFUSED)):
        shown |= {(int(hour), int(minute)), ((int(hour) + 12) % 24, int(minute))}
    return shown
