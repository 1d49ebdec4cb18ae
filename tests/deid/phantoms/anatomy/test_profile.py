"""The fetus from the side."""

import numpy as np
import pytest

from deid.phantoms.anatomy.profile import draw_profile
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(11, 13, scale=12, rng=np.random.default_rng(1))


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_the_body_stands_out_of_the_waters(tissue: Tissue) -> None:
    draw_profile(tissue, 5.0)
    assert grey(tissue, *(3.9, 5.8)) > grey(tissue, *(-1.5, 2.4)) + 0.2


def test_the_stomach_is_dark_in_the_trunk(tissue: Tissue) -> None:
    draw_profile(tissue, 5.0)
    assert grey(tissue, *(4.4, 5.8)) > grey(tissue, *(4.2, 7.0)) + 0.2
