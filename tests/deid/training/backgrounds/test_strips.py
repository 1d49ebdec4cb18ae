"""Strips along which time runs."""

import numpy as np
import pytest

from deid.training.backgrounds import strips
from deid.training.backgrounds.families import STRANGE, TRAINING
from deid.training.backgrounds.family import Pulse, look


@pytest.mark.parametrize(("painted", "spatial_format"), [(strips.motion, 2), (strips.spectrum, 3)])
@pytest.mark.parametrize("size", [(150, 400), (16, 60)], ids=str)
def test_a_strip_fills_its_place(painted: object, spatial_format: int, size: tuple[int, int]) -> None:
    assert callable(painted)
    for seed in range(6):
        rng = np.random.default_rng(seed)
        cell = painted(rng, TRAINING, look(rng, TRAINING), size)
        assert cell.pixels.shape == (*size, 3)
        assert cell.inside.all()
        assert cell.spatial_format == spatial_format


@pytest.mark.parametrize("pulse", [*TRAINING.pulses, *STRANGE.pulses], ids=lambda pulse: pulse.__name__)
def test_every_pulse_moves_and_stays_near_its_range(pulse: Pulse) -> None:
    speed = pulse(np.linspace(0, 1, 200, dtype=np.float32))
    assert speed.shape == (200,)
    assert speed.min() >= -0.05
    assert 0.5 < speed.max() <= 1.1
    assert np.ptp(speed) > 0.1
