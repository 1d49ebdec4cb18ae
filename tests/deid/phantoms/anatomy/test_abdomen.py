"""The abdomen cut across."""

import numpy as np
import pytest

from deid.phantoms.anatomy.abdomen import draw_abdomen
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(11, 13, scale=12, rng=np.random.default_rng(1))


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_the_stomach_is_dark_beside_the_liver(tissue: Tissue) -> None:
    draw_abdomen(tissue, 5.0)
    assert grey(tissue, *(0.9, 4.4)) > grey(tissue, *(-1.25, 6.75)) + 0.2
