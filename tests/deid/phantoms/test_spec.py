"""Orders for screens."""

import pytest

from deid.phantoms.person import invent_person
from deid.phantoms.spec import Spec


def test_equal_orders_are_equal() -> None:
    assert Spec(invent_person(1), seed=3) == Spec(invent_person(1), seed=3)


@pytest.mark.parametrize(("width", "height", "frames"), [(100, 600, 1), (800, 60, 1), (800, 600, 0)])
def test_impossible_screens_are_refused(width: int, height: int, frames: int) -> None:
    with pytest.raises(ValueError, match="a screen has at least"):
        Spec(invent_person(1), width=width, height=height, frames=frames)
