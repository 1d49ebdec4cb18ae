"""The planted set has all ten actions, and what is planted is really there."""

import io
from itertools import islice

import pydicom
import pytest

from benchmarks.planting import Planted, planted
from benchmarks.scoring import Action, Delivered, consistent, judged, score
from deid.engine import intake


@pytest.fixture(scope="module")
def files() -> list[Planted]:
    return list(islice(planted(1), 2))


def test_every_action_is_asked_for(files: list[Planted]) -> None:
    assert {check.action for file in files for check in file.checks} == set(Action)


def test_files_can_be_read(files: list[Planted]) -> None:
    assert all(intake.peek(file.data).rows == 600 for file in files)


def test_what_is_to_go_is_there(files: list[Planted]) -> None:
    """Nothing done fails all that asks for a change, and passes what asks for keeping."""
    results = []
    linked = []
    for file in files:
        header = pydicom.dcmread(io.BytesIO(file.data))
        untouched = Delivered(header, file.data, file.source, file.source)
        results += judged(file.checks, untouched)
        linked += [(check, untouched) for check in file.checks]
    results += consistent(linked)
    removing = (Action.TEXT_REMOVED, Action.DATE_SHIFTED, Action.UID_CHANGED, Action.PIXELS_HIDDEN)
    assert [one for one in results if one.action in removing and one.passed] == []
    kept = [one for one in results if one.action in (Action.TEXT_RETAINED, Action.PIXELS_RETAINED)]
    assert all(one.passed for one in kept)
    assert score(results) < 31
