"""The boxes in which a Philips machine says that it printed identity."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset

from deid.engine.declared_texts import rectangles

CREATOR = "Philips US Imaging DD 109"
ROWS, COLUMNS = 600, 800


def text(name: str, corners: object) -> Dataset:
    item = Dataset()
    block = item.private_block(0x200D, CREATOR, create=True)
    block.add_new(0x02, "ST", name)
    block.add_new(0x04, "SL", corners)
    return item


def declaring(texts: Sequence[Dataset], *, creator: str = CREATOR, taken: bool = True) -> Dataset:
    listed = Dataset()
    listed.private_block(0x200D, CREATOR, create=True).add_new(0x01, "SQ", list(texts))
    dataset = Dataset()
    if taken:
        dataset.private_block(0x200D, "ANOTHER BLOCK", create=True).add_new(0x01, "LO", "x")
    dataset.private_block(0x200D, creator, create=True).add_new(0x0D, "SQ", [listed])
    return dataset


def found(dataset: Dataset) -> list[tuple[int, int, int, int]]:
    return rectangles(dataset, rows=ROWS, columns=COLUMNS)


@pytest.mark.parametrize("taken", [False, True], ids=["first-block", "second-block"])
def test_every_declared_text_is_a_box(taken: bool) -> None:
    texts = [text("IFI_PN", [95, 6, 559, 25]), text("IFI_MRN", [95, 33, 328, 52])]
    assert found(declaring(texts, taken=taken)) == [(95, 6, 559, 25), (95, 33, 328, 52)]


@pytest.mark.parametrize(
    "corners",
    [[95, 6, 800, 25], [95, 6, 559, 600], [-1, 6, 559, 25], [95, 25, 559, 25], [95, 6, 559], 7],
    ids=["right", "below", "left", "flat", "three", "one"],
)
def test_what_is_no_box_in_the_picture_says_nothing(corners: object) -> None:
    assert found(declaring([text("IFI_PN", corners), text("IFI_DT", [670, 6, 794, 25])])) == [(670, 6, 794, 25)]


def test_without_the_block_or_in_another_form_nothing_is_declared() -> None:
    other = Dataset()
    other.private_block(0x200D, CREATOR, create=True).add_new(0x0D, "LO", "no sequence")
    bare = declaring([Dataset()])
    assert found(Dataset()) == found(other) == found(bare) == found(declaring([], creator="SOMEBODY ELSE")) == []


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=6))
def test_any_corners_are_a_box_in_the_picture_or_nothing(corners: list[int]) -> None:
    for x0, y0, x1, y1 in found(declaring([text("IFI_PN", corners)])):
        assert 0 <= x0 < x1 < COLUMNS
        assert 0 <= y0 < y1 < ROWS
