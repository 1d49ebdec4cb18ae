"""Print that colour or grain hides from the detector shows in other views; grain and colours alone show nothing."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import detector, drowned
from deid.engine.detector import CELL, Heat

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
ROWS, COLUMNS = 240, 480
NAME = "MORAVEC, Odile"
PLACE = (120, 100)
KEPT = np.ones((ROWS, COLUMNS), np.bool_)
FONT = ImageFont.load_default(15)


def grain(seed: int, *, light: float, size: tuple[float, float] = (1.4, 0.8)) -> Pixels:
    """Return grain as coarse as that of M-mode, or of another `size` along the rows and across them."""
    random = np.random.default_rng(seed)
    parts = [cv2.GaussianBlur(random.normal(size=(ROWS, COLUMNS)), (0, 0), size[0], sigmaY=size[1]) for _ in range(2)]
    length = np.hypot(*parts)
    return np.repeat((light * length / length.mean()).clip(0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)


def ink() -> npt.NDArray[np.float64]:
    plane = Image.new("L", (COLUMNS, ROWS))
    ImageDraw.Draw(plane).text(PLACE, NAME, fill=255, font=FONT)
    return np.asarray(plane)[..., np.newaxis] / 255


def printed(picture: Pixels, colour: tuple[int, int, int], *, opacity: float) -> Pixels:
    alpha = ink() * opacity
    return (picture * (1 - alpha) + np.array(colour) * alpha).astype(np.uint8)


def share(heat: Heat) -> float:
    """Return over how much of the name's length the heat is that of text."""
    lines, places = np.flatnonzero(ink().any(axis=(1, 2))), np.flatnonzero(ink().any(axis=(0, 2)))
    place = heat[lines[0] // CELL : lines[-1] // CELL + 1, places[0] // CELL : places[-1] // CELL + 1]
    return float((place.max(axis=0) > 0.12).mean())


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("colour", [(255, 200, 90), (120, 255, 255)], ids=["gold", "cyan"])
def test_coloured_print_in_grain_shows_by_its_colour(seed: int, colour: tuple[int, int, int]) -> None:
    picture = printed(grain(seed, light=170.0), colour, opacity=0.5)
    plain = detector.heat(picture)

    assert share(plain) < 0.3
    assert share(drowned.completed(plain, picture, KEPT)) > 0.9


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("seed", range(3))
def test_white_print_in_grain_shows(seed: int) -> None:
    picture = printed(grain(seed, light=140.0), (255, 255, 255), opacity=0.6)
    plain = detector.heat(picture)

    assert share(plain) < 0.2
    assert share(drowned.completed(plain, picture, KEPT)) > 0.7


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("seed", range(3))
def test_faint_print_in_fine_grain_shows_by_its_long_strokes(seed: int) -> None:
    picture = printed(grain(seed, light=110.0, size=(0.8, 0.5)), (255, 255, 255), opacity=0.4)
    plain = detector.heat(picture)

    assert share(plain) == 0
    assert share(drowned.completed(plain, picture, KEPT)) > 0.3


@pytest.mark.parametrize(("size", "most"), [((1.4, 0.8), 0.005), ((0.8, 0.5), 0.015)], ids=["coarse", "fine"])
@pytest.mark.parametrize("light", [60.0, 130.0], ids=["dark", "light"])
@pytest.mark.parametrize("seed", range(3))
def test_grain_alone_is_no_text(seed: int, light: float, size: tuple[float, float], most: float) -> None:
    picture = grain(seed, light=light, size=size)
    plain = detector.heat(picture)
    added = drowned.completed(plain, picture, KEPT) > np.maximum(plain, 0.12)

    assert added.mean() < most


def test_what_is_not_kept_is_not_looked_at_again() -> None:
    picture = printed(grain(1, light=170.0), (255, 200, 90), opacity=0.5)
    plain = detector.heat(picture)
    kept = KEPT.copy()
    kept[80:140] = False

    assert share(drowned.completed(plain, picture, kept)) == share(plain)


def test_a_smooth_grey_picture_costs_no_further_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.asarray(cv2.GaussianBlur(grain(1, light=35.0), (0, 0), 2.0), dtype=np.uint8)
    plain = detector.heat(picture)
    passes: list[Pixels] = []
    monkeypatch.setattr(detector, "heat", lambda part, **_: passes.append(part))

    assert np.array_equal(drowned.completed(plain, picture, KEPT), plain)
    assert not passes


@pytest.mark.parametrize(("blur", "passes"), [(3.0, 0), (1.0, 1)], ids=["smooth", "sharp"])
def test_a_spot_of_a_signs_size_is_looked_at_again_where_it_is_sharp(
    blur: float, passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lights = np.full((ROWS, COLUMNS, 3), 30, np.float32)
    lights[100:108, 200:208] = 190
    picture = np.asarray(cv2.GaussianBlur(lights, (0, 0), blur), dtype=np.uint8)
    plain = np.zeros((ROWS // detector.CELL, COLUMNS // detector.CELL), np.float32)
    seen: list[Pixels] = []

    def heat(part: Pixels, **_: float) -> detector.Heat:
        seen.append(part)
        return np.zeros((-(-part.shape[0] // detector.CELL), -(-part.shape[1] // detector.CELL)), np.float32)

    monkeypatch.setattr(detector, "heat", heat)
    drowned.completed(plain, picture, KEPT)

    assert len(seen) == passes


def test_print_that_is_found_already_is_as_hot_as_before() -> None:
    picture = printed(np.zeros((ROWS, COLUMNS, 3), np.uint8), (255, 200, 90), opacity=1.0)
    plain = detector.heat(picture)

    assert np.array_equal(drowned.completed(plain, picture, KEPT), plain)


SIGN = """
.##########
.#........#
.#....#...#
.#.######.#
.#....#...#
.#.########
.#........#
.#..#####.#
.#..#...#.#
##..#####.#
#.........#
#.......###
"""
CALIPER = """
....#....
....#....
....#....
....#....
#########
....#....
....#....
....#....
....#....
"""


BRIGHT, TEAL = (235, 235, 235), (60, 110, 120)


def drawn(pattern: str, seed: int, *, colour: tuple[int, int, int] = BRIGHT) -> tuple[Pixels, tuple[slice, slice]]:
    """Return tissue with a pattern of pixels on it, and the cells where it stands."""
    picture = np.asarray(cv2.GaussianBlur(grain(seed, light=90.0), (0, 0), 2.0), dtype=np.uint8).copy()
    rows = [[sign == "#" for sign in line] for line in pattern.split()]
    picture[100 : 100 + len(rows), 200 : 200 + len(rows[0])][np.array(rows)] = colour
    return picture, (slice(24, 30), slice(48, 56))


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_name_of_one_sign_shows(seed: int) -> None:
    picture, cells = drawn(SIGN, seed)
    plain = detector.heat(picture)

    assert plain[cells].max() < 0.35
    assert drowned.completed(plain, picture, KEPT)[cells].max() > 0.5


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_sign_that_differs_in_colour_only_shows(seed: int) -> None:
    picture, cells = drawn(SIGN, seed, colour=TEAL)
    plain = detector.heat(picture)

    assert plain[cells].max() < 0.2
    assert drowned.completed(plain, picture, KEPT)[cells].max() > 0.35


@pytest.mark.parametrize("colour", [BRIGHT, TEAL], ids=["bright", "teal"])
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_caliper_is_no_sign(seed: int, colour: tuple[int, int, int]) -> None:
    picture, _ = drawn(CALIPER, seed, colour=colour)
    plain = detector.heat(picture)

    assert np.array_equal(drowned.completed(plain, picture, KEPT), plain)
