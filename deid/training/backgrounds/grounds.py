"""The screen behind the pictures: plain, noisy or shaded, with panels round the place of the pictures."""

import cv2
import numpy as np

from deid.training.backgrounds.fields import Bytes, Floats, smooth

Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]

_BLACKS: tuple[Colour, ...] = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (2, 2, 2), (8, 8, 10))
_DARK: tuple[Colour, ...] = ((24, 24, 26), (44, 46, 50), (10, 16, 36), (14, 30, 58), (30, 38, 48), (70, 72, 76))
_LIGHT: tuple[Colour, ...] = ((150, 152, 156), (192, 194, 196), (222, 224, 226), (236, 232, 222), (170, 184, 200))
_BARS: tuple[Colour, ...] = (
    (0, 0, 0),
    (16, 40, 90),
    (40, 60, 100),
    (52, 54, 60),
    (90, 94, 100),
    (24, 26, 30),
    (8, 60, 70),
    (200, 204, 208),
)
_REAL_GROUNDS: tuple[Colour, ...] = (*((0, 0, 0),) * 6, (1, 1, 1), (4, 6, 4), (12, 14, 18), (34, 38, 44))
_REAL_BARS: tuple[Colour, ...] = ((0, 0, 0), (12, 12, 14), (28, 32, 38), (18, 50, 78), (46, 58, 66), (120, 122, 126))
_UNSEEN_BLACKS: tuple[Colour, ...] = ((0, 0, 0), (4, 6, 4))
_UNSEEN_DARK: tuple[Colour, ...] = ((8, 34, 26), (44, 30, 24), (40, 20, 50), (58, 62, 56))
_UNSEEN_LIGHT: tuple[Colour, ...] = ((206, 214, 196), (128, 118, 110))
_UNSEEN_BARS: tuple[Colour, ...] = ((12, 70, 48), (96, 52, 24), (70, 40, 92), (120, 122, 114))


def real(rng: np.random.Generator, screen: Bytes, place: Box) -> None:
    """Paint a screen (rows, columns, 3) as machines do: of one dark colour, with plain bars above or below `place`."""
    _, y, _, height = place
    screen[:] = _REAL_GROUNDS[rng.integers(len(_REAL_GROUNDS))]
    bar = _REAL_BARS[rng.integers(len(_REAL_BARS))]
    if rng.random() < 0.6:
        screen[:y] = bar
    if rng.random() < 0.3:
        screen[y + height :] = bar


def ground(rng: np.random.Generator, rows: int, columns: int, *, held_out: bool) -> Bytes:
    """Return the bare screen, uint8 (rows, columns, 3)."""
    blacks, dark, light = (_UNSEEN_BLACKS, _UNSEEN_DARK, _UNSEEN_LIGHT) if held_out else (_BLACKS, _DARK, _LIGHT)
    tones = (blacks, dark, light)[rng.choice(3, p=(0.68, 0.26, 0.06))]
    colour = np.asarray(tones[rng.integers(len(tones))], np.float32)
    kind = rng.choice(3, p=(0.66, 0.17, 0.17))
    if kind == 0:
        return np.full((rows, columns, 3), colour, np.uint8)
    if kind == 1:
        noise = smooth(rng, (rows, columns), float(rng.choice((3, 4, 8)))) * np.float32(rng.uniform(0.5, 4))
        return _bytes(colour + 3 + noise[..., None])
    return _bytes(colour * _slope(rng, rows, columns)[..., None])


def panels(rng: np.random.Generator, screen: Bytes, place: Box, *, held_out: bool) -> None:
    """Paint bars and empty panels into the margins round the place (x, y, width, height)."""
    rows, columns = screen.shape[:2]
    x, y, width, height = place
    bars = _UNSEEN_BARS if held_out else _BARS
    margins = (
        (0.55, (0, 0, columns, y)),
        (0.3, (0, y + height, columns, rows - y - height)),
        (0.2, (0, y, x, height)),
        (0.2, (x + width, y, columns - x - width, height)),
    )
    for chance, box in margins:
        if rng.random() < chance and min(box[2], box[3]) >= 8:
            _panel(rng, screen, box, bars[rng.integers(len(bars))])


def _panel(rng: np.random.Generator, screen: Bytes, box: Box, colour: Colour) -> None:
    x, y, width, height = box
    shade = _slope(rng, height, width) if rng.random() < 0.35 else np.ones((height, width), np.float32)
    screen[y : y + height, x : x + width] = _bytes(np.asarray(colour, np.float32) * shade[..., None])
    edge = tuple(min(255, band + int(rng.integers(0, 90))) for band in colour)
    if rng.random() < 0.4:
        cv2.rectangle(screen, (x, y), (x + width - 1, y + height - 1), edge, 1)
    for _ in range(int(rng.integers(0, 7)) if rng.random() < 0.3 else 0):
        left, top = x + int(rng.integers(0, width)), y + int(rng.integers(0, height))
        right, bottom = left + int(rng.integers(6, 120)), top + int(rng.integers(6, 40))
        inset = (min(right, x + width - 1), min(bottom, y + height - 1))
        cv2.rectangle(screen, (left, top), inset, edge, int(rng.choice((1, 1, -1))))


def _slope(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    top, bottom = (float(end) for end in rng.uniform(0.5, 1.6, 2))
    left, right = (float(end) for end in rng.uniform(0.8, 1.2, 2))
    down = np.linspace(top, bottom, rows, dtype=np.float32)[:, None]
    slope: Floats = down * np.linspace(left, right, columns, dtype=np.float32)[None, :]
    return slope


def _bytes(values: Floats) -> Bytes:
    return np.clip(values, 0, 255).astype(np.uint8)
