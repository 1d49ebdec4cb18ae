"""Windows cut from banks of random numbers."""

import numpy as np
import pytest

from deid.training.backgrounds.fields import cut, smooth, standardised, stretched, wave


def test_a_window_larger_than_its_bank_goes_on_mirrored() -> None:
    bank = np.arange(12, dtype=np.float32).reshape(3, 4)
    window = cut(bank, np.random.default_rng(1), 9, 20)
    assert window.shape == (9, 20)
    assert np.abs(np.diff(window, axis=1)).max() <= 1


@pytest.mark.parametrize("zoom", [(1.0, 1.0), (0.5, 3.0), (40.0, 40.0)])
def test_a_stretched_window_has_the_wanted_shape(zoom: tuple[float, float]) -> None:
    bank = np.zeros((64, 64), np.float32)
    assert stretched(bank, np.random.default_rng(2), (31, 77), zoom=zoom).shape == (31, 77)


def test_a_larger_grain_is_smoother() -> None:
    fine = smooth(np.random.default_rng(3), (200, 200), 4)
    broad = smooth(np.random.default_rng(3), (200, 200), 40)
    assert np.abs(np.diff(broad)).mean() < np.abs(np.diff(fine)).mean() / 4


def test_equal_generators_give_equal_fields() -> None:
    first, second = (smooth(np.random.default_rng(4), (50, 60), 9) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_wave_has_its_length_and_no_jumps() -> None:
    line = wave(np.random.default_rng(5), 300, 30)
    assert line.shape == (300,)
    assert np.abs(np.diff(line)).max() < 0.3


def test_standardising_an_even_field_gives_zeros() -> None:
    assert not standardised(np.full((4, 4), 7.0)).any()
