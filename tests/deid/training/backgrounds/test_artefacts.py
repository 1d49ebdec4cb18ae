"""What stands in a picture without being an organ."""

from deid.training.backgrounds import artefacts
from deid.training.backgrounds.family import Structure
from tests.deid.training.backgrounds.structures import SIZES, leaves_finite_tissue, shows, structures_of

STRUCTURES = structures_of(artefacts)


@STRUCTURES
@SIZES
def test_every_structure_leaves_finite_tissue(structure: Structure, size: tuple[int, int]) -> None:
    assert leaves_finite_tissue(structure, size)


@STRUCTURES
def test_every_structure_shows(structure: Structure) -> None:
    assert shows(structure)
