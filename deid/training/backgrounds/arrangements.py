"""How one or several pictures share a place on the screen."""

from collections.abc import Callable

import numpy as np

from deid.training.backgrounds.family import Cell, Family, Look
from deid.training.backgrounds.flow import flowing, powered, stiff
from deid.training.backgrounds.noise import noisy
from deid.training.backgrounds.picture import view
from deid.training.backgrounds.strips import motion, spectrum
from deid.training.backgrounds.surfaces import render

Size = tuple[int, int]
Placed = tuple[int, int, Cell]
Arrangement = Callable[[np.random.Generator, Family, Look, Size], list[Placed]]
_OVERLAYS = (flowing, flowing, powered, stiff)


def single(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """One picture, at times with colour."""
    return [(0, 0, _dressed(rng, family, view(rng, family, seen, size), chance=0.3))]


def dual(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """Two pictures side by side."""
    gap = int(rng.integers(0, 12))
    half = (size[1] - gap) // 2
    cells = [_dressed(rng, family, view(rng, family, seen, (size[0], half)), chance=0.25) for _ in range(2)]
    return [(0, 0, cells[0]), (half + gap, 0, cells[1])]


def twin(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """The same picture twice, the second time with colour."""
    half = size[1] // 2
    bare = view(rng, family, seen, (size[0], half))
    return [(0, 0, bare), (half, 0, _dressed(rng, family, bare, chance=1.0))]


def quad(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """Four pictures, two by two."""
    return [(x, y, _dressed(rng, family, view(rng, family, seen, cell), chance=0.15)) for x, y, cell in _quarters(size)]


def multiplanar(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """Three planes through a volume and its render."""
    quarters = _quarters(size)
    planes: list[Placed] = [(x, y, view(rng, family, seen, cell)) for x, y, cell in quarters[:3]]
    x, y, cell = quarters[3]
    return [*planes, (x, y, render(rng, family, cell))]


def rendered(rng: np.random.Generator, family: Family, _seen: Look, size: Size) -> list[Placed]:
    """A render alone."""
    return [(0, 0, render(rng, family, size))]


def strip(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """A strip alone."""
    return [(0, 0, _strip(rng, family, seen, size))]


def over(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """A picture above a strip."""
    gap, cut = int(rng.integers(0, 14)), int(rng.uniform(0.3, 0.6) * size[0])
    wide = int(size[1] * rng.uniform(0.5, 1))
    picture = _dressed(rng, family, view(rng, family, seen, (cut, wide)), chance=0.5)
    below = _strip(rng, family, seen, (size[0] - cut - gap, size[1]))
    return [((size[1] - wide) // 2, 0, picture), (0, cut + gap, below)]


def beside(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> list[Placed]:
    """A picture beside a strip."""
    cut = int(rng.uniform(0.3, 0.6) * size[1])
    picture = _dressed(rng, family, view(rng, family, seen, (size[0], cut)), chance=0.5)
    return [(0, 0, picture), (cut, 0, _strip(rng, family, seen, (size[0], size[1] - cut)))]


CHOICES: tuple[tuple[float, Arrangement], ...] = (
    (0.46, single),
    (0.11, dual),
    (0.06, twin),
    (0.03, quad),
    (0.06, multiplanar),
    (0.1, rendered),
    (0.04, strip),
    (0.1, over),
    (0.04, beside),
)


HARSH_CHOICES: tuple[tuple[float, Arrangement], ...] = (
    (0.3, single),
    (0.08, dual),
    (0.04, multiplanar),
    (0.08, rendered),
    (0.18, strip),
    (0.22, over),
    (0.1, beside),
)


def arranged(rng: np.random.Generator, family: Family, seen: Look, size: Size, *, harsh: bool = False) -> list[Placed]:
    """Return cells with their left and top within a place of the size (rows, columns); noise lies over `harsh` ones."""
    choices = HARSH_CHOICES if harsh else CHOICES
    weights = np.array([weight for weight, _ in choices])
    placed = choices[rng.choice(len(choices), p=weights / weights.sum())][1](rng, family, seen, size)
    return [(x, y, noisy(rng, family, cell)) for x, y, cell in placed] if harsh else placed


def _quarters(size: Size) -> list[tuple[int, int, Size]]:
    rows, columns = size[0] // 2, size[1] // 2
    return [(x, y, (rows - 2, columns - 2)) for y in (0, rows) for x in (0, columns)]


def _strip(rng: np.random.Generator, family: Family, seen: Look, size: Size) -> Cell:
    return (motion, spectrum)[rng.integers(2)](rng, family, seen, size)


def _dressed(rng: np.random.Generator, family: Family, cell: Cell, *, chance: float) -> Cell:
    if rng.random() >= chance:
        return cell
    return _OVERLAYS[rng.integers(len(_OVERLAYS))](rng, family, cell)
