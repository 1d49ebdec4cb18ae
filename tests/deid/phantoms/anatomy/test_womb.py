"""The mother's side."""

import numpy as np
import pytest

from deid.phantoms.anatomy.womb import belly, cord, layer, placenta, specks, waters
from deid.phantoms.tissue import Tissue


@pytest.fixture
def tissue() -> Tissue:
    made = Tissue(8, 11, scale=16, rng=np.random.default_rng(1))
    belly(made, 5.0)
    return made


def grey(tissue: Tissue, x: float, y: float) -> float:
    sheet = tissue.sheets()[0]
    return float(sheet[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_a_layer_follows_the_face(tissue: Tissue) -> None:
    bowed, flat = layer(tissue, 5.0, 1.0, wave=0.0), layer(tissue, 0.0, 1.0, wave=0.0)
    assert max(y for _, y in bowed) == pytest.approx(1.0, abs=0.02)
    assert min(y for _, y in bowed) < 0
    assert {y for _, y in flat} == {1.0}


def test_waters_are_dark_and_their_lining_is_bright(tissue: Tissue) -> None:
    before = grey(tissue, 0, 5)
    waters(tissue, (0, 5.5), 6, 3.5)
    assert grey(tissue, 0, 5) < 0.1 < before


def test_placenta_cord_and_specks_lie_in_the_waters(tissue: Tissue) -> None:
    waters(tissue, (0, 5.5), 6, 3.5)
    placenta(tissue, [(-3, 7), (0, 6.5), (3, 7), (3, 9), (-3, 9)])
    cord(tissue, [(-2, 4), (-1, 3.5), (0, 4)])
    still = tissue.sheets()[0].copy()
    specks(tissue, (2, 4), 0.3, 9)
    assert grey(tissue, 0.2, 7.2) > 0.25
    assert (tissue.sheets()[0] != still).any()
