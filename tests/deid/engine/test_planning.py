"""What surely is a measurement stays, everything else is covered, and a page of text is recognised as one."""

import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import planning
from deid.engine.errors import HoldReason
from deid.engine.findings import Flag
from deid.engine.geometry import Box, Why
from deid.engine.policy import KeptText, Policy
from deid.engine.reading import Text
from deid.phantoms.painting import paint
from deid.phantoms.spec import Phantom, Spec, Subject
from deid.phantoms.studies import FIRST

ROWS, COLUMNS = 200, 300


def kept() -> npt.NDArray[np.bool_]:
    mask = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    mask[40:180, 30:280] = True
    return mask


def word(x: int, words: str, *, w: int = 30, y: int = 100, confidence: float = 95.0) -> Text:
    return Text(x=x, y=y, w=w, h=12, first_frame=0, last_frame=0, words=words, confidence=confidence)


def make(texts: list[Text], policy: Policy | None = None, name: str = "Okafor") -> planning.Plan:
    return planning.make(kept(), texts, frames=1, policy=policy or Policy(), matches=lambda words: words == name)


def covered(plan: planning.Plan, text: Text) -> bool:
    x, y = text.x + text.w // 2, text.y + text.h // 2
    return any(b.x <= x < b.x + b.w and b.y <= y < b.y + b.h for b in plan.covers)


def test_measurement_stays_and_name_beside_it_goes() -> None:
    name, measure = word(60, "Okafor"), word(150, "5.28cm")
    line = Text(x=60, y=100, w=120, h=12, first_frame=0, last_frame=0)

    plan = make([line, name, measure])

    assert covered(plan, name)
    assert not covered(plan, measure)
    assert Why.IDENTIFIER in {box.why for box in plan.covers}


def test_title_before_a_name_goes_with_it() -> None:
    title, name = word(60, "DR", w=16), word(80, "Okafor")

    assert covered(make([Text(60, 100, 50, 12, 0, 0), title, name]), title)


def test_number_beside_something_unknown_is_no_measurement() -> None:
    number, rest = word(60, "17.03"), word(100, "Zzyzx")
    line = Text(x=60, y=100, w=70, h=12, first_frame=0, last_frame=0)

    assert covered(make([line, number, rest]), number)
    assert not covered(make([line, number, word(100, "cm")]), number)


def test_no_half_of_a_staying_word_is_left() -> None:
    name, rate = word(60, "Okafor", y=100), word(75, "20Hz", y=109)

    covers = make([name, rate]).covers

    assert any(box.x <= 75 and box.x + box.w >= 105 and box.y + box.h >= 121 for box in covers)


def test_a_sliver_of_a_row_above_a_staying_word_takes_it_along() -> None:
    """A detector may part a row of print so that the tops of its letters are a line of their own."""
    rate = word(60, "20Hz", y=100)

    covers = make([Text(58, 92, 34, 8, 0, 0), Text(58, 100, 34, 12, 0, 0), rate]).covers

    assert any(box.x <= 60 and box.x + box.w >= 90 and box.y + box.h >= 112 for box in covers)


def test_a_line_of_which_a_letter_is_unexplained_goes_as_a_whole() -> None:
    """What stands before `.64cm` may be its first digit: a number without it would be a false one."""
    measure, neighbour = word(72, "4.64cm", w=50), word(72, "5.28cm", w=50, y=130)

    plan = make([Text(60, 100, 62, 12, 0, 0), measure, Text(70, 130, 54, 12, 0, 0), neighbour])

    assert covered(plan, measure)
    assert not covered(plan, neighbour)


def test_guess_without_confidence_needs_no_cover_of_its_own() -> None:
    assert make([word(60, "zz", confidence=5.0)]).covers == ()
    assert covered(make([word(60, "Okafor", confidence=5.0)]), word(60, "Okafor"))


def test_spaces_between_staying_words_stay() -> None:
    label, value = word(60, "BPD"), word(98, "5.28cm", w=50)

    assert make([Text(60, 100, 88, 12, 0, 0), label, value]).covers == ()


def test_words_across_the_edge_go_and_nothing_outside_is_uncovered() -> None:
    value, inside = word(15, "5.28cm", w=40), word(31, "5.28cm", w=40, y=140)
    lines = [Text(15, 100, 40, 12, 0, 0), Text(31, 140, 40, 12, 0, 0)]

    plan = make([*lines, value, inside])

    assert np.array_equal(plan.kept, kept())
    assert covered(plan, value)
    assert not covered(plan, inside)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 260), st.integers(0, 180), st.sampled_from(["HC", "5.28cm", "Okafor", "Zz"]))))
def test_no_name_is_ever_left_uncovered(places: list[tuple[int, int, str]]) -> None:
    words = [word(x, words, y=y) for x, y, words in places]

    plan = make(words)

    for name in (name for name in words if name.words == "Okafor"):
        hidden = ~plan.kept
        for box in plan.covers:
            hidden[box.y : box.y + box.h, box.x : box.x + box.w] = True
        assert hidden[name.y : name.y + name.h, name.x : name.x + name.w].all()


def test_unread_line_is_covered() -> None:
    line = Text(x=60, y=100, w=80, h=12, first_frame=0, last_frame=0)

    plan = make([line])

    assert covered(plan, line)
    assert plan.covers[0].why is Why.UNKNOWN_TEXT


def test_policy_without_measurements_covers_them() -> None:
    measure = word(150, "5.28")

    assert covered(make([measure], Policy(text=KeptText.NOTHING)), measure)


def test_second_reading_that_identifies_outweighs_a_harmless_one() -> None:
    harmless, name = word(60, "Heart"), word(61, "Hearst")

    plan = make([harmless, name], name="Hearst")

    assert covered(plan, harmless)


def test_reviewers_box_is_always_covered_and_clipped() -> None:
    extra = Box(250, 150, 500, 500, 0, 9, Why.TEXT_LEFT)

    plan = make([], Policy(extra_boxes=(extra,)))

    assert plan.covers == (Box(250, 150, 50, 50, 0, 0, Why.MANUAL),)


def test_a_rules_box_says_that_it_is_of_the_device() -> None:
    extra = Box(250, 150, 20, 20, 0, 0, Why.DEVICE)

    assert make([], Policy(extra_boxes=(extra,))).covers == (extra,)


def test_a_lifted_place_is_open_and_is_looked_at_again() -> None:
    unknown = word(150, "Qwrtz")
    (box,) = make([unknown]).covers

    plan = make([unknown], Policy(lifted=(box,)))

    assert plan.covers == ()
    assert [(text.x, text.y, text.w, text.h) for text in plan.staying] == [(box.x, box.y, box.w, box.h)]


@pytest.mark.requirement("R36")
def test_what_identifies_is_never_lifted() -> None:
    name = word(150, "Okafor")
    (box,) = make([name], name="Okafor").covers
    whole = Box(0, 0, COLUMNS, ROWS, 0, 0, Why.UNKNOWN_TEXT)

    assert box.why is Why.IDENTIFIER
    assert make([name], Policy(lifted=(box, whole)), name="Okafor").covers == (box,)


def test_a_place_lifts_no_cover_that_reaches_beyond_it() -> None:
    unknown = word(150, "Qwrtz")
    (box,) = make([unknown]).covers
    narrow = replace(box, w=box.w - 1)
    other = replace(box, first_frame=1, last_frame=1)

    assert make([unknown], Policy(lifted=(narrow, other))).covers == (box,)


def test_text_outside_the_area_needs_no_cover_of_its_own() -> None:
    assert make([word(60, "Okafor", y=5)]).covers == ()


def test_many_words_without_echoes_are_a_report_page() -> None:
    words = [word(40, "Okafor", y=40 + 5 * n) for n in range(26)]
    none = np.zeros((ROWS, COLUMNS), dtype=np.bool_)

    assert planning.page_of_text(words, none) is HoldReason.REPORT_PAGE
    assert planning.page_of_text(words[:5], none) is None


def words_of(phantom: Phantom) -> list[Text]:
    """Return the words of a painted screen where they were printed."""
    found = []
    for printed in phantom.truth:
        left, top, right, bottom = printed.box
        step = (right - left) / max(1, len(printed.text))
        for match in re.finditer(r"\S+", printed.text):
            x, w = round(left + step * match.start()), max(1, round(step * len(match[0])))
            found.append(Text(x, top, w, max(1, bottom - top), 0, 0, words=match[0], confidence=90.0))
    return found


@pytest.mark.parametrize("read", [True, False], ids=["read", "unread"])
@pytest.mark.parametrize("subject", Subject)
def test_worksheets_are_report_pages_and_pictures_with_results_are_none(subject: Subject, read: bool) -> None:
    phantom = paint(Spec(FIRST, subject=subject))
    texts = words_of(phantom) if read else [replace(text, words="") for text in words_of(phantom)]
    echoes = np.zeros_like(phantom.area) if subject is Subject.REPORT else phantom.area

    expected = HoldReason.REPORT_PAGE if subject is Subject.REPORT else None
    assert planning.page_of_text(texts, echoes) is expected


def test_what_the_words_say_is_flagged() -> None:
    assert make([word(60, "girl")]).flags == {Flag.FETAL_SEX}
    assert make([word(60, "Okafor")]).flags == frozenset()


def test_a_cover_does_not_reach_into_the_word_beside_it() -> None:
    measure, rest = word(60, "5.28cm", w=50), word(140, "Zzyzx", w=40)
    plan = make([Text(60, 100, 120, 12, 0, 0), measure, rest])

    assert covered(plan, rest)
    assert all(box.x >= measure.x + measure.w for box in plan.covers)


def test_what_a_reviewer_covered_makes_no_report_page() -> None:
    words = [word(40, "Okafor", y=40 + 5 * n) for n in range(26)]
    none = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    whole, half = (Box(0, 0, COLUMNS, rows, 0, 0, Why.MANUAL) for rows in (ROWS, 100))
    elsewhere = Box(0, 0, COLUMNS, ROWS, 1, 1, Why.MANUAL)

    assert planning.page_of_text(words, none, covers=(whole,)) is None
    assert planning.page_of_text(words, none, covers=(half,)) is None
    assert planning.page_of_text(words, none, covers=(elsewhere,)) is HoldReason.REPORT_PAGE


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 150), st.integers(0, 200), st.integers(2, 90), st.integers(2, 140))
def test_boxes_of_the_report_hold_nothing_kept(y: int, x: int, h: int, w: int) -> None:
    mask = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    mask[y : y + h, x : x + w] = True
    mask[y, x : x + w // 2] = False

    boxes = planning.Plan(kept=mask, covers=(), frames=3).boxes()

    for box in boxes:
        assert box.x + box.w <= COLUMNS
        assert box.y + box.h <= ROWS
        assert box.last_frame == 2
        assert not mask[box.y : box.y + box.h, box.x : box.x + box.w].any()


def test_nothing_kept_is_one_box() -> None:
    plan = planning.Plan(kept=np.zeros((ROWS, COLUMNS), dtype=np.bool_), covers=(), frames=1)

    assert plan.boxes() == (Box(0, 0, COLUMNS, ROWS, 0, 0, Why.OUTSIDE),)
