"""The four chambers."""

import numpy as np
import pytest

from deid.phantoms.anatomy.heart import HEART, draw_heart
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(11, 13, scale=12, rng=np.random.default_rng(1))


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_a_chamber_is_dark_beside_the_lung(tissue: Tissue) -> None:
    draw_heart(tissue, 5.0)
    assert grey(tissue, *(1.8, 5.5)) > grey(tissue, *(HEART[0] - 0.7, HEART[1] - 0.6)) + 0.2
