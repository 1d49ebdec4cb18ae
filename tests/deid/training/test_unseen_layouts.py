"""Layouts of exams."""

from collections.abc import Callable

import numpy as np
import pytest

from deid.training.glass import Glass
from deid.training.people import invent
from deid.training.unseen_layouts import LAYOUTS
from deid.training.writer import Writer, take_up

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.mark.parametrize("size", [(240, 320), (768, 1024)], ids=["small", "large"])
@pytest.mark.parametrize(
    "layout", sorted(set(LAYOUTS), key=lambda layout: layout.__name__), ids=lambda each: each.__name__
)
def test_a_layout_prints_on_any_screen(layout: Callable[[Writer], None], size: tuple[int, int]) -> None:
    rng = np.random.default_rng(8)
    area = np.zeros(size, bool)
    area[size[0] // 6 :, size[1] // 6 : -size[1] // 6] = True
    glass = Glass(np.full((*size, 3), 12, np.uint8), area)
    layout(take_up(rng, glass, invent(rng, held_out=True), held_out=True))
    assert len(glass.lines) >= 2
    assert glass.labels.max() == len(glass.lines)
