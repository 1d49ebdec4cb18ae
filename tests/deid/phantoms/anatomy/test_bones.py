"""Bones in length."""

import numpy as np
import pytest

from deid.phantoms.anatomy.bones import draw_femur, draw_spine
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(11, 13, scale=12, rng=np.random.default_rng(1))


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_the_thigh_bone_is_brighter_than_its_flesh(tissue: Tissue) -> None:
    draw_femur(tissue, 5.0)
    assert grey(tissue, *(0.0, 4.6)) > grey(tissue, *(-2.6, 5.3)) + 0.2


def test_the_back_stands_out_of_the_waters(tissue: Tissue) -> None:
    draw_spine(tissue, 5.0)
    assert grey(tissue, *(3.0, 6.0)) > grey(tissue, *(0.0, 2.6)) + 0.2
