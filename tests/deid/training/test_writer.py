"""The hand that prints a screen's texts."""

import numpy as np
import pytest

from deid.training.glass import Glass
from deid.training.people import invent
from deid.training.texts import Kind
from deid.training.writer import Writer, take_up

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.fixture
def writer() -> Writer:
    rng = np.random.default_rng(5)
    area = np.zeros((600, 800), bool)
    area[100:560, 100:700] = True
    glass = Glass(np.zeros((600, 800, 3), np.uint8), area)
    return take_up(rng, glass, invent(rng, held_out=False), held_out=False)


def test_a_writer_says_something_of_every_kind(writer: Writer) -> None:
    assert all(writer.say(kind) for kind in Kind)


def test_a_row_prints_its_kinds_from_left_to_right(writer: Writer) -> None:
    writer.row(60, [Kind.SETTING, Kind.MEASUREMENT, Kind.DATE], span=(10, 790))
    lefts = [int(np.nonzero((writer.glass.labels == n + 1).any(axis=0))[0][0]) for n in range(len(writer.glass.lines))]
    assert len(lefts) >= 2
    assert lefts == sorted(lefts)


def test_a_column_prints_under_each_other(writer: Writer) -> None:
    writer.column((20, 60), [Kind.ID] * 4)
    tops = [int(np.nonzero((writer.glass.labels == n + 1).any(axis=1))[0][0]) for n in range(len(writer.glass.lines))]
    assert len(tops) == 4
    assert tops == sorted(tops)


def test_results_are_measurements(writer: Writer) -> None:
    writer.results((200, 200), 4)
    assert {line.kind for line in writer.glass.lines} == {Kind.MEASUREMENT}


def test_a_plate_spares_what_is_printed(writer: Writer) -> None:
    writer.put(Kind.NAME, (40, 60))
    before = writer.glass.pixels.copy()
    writer.plate((0, 0, 800, 90), colour=(90, 90, 90))
    assert np.array_equal(writer.glass.pixels, before)
    writer.plate((0, 300, 800, 90), colour=(90, 90, 90))
    assert (writer.glass.pixels[300:390] == 90).all()


def test_notes_lie_in_the_picture(writer: Writer) -> None:
    writer.notes(12)
    assert writer.glass.labels[writer.glass.area].any()


def test_a_named_note_identifies(writer: Writer) -> None:
    for row in range(40, 590, 30):
        writer.put(Kind.NOTE, (20, row))
    personal = [line for line in writer.glass.lines if any(part in line.text for part in writer.who.name.split("^"))]
    assert all(line.identifying for line in personal)
