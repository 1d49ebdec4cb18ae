"""What stands around the picture."""

import numpy as np
import pytest

from deid.training import fittings
from deid.training.glass import Glass
from deid.training.texts import Kind

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.mark.parametrize("held_out", [False, True], ids=["training", "exam"])
@pytest.mark.parametrize("seed", range(6))
def test_only_the_rulers_numbers_are_text(seed: int, held_out: bool) -> None:
    area = np.zeros((480, 640), bool)
    area[60:430, 90:560] = True
    glass = Glass(np.zeros((480, 640, 3), np.uint8), area)
    fittings.around(np.random.default_rng(seed), glass, held_out=held_out)
    assert glass.pixels.any()
    assert {line.kind for line in glass.lines} <= {Kind.SETTING}
    assert all(any(sign.isdigit() for sign in line.text) for line in glass.lines)


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_without_room_around_it_takes_them_too(seed: int) -> None:
    glass = Glass(np.full((240, 320, 3), 9, np.uint8), np.ones((240, 320), bool))
    fittings.around(np.random.default_rng(seed), glass, held_out=False)
    assert glass.pixels.shape == (240, 320, 3)
