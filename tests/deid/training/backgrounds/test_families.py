"""The split between what training shows and what it never shows."""

import pytest

from deid.training.backgrounds import beams, finishes, tints
from deid.training.backgrounds.families import PLAUSIBLE, STRANGE, TRAINING, family

TABLES = (
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
)
SHARED = {beams.linear, finishes.plain, tints.GREY}


@pytest.mark.parametrize("table", TABLES)
def test_the_two_sides_share_only_what_is_said(table: str) -> None:
    assert set(getattr(TRAINING, table)) & set(getattr(STRANGE, table)) <= SHARED


@pytest.mark.parametrize("table", [table for table in TABLES if table != "probes"])
def test_what_is_plausible_shares_no_more_with_training_than_shapes(table: str) -> None:
    assert set(getattr(TRAINING, table)) & set(getattr(PLAUSIBLE, table)) <= SHARED


def test_no_way_of_making_speckle_stands_on_both_sides() -> None:
    assert not {grain.source for grain in TRAINING.grains} & {grain.source for grain in STRANGE.grains}


def test_each_side_is_had_by_its_name() -> None:
    assert family(held_out=True) is STRANGE
    assert family(held_out=True, plausible=True) is PLAUSIBLE
    assert family(held_out=False) is TRAINING
