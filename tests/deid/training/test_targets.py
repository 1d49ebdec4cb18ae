"""What the network is to learn of a painted screen."""

from dataclasses import replace

import numpy as np
import pytest

from deid.training import screens, targets
from deid.training.screens import Screen
from deid.training.targets import CELL, NO_MATTER, NO_TEXT, TEXT

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.fixture(scope="module")
def screen(typefaces: None) -> Screen:
    return screens.paint(3, held_out=False, density="dense")


def test_every_legible_ink_lies_in_text_cells_and_nothing_far_from_ink_does(screen: Screen) -> None:
    told = targets.targets(screen)
    pixels = told.cells.repeat(CELL, axis=0).repeat(CELL, axis=1)[: screen.labels.shape[0], : screen.labels.shape[1]]
    legible = [number for number, value in enumerate(targets.contrasts(screen), 1) if value >= targets.LEGIBLE]
    assert legible
    assert (pixels[np.isin(screen.labels, legible)] == TEXT).all()
    text = np.argwhere(told.cells == TEXT)
    assert all((screen.labels[y * CELL : y * CELL + CELL, x * CELL : x * CELL + CELL] > 0).any() for y, x in text)


def test_cells_beside_text_are_of_no_matter(screen: Screen) -> None:
    cells = targets.targets(screen).cells
    for y, x in np.argwhere(cells == TEXT):
        near = cells[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
        assert NO_TEXT not in near


def test_ink_that_nobody_can_read_is_of_no_matter(screen: Screen) -> None:
    unseen = replace(screen, pixels=screen.clean)
    assert TEXT not in targets.targets(unseen).cells
    assert NO_MATTER in targets.targets(unseen).cells


def test_a_short_word_weighs_more_than_a_long_one_cell_for_cell(screen: Screen) -> None:
    told = targets.targets(screen)
    weights = told.weights[told.cells == TEXT]
    assert weights.min() < weights.max() <= 4 * targets.UNIT
