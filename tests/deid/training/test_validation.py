"""Counting what a detector finds on painted screens."""

import numpy as np
import pytest

from deid.training import screens, validation
from deid.training.targets import CELL

pytestmark = pytest.mark.usefixtures("typefaces")


def test_a_perfect_detector_finds_all_and_a_blind_one_nothing() -> None:
    screen = screens.paint(8, held_out=True, density="dense")
    rows, columns = (-(-size // CELL) for size in screen.labels.shape)
    perfect = np.zeros((rows, columns), np.float32)
    for y, x in np.argwhere(screen.labels > 0):
        perfect[y // CELL, x // CELL] = 0.9
    (seen,) = validation.validate([screen], lambda _picture: perfect, (0.5,))
    assert seen.inside + seen.outside > 0
    assert (seen.inside_found, seen.outside_found) == (seen.inside, seen.outside)
    assert seen.summary()["false_share"] == 0.0

    (blind, eager) = validation.validate([screen], lambda _picture: np.full_like(perfect, 0.6), (0.7, 0.5))
    assert (blind.inside_found, blind.outside_found) == (0, 0)
    assert eager.summary()["false_share"] == 1.0
