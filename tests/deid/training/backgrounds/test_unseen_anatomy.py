"""Structures of the body that training never shows."""

from deid.training.backgrounds import unseen_anatomy
from deid.training.backgrounds.family import Structure
from tests.deid.training.backgrounds.structures import SIZES, leaves_finite_tissue, shows, structures_of

STRUCTURES = structures_of(unseen_anatomy)


@STRUCTURES
@SIZES
def test_every_structure_leaves_finite_tissue(structure: Structure, size: tuple[int, int]) -> None:
    assert leaves_finite_tissue(structure, size)


@STRUCTURES
def test_every_structure_shows(structure: Structure) -> None:
    assert shows(structure)
