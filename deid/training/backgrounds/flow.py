"""Colour laid over a grey picture: flow, power, stiffness."""

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from deid.training.backgrounds.family import Cell, Family
from deid.training.backgrounds.fields import Bytes, Floats, Mask, smooth
from deid.training.backgrounds.tints import coloured

Number = TypeVar("Number", np.uint8, np.float32)
_LINES = ((255, 255, 255), (235, 220, 60), (70, 220, 90), (80, 140, 255), (180, 180, 180))


def flowing(rng: np.random.Generator, family: Family, cell: Cell) -> Cell:
    """Return the cell with a box of colour flow: two directions, at times with aliasing."""
    box = _box(rng, cell.inside)
    where = _tubes(rng, box.shape)
    speed = smooth(rng, box.shape, float(rng.uniform(20, 90))) * np.float32(rng.uniform(0.15, 0.5))
    speed += np.float32(rng.normal(0, 0.35)) + smooth(rng, box.shape, 5) * np.float32(rng.uniform(0, 0.12))
    values = np.mod((speed + 1) / 2, 1.0) if rng.random() < 0.4 else (np.clip(speed, -1, 1) + 1) / 2
    ramp = family.flows[rng.integers(len(family.flows))]
    return _laid(rng, cell, box, where, coloured(values.astype(np.float32), ramp), opacity=1.0)


def powered(rng: np.random.Generator, family: Family, cell: Cell) -> Cell:
    """Return the cell with a box of power Doppler: one colour, brighter where more blood moves."""
    box = _box(rng, cell.inside)
    where = _tubes(rng, box.shape)
    energy = 0.45 + 0.3 * smooth(rng, box.shape, float(rng.uniform(4, 20)))
    ramp = family.powers[rng.integers(len(family.powers))]
    return _laid(rng, cell, box, where, coloured(energy.astype(np.float32), ramp), opacity=float(rng.uniform(0.8, 1)))


def stiff(rng: np.random.Generator, family: Family, cell: Cell) -> Cell:
    """Return the cell with a box of elastography, which lets the grey picture shine through."""
    box = _box(rng, cell.inside)
    values = 0.5 + 0.28 * smooth(rng, box.shape, float(rng.uniform(10, 70)), across=float(rng.uniform(1, 2)))
    ramp = family.stiffness[rng.integers(len(family.stiffness))]
    everywhere = np.ones(box.shape, np.float32)
    shown = coloured(values.astype(np.float32), ramp)
    return _laid(rng, cell, box, everywhere, shown, opacity=float(rng.uniform(0.3, 0.85)))


def _box(rng: np.random.Generator, inside: Mask) -> Mask:
    rows, columns = inside.shape
    tall, wide = rng.uniform(0.25, 0.95) * rows, rng.uniform(0.25, 0.95) * columns
    top, left = rng.uniform(0, rows - tall), rng.uniform(0, columns - wide)
    lean, fan = rng.choice((0.0, 0.0, 0.2, -0.25)) * tall, rng.choice((0.0, 0.15, 0.3)) * wide
    corners = [
        (left + fan / 2 - lean / 2, top),
        (left + wide - fan / 2 - lean / 2, top),
        (left + wide + lean / 2, top + tall),
        (left + lean / 2, top + tall),
    ]
    drawn = np.zeros(inside.shape, np.uint8)
    cv2.fillPoly(drawn, [np.rint(corners).astype(np.int32)], 1)
    return (drawn > 0) & inside


def _tubes(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return cover from 0 to 1 of vessels: level lines of a smooth field, pools of it, or a tree of fine ones."""
    grain = float(rng.uniform(12, 90))
    field = smooth(rng, shape, grain, across=float(rng.uniform(0.7, 2)))
    ragged = smooth(rng, shape, 4) * np.float32(rng.uniform(0, 0.25))
    kind = int(rng.integers(3))
    if kind == 0:
        cover = np.float32(rng.uniform(0.15, 0.5)) - np.abs(field - np.float32(rng.normal(0, 0.7))) + ragged
    elif kind == 1:
        cover = field - np.float32(rng.uniform(0.4, 1.4)) + ragged
    else:
        fine = smooth(rng, shape, grain / 4)
        cover = np.float32(0.25) - np.abs(fine) + np.float32(0.3) * (field - 0.5)
    crisp: Floats = np.clip(cover * 8, 0, 1)
    return crisp


def _laid(rng: np.random.Generator, cell: Cell, box: Mask, cover: Floats, colour: Bytes, *, opacity: float) -> Cell:
    weight = cover * np.float32(opacity) * box
    if rng.random() < 0.5:
        weight, colour = _blocky(weight, int(rng.integers(2, 6))), _blocky(colour, 2)
    weight = weight * box
    mixed = cell.pixels + (colour.astype(np.float32) - cell.pixels) * weight[..., None]
    pixels = np.clip(mixed, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        outlines, _ = cv2.findContours(box.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        line = _LINES[rng.integers(len(_LINES))]
        cv2.drawContours(pixels, outlines, -1, line, int(rng.integers(1, 3)))
    return Cell(pixels, cell.inside, 1, 2)


def _blocky(picture: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    rows, columns = picture.shape[:2]
    small = cv2.resize(picture, (max(2, columns // size), max(2, rows // size)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_NEAREST), picture.dtype)
