"""Draws from a seeded generator, short enough to read inside a sentence."""

from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

Item = TypeVar("Item")


def pick(rng: Generator, items: Sequence[Item]) -> Item:
    """Return one of `items`, each as likely as the others; raises ValueError where there are none."""
    return items[int(rng.integers(len(items)))]


def several(rng: Generator, items: Sequence[Item], fewest: int, most: int) -> list[Item]:
    """Return between `fewest` and `most` of `items` in a drawn order, none twice."""
    count = min(len(items), int(rng.integers(fewest, most + 1)))
    return [items[int(place)] for place in rng.permutation(len(items))[:count]]


def happens(rng: Generator, probability: float) -> bool:
    """Return True with a probability of 0 to 1."""
    return bool(rng.random() < probability)


def between(rng: Generator, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return int(rng.integers(low, max(low, high) + 1))


def spread(rng: Generator, low: float, high: float) -> float:
    """Return a number from `low` up to `high`."""
    return float(rng.uniform(low, high))
