"""Letters as a cover of ink."""

from dataclasses import replace

import numpy as np
import pytest

from deid.training.fonts import BITMAPS, OUTLINES, PLOTTED
from deid.training.lettering import Style, compose, draw_cap, draw_colour, draw_style

pytestmark = pytest.mark.usefixtures("typefaces")
STYLE = Style(OUTLINES[0], 14, (255, 255, 255))


def set_in(style: Style, text: str = "BPD 5.21 cm") -> np.ndarray:
    return compose(np.random.default_rng(0), text, style).cover


@pytest.mark.parametrize(
    "face", [OUTLINES[0], BITMAPS[0], *PLOTTED[:4]], ids=lambda face: str(face.plotter or face.package)
)
def test_every_kind_of_face_leaves_ink_within_its_cover(face: object) -> None:
    cover = set_in(replace(STYLE, face=face))
    assert cover.dtype == np.uint8
    assert cover.max() > 200
    assert (cover > 0).mean() < 0.8


def test_the_base_line_lies_under_capitals_and_over_tails() -> None:
    capitals = compose(np.random.default_rng(0), "HEAD", STYLE)
    tails = compose(np.random.default_rng(0), "gypsy", STYLE)
    assert np.nonzero(capitals.cover.any(axis=1))[0][-1] + 1 == pytest.approx(capitals.base, abs=1)
    assert np.nonzero(tails.cover.any(axis=1))[0][-1] > tails.base + 1


def test_letters_without_smoothing_are_whole_pixels() -> None:
    assert set(np.unique(set_in(replace(STYLE, smooth=False)))) == {0, 255}


def test_zoom_doubles_every_pixel() -> None:
    plain, doubled = set_in(STYLE), set_in(replace(STYLE, zoom=2))
    assert np.array_equal(doubled[::2, ::2], plain)
    assert np.array_equal(doubled[1::2, 1::2], plain)


def test_spacing_and_stretch_widen_and_doubling_thickens() -> None:
    width = set_in(STYLE).shape[1]
    assert set_in(replace(STYLE, spacing=3)).shape[1] >= width + 3 * 9
    assert set_in(replace(STYLE, stretch=1.3)).shape[1] == round(width * 1.3)
    assert int(set_in(replace(STYLE, heavy=True)).sum()) > int(set_in(STYLE).sum())


def test_a_face_without_the_letters_gives_way_to_one_of_its_split() -> None:
    plotted = replace(STYLE, face=PLOTTED[0])
    assert set_in(plotted, "فاطمة").max() > 200
    assert set_in(plotted, "山本").max() > 200


def test_drawn_styles_are_in_their_ranges() -> None:
    rng = np.random.default_rng(3)
    styles = [draw_style(rng, held_out=False) for _ in range(300)]
    assert {style.face.held_out for style in styles} == {False}
    assert {style.zoom for style in styles} == {1, 2}
    assert all(0.35 <= style.opacity <= 1 for style in styles)
    assert all(8 <= draw_cap(rng) <= 26 for _ in range(300))
    assert all(0 <= part <= 255 for _ in range(100) for part in draw_colour(rng))
