"""Movement."""

import numpy as np
import pytest

from deid.phantoms.anatomy.scenes import Pulse
from deid.phantoms.cine import moved

X, Y = (axis.astype(np.float32) for axis in np.meshgrid(np.linspace(-5, 5, 21), np.linspace(0, 10, 21)))


def test_nothing_moves_without_pulses() -> None:
    x, y = moved(X, Y, (), 7)
    assert (x == X).all()
    assert (y == Y).all()


def test_a_shift_is_strongest_at_its_centre_and_returns_after_a_period() -> None:
    pulse = Pulse((0.0, 5.0), 1.0, shift=(0.3, -0.2), period=20)
    x, y = moved(X, Y, (pulse,), 5)
    assert (x - X)[10, 10] == pytest.approx(0.3, abs=1e-5)
    assert (y - Y)[10, 10] == pytest.approx(-0.2, abs=1e-5)
    assert abs((x - X)[0, 0]) < 1e-4
    again, _ = moved(X, Y, (pulse,), 20)
    assert np.allclose(again, X, atol=1e-5)


def test_a_swelling_leaves_its_centre_in_place() -> None:
    x, _ = moved(X, Y, (Pulse((0.0, 5.0), 1.0, swell=0.2, period=20),), 5)
    assert (x - X)[10, 10] == 0
    assert (x - X)[10, 12] > 0 > (x - X)[10, 8]
