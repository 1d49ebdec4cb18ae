"""The exam counts what is left of each text."""

from dataclasses import replace

import numpy as np
import pytest

from deid.training import exam, screens
from deid.training.screens import Kind

pytestmark = [pytest.mark.usefixtures("typefaces"), pytest.mark.timeout(600)]


def test_an_untouched_picture_leaves_everything_and_a_black_one_nothing() -> None:
    screen = screens.paint(6, held_out=False, density="dense")
    untouched = exam.marked(6, screen, screen.pixels, status="clean")
    assert untouched.inside_all + untouched.outside_all > 0
    assert (untouched.inside_whole, untouched.outside_whole) == (untouched.inside_all, untouched.outside_all)
    assert (untouched.over, untouched.kept) == (0.0, untouched.keepable)

    black = exam.marked(6, screen, np.where(screen.pixels > 0, 0, 1).astype(np.uint8), status="clean")
    assert (black.inside_part, black.outside_part, black.kept) == (0, 0, 0)
    assert black.over > 0.9


def test_covering_one_name_counts_one_less() -> None:
    screen = screens.paint(6, held_out=False, density="dense")
    before = exam.marked(6, screen, screen.pixels, status="clean")
    number, name = next(
        (number, printed)
        for number, printed in enumerate(screen.printed, 1)
        if printed.kind is Kind.NAME and printed.inside
    )
    covered = screen.pixels.copy()
    covered[screen.labels == number] ^= 255
    after = exam.marked(6, screen, covered, status="clean")
    assert name.identifying
    assert after.inside_whole == before.inside_whole - 1


def test_what_nobody_sees_is_no_harm() -> None:
    screen = screens.paint(6, held_out=True, plausible=True)
    faint = np.where(screen.pixels > 2, screen.pixels - 2, 0).astype(np.uint8)
    assert exam.marked(6, screen, faint, status="clean").over == 0.0
    plain = np.where(screen.pixels > 20, screen.pixels - 20, 20).astype(np.uint8)
    assert exam.marked(6, screen, plain, status="clean").over > 0.9


def test_held_pictures_do_not_count_as_clean() -> None:
    clean = exam.Mark(1, "clean", "", inside_all=3, inside_part=1, inside_whole=0, over=0.01, keepable=4, kept=3)
    held = exam.Mark(2, "held", "text_left", outside_all=2, inside_all=5, inside_part=5, inside_whole=5, over=0.5)
    counts = exam.summary([clean, held, replace(held, seed=3), replace(held, seed=4, reason="area_uncertain")])
    assert (counts["screens"], counts["clean"], counts["inside_identifiers"]) == (4, 1, 3)
    assert (counts["held"], counts["held_share"]) == (3, 0.75)
    assert counts["held_by_reason"] == {"area_uncertain": 1, "text_left": 2}
    assert (counts["held_outside_identifiers"], counts["held_outside_left_in_part"]) == (6, 0)
    assert (counts["held_inside_identifiers"], counts["held_inside_left_in_part"]) == (15, 15)
    assert counts["inside_left_share"] == 0.33333
    assert (counts["inside_left_in_part"], counts["inside_left_whole"]) == (1, 0)
    assert counts["kept_share"] == 0.75


def test_the_engine_is_examined_from_file_to_file() -> None:
    marks = list(exam.examine([7, 8, 7], plausible=True, processes=2))
    assert [mark.seed for mark in marks] == [7, 8, 7]
    mark, again = marks[0], marks[2]
    assert mark == again
    assert mark.status in {"clean", "held"}
    assert mark.inside_all + mark.outside_all > 0
