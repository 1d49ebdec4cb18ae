"""The head cut across."""

import numpy as np
import pytest

from deid.phantoms.anatomy.head import draw_head
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(11, 13, scale=12, rng=np.random.default_rng(1))


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_the_midline_is_brighter_than_the_hollow_beside_it(tissue: Tissue) -> None:
    draw_head(tissue, 5.0)
    assert grey(tissue, *(2.4, 5.42)) > grey(tissue, *(2.1, 6.6)) + 0.2
