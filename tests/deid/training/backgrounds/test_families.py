"""The split between what training shows and what it never shows."""

import pytest

from deid.training.backgrounds import beams, finishes, tints
from deid.training.backgrounds.families import HELD_OUT, TRAINING, family

SHARED = {beams.linear, finishes.plain, tints.GREY}


@pytest.mark.parametrize(
    "table",
    [
        "grains",
        "structures",
        "probes",
        "greys",
        "flows",
        "powers",
        "stiffness",
        "skins",
        "finishes",
        "reliefs",
        "pulses",
    ],
)
def test_the_two_sides_share_only_what_is_said(table: str) -> None:
    assert set(getattr(TRAINING, table)) & set(getattr(HELD_OUT, table)) <= SHARED


def test_no_way_of_making_speckle_stands_on_both_sides() -> None:
    assert not {grain.source for grain in TRAINING.grains} & {grain.source for grain in HELD_OUT.grains}


def test_each_side_is_had_by_its_name() -> None:
    assert family(held_out=True) is HELD_OUT
    assert family(held_out=False) is TRAINING
