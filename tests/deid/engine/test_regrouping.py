"""Pieces of one row become one line and rows found as one line are told apart, where what is read in them is known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from deid.engine import regrouping
from deid.engine.reading import Text

UPPER, LOWER = Text(40, 100, 90, 8, 0, 0, strength=0.4), Text(40, 108, 90, 9, 0, 0, strength=0.9)
WHOLE = Text(40, 100, 90, 17, 0, 0, strength=0.9)


def word(said: str, *, y: int = 101, h: int = 14, sure: float = 95.0) -> Text:
    return Text(44, y, 10 * len(said), h, 0, 0, words=said, confidence=sure)


def mended(
    lines: Sequence[Text], readings: dict[Text, list[Text]], again: list[list[Text]], rows: Sequence[Text] = ()
) -> tuple[list[Text], list[str]]:
    found, words = regrouping.mended(
        lines, readings, read=lambda asked: again[: len(asked)], parted=lambda line: list(rows) or [line]
    )
    return found, [word.words for word in words]


def test_two_halves_of_a_row_become_one_line() -> None:
    halves = {UPPER: [word("fnkzt", sure=40.0)], LOWER: [word("fnxy", sure=70.0)]}
    lines, words = mended([UPPER, LOWER], halves, [[word("PLACENTA")]])
    assert [(line.y, line.h, line.strength) for line in lines] == [(100, 17, 0.9)]
    assert words == ["PLACENTA"]


def test_what_a_half_said_counts_where_it_is_the_surer() -> None:
    halves = {UPPER: [], LOWER: [word("PLACENTA")]}
    lines, words = mended([UPPER, LOWER], halves, [[word("PIACFNTA", sure=20.0)]])
    assert [line.h for line in lines] == [17]
    assert words == ["PLACENTA"]


def test_what_a_half_said_stands_in_the_whole_row() -> None:
    halves = {UPPER: [word("PLACENTA", y=100, h=8)], LOWER: []}
    _, (whole,) = regrouping.mended([UPPER, LOWER], halves, read=lambda _asked: [], parted=lambda line: [line])
    assert (whole.words, whole.y, whole.h) == ("PLACENTA", WHOLE.y, WHOLE.h)


def test_what_is_surely_read_is_not_read_again() -> None:
    line = Text(40, 100, 90, 17, 0, 0)
    never = regrouping.mended(
        [UPPER, LOWER, replace(line, y=300)],
        {UPPER: [], LOWER: [word("PLACENTA")], replace(line, y=300): [word("KIDNEY", y=301)]},
        read=lambda asked: [[word("OKAFOR")] for _ in asked],
        parted=lambda line: [replace(line, h=8), replace(line, y=line.y + 8, h=9)],
    )
    assert sorted(word.words for word in never[1]) == ["KIDNEY", "PLACENTA"]


def test_halves_stay_apart_where_the_whole_says_nothing_that_is_known() -> None:
    halves = {UPPER: [word("fnkzt", sure=40.0)], LOWER: []}
    for again in ([], [word("OKAFOR")], [word("PLACENTA", sure=30.0)], [word("HC")]):
        lines, words = mended([UPPER, LOWER], halves, [list(again)])
        assert lines == [UPPER, LOWER]
        assert words == ["fnkzt"]


def test_two_rows_are_not_taken_for_one_however_well_one_of_them_reads() -> None:
    first, second = Text(40, 100, 90, 17, 0, 0), Text(40, 118, 90, 17, 0, 0)
    readings = {first: [word("PLACENTA")], second: [word("OKAFOR", y=119)]}
    lines, words = mended([first, second], readings, [[word("PLACENTA")]])
    assert lines == [first, second]
    assert words == ["PLACENTA", "OKAFOR"]


def test_a_line_of_two_rows_is_parted_where_a_row_reads_well_and_the_other_stays_a_line() -> None:
    tall = Text(40, 100, 90, 36, 0, 0)
    rows = [Text(40, 100, 90, 18, 0, 0), Text(40, 118, 90, 18, 0, 0)]
    lines, words = mended([tall], {tall: []}, [[word("PLACENTA")], [word("OKAFOR", y=119)]], rows)
    assert lines == rows
    assert words == ["PLACENTA", "OKAFOR"]
    lines, words = mended([tall], {tall: [word("zyx")]}, [[word("Ruiz")], [word("OKAFOR", y=119)]], rows)
    assert (lines, words) == ([tall], ["zyx"])


def test_a_line_that_reads_well_though_it_holds_two_rows_is_parted_so_that_none_hides_in_it() -> None:
    tall = Text(40, 100, 90, 36, 0, 0)
    rows = [Text(40, 100, 90, 18, 0, 0), Text(40, 118, 90, 18, 0, 0)]
    lines, _ = mended([tall], {tall: [word("PLACENTA")]}, [[word("fnk", sure=20.0)], []], rows)
    assert lines == rows


def test_rows_are_parted_between_their_ink() -> None:
    image = np.zeros((40, 60), np.uint8)
    image[4:14, 5:50] = image[22:33, 5:50] = 255
    line = Text(10, 101, 50, 36, 0, 0)
    assert [(row.y, row.h) for row in regrouping.rows_in(line, image, top=100)] == [(101, 17), (118, 19)]
    image[14:22, 5:20] = 255
    assert [(row.y, row.h) for row in regrouping.rows_in(line, image, top=100)] == [(101, 36)]
    assert regrouping.rows_in(line, np.zeros((40, 60), np.uint8), top=100) == [line]
