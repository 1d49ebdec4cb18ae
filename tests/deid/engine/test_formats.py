"""Sheets keep their margins, and every format has a place to stand."""

import pytest

from deid.engine import formats
from deid.engine.formats import FILMS, STILLS, Format


def test_every_format_is_a_still_or_a_film() -> None:
    assert {*STILLS, *FILMS} == set(Format)


@pytest.mark.parametrize("wanted", sorted(set(Format) - {Format.ORIGINAL, Format.FILM}))
@pytest.mark.parametrize("wide", [True, False])
def test_a_sheet_has_even_sides_and_room_between_its_margins(wanted: Format, wide: bool) -> None:
    sheet = formats.sheet_for(wanted, wide=wide)
    assert sheet is not None
    assert (sheet.width % 2, sheet.height % 2) == (0, 0)
    assert min(sheet.room) > 0.6 * min(sheet.width, sheet.height)


def test_a_print_is_a6_at_300_dots_an_inch_and_lies_for_what_is_wide() -> None:
    upright, lying = formats.sheet_for(Format.PRINT, wide=False), formats.sheet_for(Format.PRINT, wide=True)
    assert upright
    assert lying
    millimetres = [round(side / formats.DOTS_PER_INCH * 25.4) for side in (upright.width, upright.height)]
    assert millimetres == [105, 148]
    assert (lying.width, lying.height) == (upright.height, upright.width)
    assert round(upright.side / formats.DOTS_PER_INCH * 25.4) == 5


def test_a_story_leaves_its_top_and_bottom_to_the_networks_own_buttons() -> None:
    story = formats.sheet_for(Format.STORY, wide=True)
    assert story
    assert story.above >= 250
    assert story.below >= 340
    assert story.width * 16 == story.height * 9


def test_what_keeps_its_shape_has_no_sheet() -> None:
    assert formats.sheet_for(Format.ORIGINAL, wide=True) is None
    assert formats.sheet_for(Format.FILM, wide=True) is None
