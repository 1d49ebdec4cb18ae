"""What picture processing does to a grey picture."""

import numpy as np
import pytest

from deid.training.backgrounds import finishes
from deid.training.backgrounds.family import Finish

NOISE = np.random.default_rng(1).integers(40, 200, (61, 83)).astype(np.uint8)


@pytest.mark.parametrize(
    "finish",
    [
        finishes.plain,
        finishes.persistent,
        finishes.painted,
        finishes.sharpened,
        finishes.coarse,
        finishes.interlaced,
        finishes.stepped,
        finishes.glowing,
    ],
    ids=lambda finish: finish.__name__,
)
def test_every_finish_keeps_shape_and_type_and_its_input(finish: Finish) -> None:
    before = NOISE.copy()
    after = finish(NOISE)
    assert after.shape == NOISE.shape
    assert after.dtype == np.uint8
    assert np.array_equal(NOISE, before)


@pytest.mark.parametrize("finish", [finishes.persistent, finishes.painted, finishes.coarse], ids=lambda f: f.__name__)
def test_calming_finishes_calm(finish: Finish) -> None:
    assert finish(NOISE).std() < NOISE.std()


def test_sharpening_sharpens_and_steps_are_few() -> None:
    assert finishes.sharpened(NOISE).std() > NOISE.std()
    assert np.unique(finishes.stepped(NOISE)).size <= 24
