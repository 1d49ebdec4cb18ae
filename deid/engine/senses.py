"""What a recognised word is: a measurement, anatomy, a number of some form, or unknown."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from deid.engine import vocabulary
from deid.engine.transliteration import plain
from deid.engine.vocabulary import Group


class Sense(StrEnum):
    """What a recognised word is, as far as the lists and the forms of numbers tell.

    VALUE is a number with its unit or name, NUMBER one without, AGE that of a pregnancy, COUNT a number of four digits
    which may be a weight as well as a year, SIGN has no letter and no digit. DATE introduces a date (LMP), LABEL a
    person, a place or a number of theirs. SEX tells that of a child.
    """

    MEASUREMENT = "measurement"
    ANATOMY = "anatomy"
    VALUE = "value"
    NUMBER = "number"
    AGE = "age"
    COUNT = "count"
    SIGN = "sign"
    DATE = "date"
    LABEL = "label"
    SEX = "sex"
    UNKNOWN = "unknown"


# digits, and the letters that a reader takes them for
_D = r"[\dOoIlSB@]"
_UNIT = (
    r"(?:mm|rnm|nm|cm|crn|em|cn|tm|[c¢][\w¢]?m|ca|ml|cc|dl|g|q|gm|gr|kg|ms|s|sec|min|k?h[z2]|mh[z2]|d[b8]|%|bpm|bprn|bpn|bom"
    r"|[ce]m/s|m/s|mm/s|mmhg|mm2|cm2|cm3|l/min|th|st|nd|rd)"
)
_SIGNED = r"(?:[<>~=+-]|\+/-|±)?"
_DECIMAL = rf"{_D}{{1,3}}[.,]{_D}{{1,3}}"
_FORMS = (
    (rf"{_SIGNED}(?=.*\d)(?:{_DECIMAL}|{_D}{{1,3}})", Sense.NUMBER),
    (r"\d{4}", Sense.COUNT),
    (
        rf"{_SIGNED}(?=.*\d)(?i:{_D}{{1,2}}[wvu']{{1,3}}(?:ks?|eeks?)?'?(?:[\dOoIilSB]{{1,2}}(?:d|days?)?)?|{_D}d(?:ays?)?|\d\d\+\d)",
        Sense.AGE,
    ),
    (rf"{_SIGNED}(?=.*\d)(?i:(?:{_DECIMAL}|{_D}{{1,3}}){_UNIT}|\d{{4}}(?:g|q|gm|gr|ml|cc|hz))", Sense.VALUE),
)
_NUMBERS = tuple((re.compile(form), found) for form, found in _FORMS)
_SIGN = re.compile(r"[-+±=:/<>%&]{1,3}")
_NAMED = re.compile(rf"(?P<name>[^\W\d_]{{2,8}}?)(?P<value>\d{_D}{{0,2}}(?:[.,]{_D}{{1,3}})?{_UNIT}?)", re.I)
_LETTERED = re.compile(rf"[^\W\d_](?:[1-9]?{_DECIMAL}{_UNIT}|\d{{1,2}})", re.I)
# a caliper's number or letter and what it measured, read as one
_CALIPER = re.compile(rf"(?:[1-4Il|]?[LDVA][1-4]?)\.?(?P<value>\d{{1,3}}[.,]\d{{1,3}})(?P<unit>{_UNIT})?", re.I)
_CALIPER_SIGN = re.compile(r"^[1-4Il|]?[LDVA]\.?", re.I)
# a measurement and the age that follows from it, read as one
_JOINED = re.compile(
    rf"(?P<name>[^\W\d_]{{2,8}})?(?P<value>\d{{1,3}}[.,]\d{{1,3}})(?P<unit>{_UNIT})(?P<age>\d{{1,2}}w\d{{1,2}}d)", re.I
)
# indices of flow, whose I is often read as a 1 or an l, with a value of two decimals
_INDEX = re.compile(r"[PR][Il1L|][.:]?\d[.,]\d\d")
_WEIGHT = re.compile(
    r"(?:EFW|EFBW|FW|PFE|EPF|GEWICHT|PESO|POIDS|WEIGHT)[.:=_]?[1-9]\d{2,3}[.]?(?:g|q|9|gm|gr|grams?)", re.I
)
_COUNTED = re.compile(r"(?P<count>[1-9])(?P<name>[^\W_]{2,})")
_SIDED = re.compile(r"(?P<side>rt|lt|rl|ll|re|li)(?P<name>[^\W\d_]{3,})", re.I)
_AGED = re.compile(r"(?P<name>[^\W\d_]{2,4}?)(?P<value>\d{1,2}w[\dOoIil]d)", re.I)
_SPLITS = (_NAMED, _COUNTED, _SIDED, _AGED)
# a day and a month may look like a number with two decimals
_DAYISH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[.,](?:0[1-9]|1[0-2])")
# never between two digits, where such a sign may hold a date, a time or a number of a person together
_BREAK = re.compile(r"(?<!\d)[-/=:()<>+±,.&#°_\"*]+|[-/=:()<>+±,.&#°_\"*]+(?!\d)")
_TRIM = " .,:;()[]{}'\"`*_°!?#"
_SENSES = {
    Group.MEASUREMENTS: Sense.MEASUREMENT,
    Group.ANATOMY: Sense.ANATOMY,
    Group.NAMES: Sense.ANATOMY,
    Group.DATES: Sense.DATE,
}
# what a word of several parts counts as, and the parts that it may have
_STRONGEST = (Sense.AGE, Sense.ANATOMY, Sense.VALUE, Sense.MEASUREMENT)
_PARTS = frozenset({*_STRONGEST, Sense.NUMBER})


@lru_cache(maxsize=4096)
def of(word: str) -> Sense:
    """Return what one recognised word is; words made of several (HC/AC, MI:0.4) are what their parts are."""
    bare = word.strip(_TRIM)
    if vocabulary.tells_sex(bare):
        return Sense.SEX
    if _SIGN.fullmatch(word):
        return Sense.SIGN
    found = _number(bare) or _listed(bare)
    if found is None and may_introduce(bare):
        return Sense.LABEL
    return found or _compound(bare) or Sense.UNKNOWN


def may_introduce(word: str) -> bool:
    """Say whether a word, or its part before a sign, introduces an identifier; it may be a measurement as well."""
    return any(vocabulary.is_label(part) for part in _BREAK.split(plain(word)))


def is_dayish(word: str) -> bool:
    """Say whether a number may be a day and a month."""
    return _DAYISH.fullmatch(word.strip(_TRIM)) is not None


def is_exact(word: str) -> bool:
    """Say whether a word stands in the list of kept words as it was read, by itself or behind its side (RTOVARY)."""
    name = plain(word.strip(_TRIM))
    sided = _SIDED.fullmatch(name)
    return any(name in vocabulary.kept(group) or (sided and sided["name"] in vocabulary.kept(group)) for group in Group)


def is_name_too(word: str) -> bool:
    """Say whether a word of the list of kept words is a person's name as well."""
    return vocabulary.group_of(bare(word)) is Group.NAMES


def bare(word: str) -> str:
    """Return a word folded and without the signs round it, as clinics' own words are compared."""
    return plain(word.strip(_TRIM))


def _number(word: str) -> Sense | None:
    return next((found for form, found in _NUMBERS if form.fullmatch(word)), None)


def _listed(word: str) -> Sense | None:
    group = vocabulary.group_of(plain(word))
    return None if group is None else _SENSES[group]


def _compound(word: str) -> Sense | None:
    if _INDEX.fullmatch(word) or _WEIGHT.fullmatch(word):
        return Sense.VALUE
    parts = [part for part in _BREAK.split(word) if part]
    if len(parts) > 1:
        return _whole(parts)
    if parts and parts[0] != word:
        return of(parts[0])
    if found := _measured(word):
        return found
    if _LETTERED.fullmatch(word):
        return Sense.NUMBER if len(word) <= 3 else Sense.VALUE
    if joined := _JOINED.fullmatch(word):
        return _whole(part for part in (joined["name"], joined["value"] + joined["unit"], joined["age"]) if part)
    splits = (form.fullmatch(word) for form in _SPLITS)
    return next((found for split in splits if split and (found := _whole(split.groups()))), None)


def _measured(part: str) -> Sense | None:
    """Return VALUE or NUMBER for a caliper's sign with its value; without a unit it is no day and month either way."""
    caliper = _CALIPER.fullmatch(part)
    if caliper is None:
        return None
    if caliper["unit"]:
        return Sense.VALUE
    dayish = is_dayish(caliper["value"]) or is_dayish(_CALIPER_SIGN.sub("", part))
    return None if dayish else Sense.NUMBER


def _whole(parts: Iterable[str]) -> Sense | None:
    """Return what a word of these parts is; None where one of them is nothing that may stay."""
    senses = {_number(part) or _listed(part) or _measured(part) for part in parts}
    if senses == {Sense.DATE, Sense.AGE}:
        return Sense.AGE
    if not senses <= _PARTS:
        return None
    found = next((found for found in _STRONGEST if found in senses), None)
    return Sense.VALUE if found is Sense.MEASUREMENT and Sense.NUMBER in senses else found
