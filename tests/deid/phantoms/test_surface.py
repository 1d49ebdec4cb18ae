"""The relief."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.phantoms.surface import relief


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(60, 120), st.integers(70, 150))
def test_a_seed_gives_one_relief_of_the_wanted_size(seed: int, rows: int, columns: int) -> None:
    one = relief(rows, columns, np.random.default_rng(seed))
    assert one.shape == (rows, columns, 3)
    assert one.dtype == np.uint8
    assert (one == relief(rows, columns, np.random.default_rng(seed))).all()


def test_the_light_is_warm_and_the_face_brighter_than_the_corners() -> None:
    picture = relief(150, 180, np.random.default_rng(3)).astype(float)
    assert picture[..., 0].mean() > picture[..., 1].mean() > picture[..., 2].mean()
    assert picture[50:80, 70:110].mean() > 2 * picture[:12, :12].mean()


def test_turning_the_head_changes_the_picture() -> None:
    still, turned = (relief(90, 100, np.random.default_rng(3), sway) for sway in (0.0, 0.1))
    assert (still != turned).any()
