"""Sheets of tissue."""

import numpy as np
import pytest

from deid.phantoms.tissue import Tissue, clouds


@pytest.fixture
def tissue() -> Tissue:
    return Tissue(3.0, 4.0, scale=20, rng=np.random.default_rng(1))


def at(tissue: Tissue, sheet: int, x: float, y: float) -> float:
    values = tissue.sheets()[sheet]
    return float(values[round((y - tissue.top) * tissue.scale), round((x + tissue.half) * tissue.scale)])


def test_a_filled_outline_takes_its_grey_hardness_and_density(tissue: Tissue) -> None:
    tissue.fill([(-1, 1), (1, 1), (1, 3), (-1, 3)], 0.8, hard=0.5, dense=1.2)
    assert at(tissue, 0, 0, 2) == pytest.approx(0.8, abs=0.01)
    assert at(tissue, 1, 0, 2) == pytest.approx(0.5, abs=0.01)
    assert at(tissue, 2, 0, 2) == pytest.approx(1.2, abs=0.01)


def test_outside_an_outline_nothing_changes(tissue: Tissue) -> None:
    before = at(tissue, 0, 2.5, 0)
    tissue.fill([(-1, 1), (1, 1), (1, 3), (-1, 3)], 0.8)
    assert at(tissue, 0, 2.5, 0) == before


def test_without_hardness_the_old_one_stays(tissue: Tissue) -> None:
    square = [(-1.0, 1.0), (1.0, 1.0), (1.0, 3.0), (-1.0, 3.0)]
    tissue.fill(square, 0.5, hard=0.7)
    tissue.fill(square, 0.2)
    assert at(tissue, 1, 0, 2) == pytest.approx(0.7, abs=0.01)


def test_a_stroke_has_its_width(tissue: Tissue) -> None:
    tissue.stroke([(-2, 2), (2, 2)], 0.9, width=0.4)
    assert at(tissue, 0, 0, 2) == pytest.approx(0.9, abs=0.02)
    assert at(tissue, 0, 0, 2.6) == pytest.approx(90 / 255, abs=0.02)


def test_ink_over_the_edge_is_cut_off(tissue: Tissue) -> None:
    tissue.fill([(-9, -9), (9, -9), (9, 9), (-9, 9)], 0.6, mottle=0.05)
    assert tissue.sheets()[0].shape == tissue.sheets()[2].shape


def test_clouds_are_smooth_noise_around_zero() -> None:
    noise = clouds(200, 300, 20, np.random.default_rng(2))
    assert noise.shape == (200, 300)
    assert abs(float(noise.mean())) < 0.35
    assert float(np.abs(np.diff(noise, axis=0)).mean()) < 0.3 * float(noise.std())
