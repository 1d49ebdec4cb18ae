"""Echoes of even and uneven tissue."""

import numpy as np

from deid.phantoms.sector import Sector
from deid.phantoms.speckle import bilinear, compress, echoes, mirrors, spread
from deid.phantoms.tissue import Tissue

SECTOR = Sector(0, 0, 300, 240, 10, 5, 0.6)
SQUARE = [(-1.5, 3.0), (1.5, 3.0), (1.5, 5.0), (-1.5, 5.0)]


def seen(grey: float | None = None, dense: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(4)
    tissue = Tissue(9, 11, scale=24, rng=rng)
    if grey is not None:
        tissue.fill(SQUARE, grey, dense=dense)
    x, y = SECTOR.places()
    return echoes(tissue, rng).seen(x, y, step=10 / x.shape[0], focus=0.4)


def middle(picture: np.ndarray, top: float, bottom: float) -> float:
    rows, columns = picture.shape
    part = picture[int(rows * top / 10) : int(rows * bottom / 10), columns // 2 - 6 : columns // 2 + 6]
    return float(part.mean())


def test_brightness_stays_between_black_and_white() -> None:
    picture = seen(0.9)
    assert picture.min() >= 0
    assert picture.max() <= 1


def test_even_tissue_shows_speckle() -> None:
    picture = seen()
    assert 0.04 < float(picture.std()) < 0.3


def test_fluid_is_dark_and_bone_is_bright() -> None:
    assert middle(seen(0.05), 3.4, 4.6) < middle(seen(), 3.4, 4.6) < middle(seen(0.9), 3.4, 4.6)


def test_bone_throws_a_shadow_and_fluid_brightens_what_lies_behind() -> None:
    plain = middle(seen(), 5.8, 8)
    assert middle(seen(0.9, dense=0.5), 5.8, 8) < 0.5 * plain
    assert middle(seen(0.05, dense=-0.05), 5.8, 8) > plain


def test_a_surface_mirrors_only_where_it_is_met_square() -> None:
    x, y = SECTOR.places()
    level = np.where(y > 5, 1, 0).astype(np.float32)
    upright = np.where(x > 0, 1, 0).astype(np.float32)
    assert mirrors(level, x, y, 0.05).max() > 0.1
    assert mirrors(upright, x, y, 0.05).max() == 0


def test_blur_is_wider_away_from_the_focus() -> None:
    point = np.zeros((80, 60), np.complex64)
    point[10, 30] = point[40, 30] = 1
    wide, narrow = np.abs(spread(point, focus=0.5))[[10, 40]]
    assert wide[36] / wide[30] > narrow[36] / narrow[30]


def test_compression_grows_with_the_echo() -> None:
    steps = compress(np.array([1e-9, 2e-3, 1e-2, 1e-1, 1.0], np.float32))
    assert (np.diff(steps) > 0).all()
    assert steps[0] == 0


def test_bilinear_reads_between_pixels() -> None:
    sheet = np.array([[0, 1], [2, 3]], np.float32)
    half = np.array([0.5], np.float32)
    assert bilinear(sheet, half, half) == 1.5
