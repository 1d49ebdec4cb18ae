"""Paints whole screens of ultrasound pictures that carry no text."""

from dataclasses import dataclass

import numpy as np

from deid.training.backgrounds.arrangements import Placed, arranged
from deid.training.backgrounds.families import family
from deid.training.backgrounds.family import look
from deid.training.backgrounds.fields import Bytes, Mask
from deid.training.backgrounds.grounds import Box, ground, panels, real

Part = tuple[int, int, int, int, int, int]
_SMALLEST = 96


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """A screen without text.

    `pixels` uint8 (rows, columns, 3) RGB; `area` bool (rows, columns), True where pictures, strips and
    renders stand; `parts` are the rectangles (x, y, width, height, spatial format, data type) of DICOM
    PS3.3 C.8.5.5 round them.
    """

    pixels: Bytes
    area: Mask
    parts: tuple[Part, ...]


def paint(
    rng: np.random.Generator, rows: int, columns: int, *, held_out: bool, plausible: bool = False, harsh: bool = False
) -> Background:
    """Paint a screen; equal generators give equal screens.

    `held_out` draws from the kinds of speckle, structure, shape and colour that training never sees, a `plausible` one
    from those of them that a real machine shows; a `harsh` screen has more traces, and noise over all of it.
    Raises ValueError for a screen of less than 96 pixels either way.
    """
    if min(rows, columns) < _SMALLEST:
        raise ValueError("a screen has at least 96 x 96 pixels")
    drawn = family(held_out=held_out, plausible=plausible)
    pixels, (x, y, width, height) = (
        _real_screen(rng, rows, columns) if plausible else _any_screen(rng, rows, columns, held_out=held_out)
    )
    area = np.zeros((rows, columns), np.bool_)
    parts = [
        _laid(pixels, area, (x + left, y + top, cell))
        for left, top, cell in arranged(rng, drawn, look(rng, drawn), (height, width), harsh=harsh)
    ]
    return Background(pixels, area, tuple(parts))


def _any_screen(rng: np.random.Generator, rows: int, columns: int, *, held_out: bool) -> tuple[Bytes, Box]:
    pixels = ground(rng, rows, columns, held_out=held_out)
    place = _place(rng, rows, columns)
    panels(rng, pixels, place, held_out=held_out)
    x, y, width, height = place
    if rng.random() < 0.5:
        pixels[y : y + height, x : x + width] = 0
    return pixels, place


def _real_screen(rng: np.random.Generator, rows: int, columns: int) -> tuple[Bytes, Box]:
    """Return a screen with a bar of its own above the pictures and room beside and below them, and their place."""
    top, bottom, left, right = (rng.uniform(*reach) for reach in ((0.05, 0.13), (0.02, 0.12), (0, 0.2), (0.03, 0.2)))
    x, y = int(left * columns), int(top * rows)
    place = x, y, int((1 - left - right) * columns), int((1 - top - bottom) * rows)
    pixels = np.zeros((rows, columns, 3), np.uint8)
    real(rng, pixels, place)
    return pixels, place


def _place(rng: np.random.Generator, rows: int, columns: int) -> Box:
    kind = rng.choice(3, p=(0.12, 0.16, 0.72))
    if kind == 0:
        return 0, 0, columns, rows
    if kind == 1:
        left, right, top, bottom = rng.uniform(0, 0.03, 4)
    else:
        left, right = rng.uniform(0, 0.22, 2) * rng.choice((0.3, 1.0), 2)
        top, bottom = rng.uniform(0.03, 0.14), rng.uniform(0, 0.14)
    if rng.random() < 0.15:
        top = 0.0
    x, y = int(left * columns), int(top * rows)
    return x, y, int((1 - left - right) * columns), int((1 - top - bottom) * rows)


def _laid(pixels: Bytes, area: Mask, placed: Placed) -> Part:
    x, y, cell = placed
    rows, columns = cell.inside.shape
    window = (slice(y, y + rows), slice(x, x + columns))
    np.copyto(pixels[window], cell.pixels, where=cell.inside[..., None])
    area[window] |= cell.inside
    return x, y, columns, rows, cell.spatial_format, cell.data_type
