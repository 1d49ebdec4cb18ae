"""The pictures are found in the pixels whatever their shape, brightness and ground; what is doubtful is not certain."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import sector
from deid.engine.sector import Sector
from tests.deid.engine import painted_screens as screens

_SHAPES = {
    "convex": screens.fan(apex=10, near=70, far=240, half=0.6),
    "phased": screens.fan(apex=54, far=210, half=0.7),
    "endocavity": screens.fan(apex=60, near=20, far=200, half=1.1) & screens.rectangle(20, 50, 380, 270),
    "linear": screens.rectangle(90, 60, 310, 250),
    "trapezoid": screens.polygon((120, 60), (280, 60), (340, 260), (60, 260)),
    "dual": screens.rectangle(20, 60, 190, 250) | screens.rectangle(210, 60, 380, 250),
    "quad": np.any(
        [screens.rectangle(x, y, x + 150, y + 90) for x in (30, 210) for y in (60, 180)],
        axis=0,
    ),
    "fan_and_strip": screens.fan(apex=50, far=110, half=0.6) | screens.rectangle(30, 180, 370, 280),
}
_GROUNDS = ((0, 0, 0), (58, 58, 60), (18, 24, 46))


def found(picture: np.ndarray, text: np.ndarray | None = None) -> Sector:
    return sector.find([picture], text)


def lost(truth: np.ndarray, kept: np.ndarray) -> float:
    return float((truth & ~kept).sum() / truth.sum())


def added(truth: np.ndarray, kept: np.ndarray) -> float:
    return float((kept & ~screens.near(truth, 4)).sum() / truth.sum())


@pytest.mark.parametrize("name", _SHAPES)
@pytest.mark.parametrize("colour", _GROUNDS, ids=["black", "grey", "blue"])
def test_every_shape_is_found_on_every_ground(name: str, colour: tuple[int, int, int]) -> None:
    truth = _SHAPES[name]
    picture = screens.with_bar(screens.echoes(screens.ground(colour), truth), 40)

    seen = found(picture)

    assert seen.certain
    assert lost(truth, seen.mask) < 0.005
    assert added(truth, seen.mask) < 0.15
    assert not seen.mask[:40].any()


@pytest.mark.parametrize("level", [12, 25, 60, 150], ids=["very_dark", "dark", "usual", "bright"])
@pytest.mark.parametrize("quality", [70, 92])
def test_brightness_and_jpeg_do_not_matter(level: float, quality: int) -> None:
    truth = _SHAPES["convex"]
    picture = screens.through_jpeg(screens.echoes(screens.ground((0, 0, 0)), truth, level=level), quality=quality)

    seen = found(picture)

    assert seen.certain
    assert lost(truth, seen.mask) < 0.005
    assert added(truth, seen.mask) < 0.1


def test_a_fan_whose_dark_half_is_only_noise_is_not_certain() -> None:
    truth = screens.rectangle(60, 50, 340, 270)
    picture = screens.ground((0, 0, 0))
    rng = np.random.default_rng(3)
    picture[50:120, 60:340] = rng.integers(40, 120, (70, 280, 1), np.uint8)
    sparse = (rng.random((150, 280, 1)) < 0.3) * rng.integers(8, 20, (150, 280, 1))
    picture[120:270, 60:340] = sparse.astype(np.uint8)

    seen = found(picture)

    assert lost(truth, seen.mask) < 0.01 or not seen.certain


_HALF_DARK = screens.rectangle(120, 50, 280, 270)


def half_dark() -> np.ndarray:
    """Return a screen with a picture of which the lower part is noise."""
    picture = screens.echoes(screens.ground((0, 0, 0)), screens.rectangle(120, 50, 280, 150))
    rng = np.random.default_rng(3)
    sparse = (rng.random((120, 160, 1)) < 0.3) * rng.integers(8, 20, (120, 160, 1))
    picture[150:270, 120:280] = sparse.astype(np.uint8)
    return picture


def test_noise_that_hangs_together_with_the_echoes_belongs_to_the_picture() -> None:
    seen = found(half_dark())

    assert seen.certain
    assert lost(_HALF_DARK, seen.mask) < 0.01
    assert added(_HALF_DARK, seen.mask) < 0.02


def test_text_on_what_was_added_is_not_kept() -> None:
    text = np.zeros((75, 100), np.float32)
    text[20:24, 40:60] = text[52:56, 40:60] = 0.9

    seen = found(half_dark(), text)

    assert seen.mask[80:96, 160:240].all()
    assert not seen.mask[208:224, 160:240].any()
    assert seen.mask[240, 200]


def test_noise_is_not_followed_where_the_echoes_are_enough() -> None:
    seen = sector.find([half_dark()], enough=lambda first: bool(first.echoes.any()))

    assert not seen.mask[200:].any()


def test_a_picture_without_grain_is_found() -> None:
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]
    waves = 110 + 50 * np.sin(rows / 11) + 50 * np.cos(columns / 13)
    truth = _SHAPES["linear"]
    picture = np.where(truth[:, :, None], waves.clip(0, 255).astype(np.uint8)[:, :, None], 0).astype(np.uint8)
    picture = np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture

    seen = found(picture)

    assert seen.certain
    assert lost(truth, seen.mask) < 0.002
    assert added(truth, seen.mask) < 0.05


def test_colour_and_lines_inside_change_nothing() -> None:
    truth = _SHAPES["phased"]
    picture = screens.echoes(screens.ground((0, 0, 0)), truth)
    cv2.circle(picture, (190, 160), 24, (30, 60, 220), cv2.FILLED)
    cv2.circle(picture, (215, 170), 18, (220, 50, 20), cv2.FILLED)
    cv2.rectangle(picture, (150, 120), (250, 200), (220, 220, 220), 1)

    seen = found(picture)

    assert lost(truth, seen.mask) < 0.002
    assert added(truth, seen.mask) < 0.05


def test_bars_buttons_and_traces_are_no_part_of_it() -> None:
    truth = _SHAPES["linear"]
    picture = screens.echoes(screens.ground((0, 0, 0)), truth)
    picture[70:200, 380:390] = np.linspace(255, 0, 130).astype(np.uint8)[:, None, None]
    for left in range(60, 330, 30):
        cv2.rectangle(picture, (left, 280), (left + 18, 292), (90, 95, 110), cv2.FILLED)
    cv2.line(picture, (20, 265), (380, 268), (80, 230, 80), 1)

    seen = found(picture)

    assert not seen.mask[:, 376:].any()
    assert not seen.mask[258:].any()


def test_text_cells_are_taken_out_first() -> None:
    truth = _SHAPES["linear"]
    picture = screens.echoes(screens.ground((0, 0, 0)), truth)
    text = np.zeros((75, 100), np.float32)
    for row in (18, 34, 50):
        cv2.putText(picture, "LINDEN MARA 88", (90, row), cv2.FONT_HERSHEY_DUPLEX, 0.75, (255, 255, 255), 2)
        text[(row - 16) // 4 : row // 4 + 1, 22:78] = 0.9

    seen = found(picture, text)

    assert seen.certain
    assert not seen.mask[:50].any()
    assert lost(truth, seen.mask) < 0.002


def test_text_cells_inside_leave_no_hole() -> None:
    truth = _SHAPES["linear"]
    text = np.zeros((75, 100), np.float32)
    text[30:36, 30:60] = 1

    seen = found(screens.echoes(screens.ground((0, 0, 0)), truth), text)

    assert lost(truth, seen.mask) < 0.002


def test_frames_are_looked_at_as_one() -> None:
    """What is dark in one frame is lit in another."""
    truth = _SHAPES["linear"]
    upper, lower = screens.rectangle(90, 60, 310, 150), screens.rectangle(90, 150, 310, 250)
    frames = [screens.echoes(screens.ground((0, 0, 0)), part) for part in (upper, lower)]

    seen = sector.find(frames)

    assert lost(truth, seen.mask) < 0.002
    assert added(truth, seen.mask) < 0.05


def test_a_picture_that_fills_the_frame_is_all_kept() -> None:
    everywhere = np.ones((screens.ROWS, screens.COLUMNS), np.bool_)

    seen = found(screens.echoes(screens.ground((0, 0, 0)), everywhere))

    assert seen.certain
    assert seen.mask.all()


@pytest.mark.parametrize("colour", [(0, 0, 0), (236, 236, 236)], ids=["black", "white"])
def test_a_screen_without_echoes_is_not_certain(colour: tuple[int, int, int]) -> None:
    picture = screens.ground(colour)
    for row in range(20, 290, 18):
        cv2.putText(picture, "AC 182 mm  GA 21w3d", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (120, 120, 120), 1)

    assert not found(picture).certain


def test_a_few_scattered_echoes_are_not_certain() -> None:
    picture = screens.ground((0, 0, 0))
    for x, y in ((40, 60), (300, 50), (160, 150), (50, 240), (330, 230)):
        picture = screens.echoes(picture, screens.rectangle(x, y, x + 32, y + 30))

    assert not found(picture).certain


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 120), st.integers(0, 60), st.sampled_from([0.8, 1.0, 2.0, 2.6]))
def test_it_is_found_wherever_and_however_large_it_is(right: int, down: int, scale: float) -> None:
    small = screens.rectangle(20 + right, 50 + down, 260 + right, 230 + down)
    size = (round(screens.COLUMNS * scale), round(screens.ROWS * scale))
    truth = cv2.resize(small.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    picture = screens.echoes(np.zeros((size[1], size[0], 3), np.uint8), truth)

    seen = found(picture)

    assert seen.certain
    assert seen.mask.shape == truth.shape
    assert lost(truth, seen.mask) < 0.002
    assert (seen.mask & ~screens.near(truth, 10)).sum() < 0.05 * truth.sum()


def test_a_doppler_trace_is_kept_to_its_peaks_and_the_fan_above_stays_a_fan() -> None:
    fan, place = screens.fan(apex=50, far=100, half=0.6), screens.rectangle(20, 160, 380, 280)
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]
    wave = place & (rows < 250) & (rows > 250 - 85 * np.exp(-1.2 * ((columns % 30) / 30)))
    picture = screens.with_bar(screens.echoes(screens.ground((0, 0, 0)), fan | wave), 40)
    picture[250, 20:380] = 160

    seen = found(picture)

    assert seen.certain
    assert lost(fan, seen.mask) < 0.02
    assert lost(wave, seen.mask) < 0.005
    assert not seen.mask[:40].any()
    assert not seen.mask[60:90, 20:100].any()
