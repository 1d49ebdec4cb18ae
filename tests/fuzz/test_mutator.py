"""Hostile files are made again by their seed, and the worst of them are what they claim to be."""

import io

import pydicom
import pytest

from deid.engine import intake
from deid.engine.errors import Rejected, RejectReason
from tests.fuzz.mutator import Mutator, elements, nested
from tests.fuzz.seeds import CANARY, seeds


def test_the_seeds_are_good_files_of_one_person() -> None:
    for data in seeds():
        intake.peek(data)
    assert sum(CANARY.encode() in data for data in seeds()) == len(seeds()) - 1


def test_the_same_seed_makes_the_same_files() -> None:
    one, same, other = (Mutator(seeds(), seed) for seed in (7, 7, 8))
    first = [one.next() for _ in range(20)]
    assert first == [same.next() for _ in range(20)]
    assert first != [other.next() for _ in range(20)]


def test_elements_are_found_where_they_stand() -> None:
    data = seeds()[0]
    found = {one.tag: data[one.value : one.end] for one in elements(data, meta=True)}
    expected = pydicom.dcmread(io.BytesIO(data))
    assert set(found) == {(tag.group, tag.element) for tag in [*expected.file_meta.keys(), *expected.keys()]}
    assert found[(0x7FE0, 0x10)] == expected.PixelData


@pytest.mark.parametrize(
    ("kind", "defined"), [(b"SQ", True), (b"SQ", False), (b"UN", False)], ids=["SQ", "SQ of undefined length", "UN"]
)
def test_deep_nesting_is_refused_before_the_parser_sees_it(kind: bytes, defined: bool) -> None:
    data = seeds()[0]
    (at,) = [one.start for one in elements(data, meta=True) if one.tag == (0x7FE0, 0x10)]
    for depth, refused in ((3, False), (60, True), (2000, True)):
        deep = data[:at] + nested(depth, kind, defined=defined) + data[at:]
        if not refused:
            intake.peek(deep)
            continue
        with pytest.raises(Rejected) as fault:
            intake.peek(deep)
        assert fault.value.reason is RejectReason.TOO_DEEP
