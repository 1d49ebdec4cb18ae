"""The looks of machines."""

import numpy as np
import pytest

from deid.phantoms.dress import DRESSES, picture_box, text_size, tones
from deid.phantoms.person import invent_person
from deid.phantoms.spec import Layout, Spec


@pytest.mark.parametrize("layout", Layout)
def test_the_picture_lies_below_the_header_and_on_the_screen(layout: Layout) -> None:
    spec = Spec(invent_person(1), layout=layout, width=640, height=480)
    left, top, width, height = picture_box(spec)
    assert top > 480 * DRESSES[layout].header
    assert left + width < 640
    assert top + height <= 480


@pytest.mark.parametrize("layout", Layout)
def test_tones_run_from_black_to_white(layout: Layout) -> None:
    table = tones(layout)
    assert table.shape == (256, 3)
    assert (table[0] == 0).all()
    assert (table[-1] == 255).all()
    assert (np.diff(table.astype(int), axis=0) >= 0).all()


def test_letters_never_get_too_small_to_read() -> None:
    assert text_size(Spec(invent_person(1), width=160, height=120)) == 7


def test_small_print_is_plain_and_dim_ink_lies_between() -> None:
    assert DRESSES[Layout.FJORD].plain == ""
    assert DRESSES[Layout.MERIDIAN].plain == "Condensed"
    assert DRESSES[Layout.HARBOUR].dim < DRESSES[Layout.HARBOUR].ink
