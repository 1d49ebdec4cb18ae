"""Draws from a seeded generator."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deid.training.chance import between, happens, pick, several, spread

SEEDS = st.integers(0, 10_000)


@given(SEEDS, st.integers(1, 9), st.integers(0, 4), st.integers(0, 12))
def test_several_are_different_and_of_the_asked_number(seed: int, size: int, fewest: int, more: int) -> None:
    drawn = several(np.random.default_rng(seed), range(size), fewest, fewest + more)
    assert len(set(drawn)) == len(drawn)
    assert min(fewest, size) <= len(drawn) <= min(fewest + more, size)


@given(SEEDS, st.integers(-20, 20), st.integers(-20, 20))
def test_a_whole_number_lies_between_its_bounds(seed: int, low: int, high: int) -> None:
    assert low <= between(np.random.default_rng(seed), low, high) <= max(low, high)


@given(SEEDS)
def test_certainty_happens_and_impossibility_does_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert happens(rng, 1.0)
    assert not happens(rng, 0.0)


def test_equal_seeds_draw_alike() -> None:
    first, second = np.random.default_rng(4), np.random.default_rng(4)
    assert pick(first, "abcdef") == pick(second, "abcdef")
    assert spread(first, 1, 2) == spread(second, 1, 2)
