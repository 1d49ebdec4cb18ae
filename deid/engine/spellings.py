"""Every form in which a file may spell what identifies: names with and without initials, dates and times as written."""

from collections.abc import Iterable, Iterator

from deid.engine import dates, transliteration
from deid.engine.identifiers import Identifiers

# shorter values occur in any file
SHORTEST = 4
_MARKS = ("^", " ", "", ", ", ",", "_", "-", ".")
_NAMES = 3
_DATE_MARKS = (".", "/", "-", " ", "")


def of(known: Identifiers) -> frozenset[str]:
    """Return all spellings of `known` of at least four characters, in small letters, accented and plain."""
    every = set(known.values)
    for person in known.persons:
        every |= _person(person)
    for day in known.moments.days:
        every |= _day(day)
    for clock in known.moments.clocks:
        every |= _clock(clock)
    small = {value.lower() for value in every}
    plain = {form for value in small if not value.isascii() for form in transliteration.spellings(value)}
    return frozenset(value for value in small | plain if len(value) >= SHORTEST)


def _person(person: tuple[str, ...]) -> set[str]:
    """Return the first parts of a name in either order, and each given name cut to its initial."""
    family, *given = person[: _NAMES + 1]
    forms = set()
    for name in given:
        forms |= _joined(family, name)
        forms |= {form for short in (name[0], f"{name[0]}.") for form in _joined(family, short)}
    initials = "".join(name[0] for name in given)
    return forms | (_joined(family, initials) if len(initials) > 1 else set())


def _joined(one: str, two: str) -> set[str]:
    return {form for mark in _MARKS for form in (f"{one}{mark}{two}", f"{two}{mark}{one}")}


def _day(day: dates.Day) -> set[str]:
    """Return a day as people and machines write it besides in full: without zeros, and with a year of two digits."""
    short = f"{day.year % 100:02}"
    forms = set()
    for y, m, d in _numbers(day, years=(f"{day.year}", short)):
        forms |= {mark.join(order) for order in ((y, m, d), (d, m, y), (m, d, y)) for mark in _DATE_MARKS[:3]}
    solid = (short, f"{day.month:02}", f"{day.day:02}")
    forms |= {"".join(solid[place] for place in order) for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0))}
    for name in dates.month_names(day.month):
        for number in (f"{day.day:02}", f"{day.day}"):
            parts = (number, name, short)
            forms |= {mark.join(order) for order in (parts, parts[::-1]) for mark in _DATE_MARKS}
    return forms


def _numbers(day: dates.Day, *, years: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for year in years:
        for month in (f"{day.month:02}", f"{day.month}"):
            for number in (f"{day.day:02}", f"{day.day}"):
                yield year, month, number


def _clock(clock: dates.Clock) -> set[str]:
    """Return a time to the second, or to the minute with a colon; whole hours are nobody's."""
    if clock.minute == 0 and clock.second <= 0:
        return set()
    minute, twelve = f"{clock.minute:02}", (clock.hour + 11) % 12 + 1
    hours = {f"{clock.hour:02}", f"{clock.hour}", f"{twelve:02}", f"{twelve}"}
    forms = {f"{clock.hour:02}:{minute}", f"{twelve}:{minute} {'pm' if clock.hour >= 12 else 'am'}"}
    if clock.second >= 0:
        forms |= {mark.join((hour, minute, f"{clock.second:02}")) for hour in hours for mark in (":", ".", "-")}
    return forms
