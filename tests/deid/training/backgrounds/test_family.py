"""The settings of one screen."""

import numpy as np

from deid.training.backgrounds.families import TRAINING
from deid.training.backgrounds.family import look


def test_settings_come_from_the_family_and_stay_in_its_ranges() -> None:
    for seed in range(30):
        seen = look(np.random.default_rng(seed), TRAINING)
        assert seen.grain in TRAINING.grains
        assert seen.probe in TRAINING.probes
        assert TRAINING.zoom[0] <= seen.zoom <= TRAINING.zoom[1]
        assert TRAINING.gamma[0] <= seen.gamma <= TRAINING.gamma[1]


def test_settings_differ_from_screen_to_screen() -> None:
    assert len({look(np.random.default_rng(seed), TRAINING).zoom for seed in range(10)}) == 10
