"""Drawing on a sheet of tissue."""

import numpy as np
import pytest

from deid.training.backgrounds.sheet import Sheet, blob, joined


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(np.full((80, 120), 0.4, np.float32))


def test_a_filled_outline_takes_its_level_and_its_absorption(sheet: Sheet) -> None:
    sheet.fill(blob(60, 40, 20, 15), 0.9, dense=2.0)
    assert sheet.level[40, 60] == pytest.approx(0.9, abs=0.01)
    assert sheet.dense[40, 60] == pytest.approx(2.0, abs=0.02)
    assert sheet.level[5, 5] == pytest.approx(0.4)
    assert sheet.dense[5, 5] == 0


def test_a_stroke_never_darkens(sheet: Sheet) -> None:
    sheet.stroke(joined([10, 110], [40, 40]), 0.1, width=5)
    assert sheet.level.min() == pytest.approx(0.4)
    sheet.stroke(joined([10, 110], [40, 40]), 1.0, width=5)
    assert sheet.level[40, 60] > 0.9


def test_a_wall_is_bright_where_it_lies_and_faint_where_it_stands(sheet: Sheet) -> None:
    sheet.wall(joined(np.linspace(10, 50, 20), np.full(20, 20.0)), 1.0, width=3)
    sheet.wall(joined(np.full(20, 90.0), np.linspace(20, 60, 20)), 1.0, width=3)
    assert sheet.level[20, 30] > sheet.level[40, 90] + 0.2


def test_spots_are_small_and_bright(sheet: Sheet) -> None:
    sheet.spots(joined([30, 70], [30, 50]), 1.0, radius=3)
    assert sheet.level[30, 30] > 0.9
    assert sheet.level[30, 42] == pytest.approx(0.4)


def test_what_lies_beyond_the_sheet_changes_nothing(sheet: Sheet) -> None:
    sheet.fill(blob(-300, 40, 20, 20), 0.9)
    sheet.stroke(joined([500, 600], [10, 10]), 1.0, width=3)
    assert np.unique(sheet.level).size == 1


def test_a_blob_wobbles_only_when_told() -> None:
    even = blob(0, 0, 10, 10)
    uneven = blob(0, 0, 10, 10, wobble=0.3, rng=np.random.default_rng(1))
    assert np.allclose(np.hypot(*even.T), 10, atol=1e-3)
    assert np.hypot(*uneven.T).std() > 0.1
