"""Crops of painted screens in flat files."""

from pathlib import Path

import numpy as np
import pytest

from deid.training import shelf
from deid.training.targets import TEXT

pytestmark = [pytest.mark.usefixtures("typefaces"), pytest.mark.timeout(600)]


def test_a_shelf_holds_the_same_crops_whatever_the_number_of_processes(tmp_path: Path) -> None:
    shelves = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        assert list(shelf.fill(folder, first_seed=40, count=18, processes=processes)) == [16, 18]
        shelves.append(shelf.load(folder))
    one, two = shelves
    assert len(one) == 18 * shelf.CROPS_A_SCREEN
    assert one.pictures.shape == (len(one), shelf.SIDE, shelf.SIDE, 3)
    assert np.array_equal(one.pictures, two.pictures)
    assert np.array_equal(one.cells, two.cells)
    assert np.array_equal(one.weights, two.weights)
    assert np.mean([(cells == TEXT).any() for cells in one.cells]) > 0.5
