"""Several pictures in one place."""

import numpy as np
import pytest

from deid.training.backgrounds.arrangements import CHOICES, Arrangement, arranged
from deid.training.backgrounds.families import STRANGE, TRAINING
from deid.training.backgrounds.family import look

COUNTS = {"dual": 2, "twin": 2, "quad": 4, "multiplanar": 4, "over": 2, "beside": 2}


@pytest.mark.parametrize("choice", [drawn for _, drawn in CHOICES], ids=lambda drawn: drawn.__name__)
@pytest.mark.parametrize("size", [(330, 420), (180, 90)], ids=str)
def test_cells_lie_within_the_place_and_do_not_overlap(choice: Arrangement, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    cells = choice(rng, TRAINING, look(rng, TRAINING), size)
    taken = np.zeros(size, int)
    for x, y, cell in cells:
        rows, columns = cell.inside.shape
        assert x + columns <= size[1]
        assert y + rows <= size[0]
        taken[y : y + rows, x : x + columns] += 1
    assert taken.max() == 1
    assert len(cells) == COUNTS.get(choice.__name__, 1)


def test_all_kinds_of_format_are_met() -> None:
    formats = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        cells = arranged(rng, STRANGE, look(rng, STRANGE), (120, 160))
        formats |= {(cell.spatial_format, cell.data_type) for _, _, cell in cells}
    assert {(1, 1), (1, 2), (2, 1), (3, 3)} <= formats
