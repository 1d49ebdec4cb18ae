"""Reads single values of a header that may hold anything, and gives only what is a plausible number or a known term.

A value that is missing, of another type, of another count, or out of range is simply not there. Codes are written anew.
"""

from collections.abc import Collection, Iterable

import pydicom
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sr.coding import Code

from deid.engine.intake import UNREADABLE
from deid.engine.profile_table import Number

# an eight-byte number keeps so many digits: finer ones mean nothing, and could spell letters
_DIGITS = 7


def numbers(source: Dataset, number: Number) -> list[float | int]:
    """Return the values as plain numbers, written anew, so that nothing hides in zeros, far decimals or spelling."""
    value = source.get(number.keyword, None)
    if value is None or isinstance(value, (bytes, pydicom.Sequence)):
        return []
    try:
        values = [float(item) for item in (value if _is_many(value) else [value])]
    except UNREADABLE:
        return []
    if not number.least <= len(values) <= number.most or not all(number.low <= item <= number.high for item in values):
        return []
    return [_tidy(item, dictionary_VR(number.keyword)) for item in values]


def copy_numbers(source: Dataset, target: Dataset, wanted: Iterable[Number]) -> None:
    """Set in `target` each number that `source` has."""
    for number in wanted:
        values = numbers(source, number)
        if values:
            setattr(target, number.keyword, values if number.most > 1 else values[0])


def plain(source: Dataset, keyword: str) -> str:
    """Return a single text without the padding round it, or ""."""
    value = source.get(keyword, None)
    if value is None or isinstance(value, (bytes, pydicom.Sequence)) or _is_many(value):
        return ""
    try:
        return str(value).strip(" \0")
    except UNREADABLE:
        return ""


def term(source: Dataset, keyword: str, allowed: Collection[str]) -> str:
    """Return a single text if it is one of the `allowed`, or ""."""
    value = plain(source, keyword)
    return value if value in allowed else ""


def items(source: Dataset, keyword: str, *, most: int) -> list[Dataset]:
    """Return the first items of a sequence; none where the element is no sequence."""
    value = source.get(keyword, None)
    return list(value[:most]) if isinstance(value, pydicom.Sequence) else []


def coded(code: Code) -> Dataset:
    """Return a code as the item of a sequence (PS3.3 section 8.8), its meaning in the given spelling."""
    item = Dataset()
    item.CodeValue = code.value
    item.CodingSchemeDesignator = code.scheme_designator
    item.CodeMeaning = code.meaning
    return item


def _is_many(value: object) -> bool:
    return isinstance(value, (MultiValue, list, tuple))


def _tidy(value: float, vr: str) -> float | int:
    if vr in ("FD", "FL"):
        return float(f"{value:.{_DIGITS}g}")
    return round(value, 3) if vr == "DS" and not value.is_integer() else int(value)
