"""Painted ultrasound screens with the truth of every pixel, for training and examining the text detector."""

from dataclasses import dataclass
from typing import Required, TypedDict

import numpy as np
import numpy.typing as npt

from deid.training import fittings, marks, people, placing, treatment
from deid.training.backgrounds import scene
from deid.training.chance import happens, pick
from deid.training.glass import Box, Eyesight, Glass, Labels, Line, Mask, Pixels
from deid.training.people import Identity
from deid.training.texts import Kind
from deid.training.writer import take_up

__all__ = ["Identity", "Kind", "Part", "Printed", "Screen", "paint"]

Part = tuple[int, int, int, int, int, int]


class Way(TypedDict, total=False):
    """How a screen is painted, see `paint`."""

    held_out: Required[bool]
    plausible: bool
    density: str


_SIZES = (
    *((640, 480), (800, 600), (1024, 768)) * 3,
    *((720, 576), (960, 720), (852, 735), (800, 564), (1136, 852), (768, 576), (1016, 708)),
    *((1280, 960), (1280, 1024), (1280, 720), (512, 400), (320, 240)),
)
_PIXELS_PER_TEXT = 9000
_DENSITIES = ("screen", "dense", "hard")
_STRAINED = Eyesight(levels=20, share=0.55, clear=0.25)


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed text: `box` (x, y, w, h) of its ink in pixels, `inside` where its ink touches the area."""

    text: str
    kind: Kind
    box: Box
    inside: bool
    identifying: bool


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """A painted screen and its truth; arrays are (rows, columns), `pixels` and `clean` uint8 with three channels, RGB.

    `clean` is the background without ink or marks after the same treatment. `labels` int16 holds n on ink of
    `printed[n - 1]` that shows, 0 elsewhere; `ignored` are places where a detector may say either. `parts` are
    regions (x, y, w, h, spatial format, data type) in the codes of PS3.3 C.8.5.5.
    """

    pixels: Pixels
    clean: Pixels
    labels: Labels
    ignored: Mask
    area: Mask
    parts: tuple[Part, ...]
    printed: tuple[Printed, ...]
    identity: Identity


def paint(seed: int, *, held_out: bool, plausible: bool = False, density: str = "screen") -> Screen:
    """Return the screen of a seed: `held_out` screens share no type, layouts or names with the others.

    Of those, `plausible` ones are what a real machine could show, the others stranger than any.
    `density` is "screen" for screens as machines fill them, "dense" for texts scattered everywhere, "hard" for texts
    that are hard to see scattered over noise, traces and marks.
    Raises ValueError for another density and FontMissing where a font is not installed.
    """
    if density not in _DENSITIES:
        raise ValueError(f"density is one of {_DENSITIES}")
    rng = np.random.default_rng((seed, int(held_out), _DENSITIES.index(density), *((1,) if plausible else ())))
    hard = density == "hard"
    columns, rows = pick(rng, _SIZES)
    ground = scene.paint(rng, rows, columns, held_out=held_out, plausible=plausible, harsh=hard)
    glass = Glass(ground.pixels.copy(), ground.area, _STRAINED if hard else Eyesight())
    identity = people.invent(rng, held_out=held_out)
    writer = take_up(rng, glass, identity, held_out=held_out)
    fittings.around(rng, glass, held_out=held_out)
    if plausible:
        marks.measure(rng, glass)
    else:
        marks.scatter(rng, glass, fewest=2 if hard else 0, most=9 if hard else 6)
    if density == "dense":
        placing.scatter(writer, max(12, rows * columns // _PIXELS_PER_TEXT))
    elif hard:
        placing.hide(writer, max(12, rows * columns // _PIXELS_PER_TEXT))
    else:
        placing.lay_out(writer)
    if happens(rng, 0.15):
        marks.point(rng, glass)
    way = treatment.draw(rng, (columns, rows), glass.smallest)
    return _finished(glass, ground.pixels, way, parts=ground.parts, identity=identity)


def _finished(
    glass: Glass, ground: Pixels, way: treatment.Treatment, *, parts: tuple[Part, ...], identity: Identity
) -> Screen:
    labels, printed = _counted(way.labels(glass.labels), way.mask(glass.area), glass.lines)
    return Screen(
        pixels=way.pixels(glass.pixels),
        clean=way.pixels(ground),
        labels=labels,
        ignored=way.mask(glass.ignored),
        area=way.mask(glass.area),
        parts=tuple(_scaled(part, way.scale) for part in parts),
        printed=printed,
        identity=identity,
    )


def _scaled(part: Part, scale: float) -> Part:
    x, y, w, h, spatial_format, data_type = part
    return round(x * scale), round(y * scale), round(w * scale), round(h * scale), spatial_format, data_type


def _counted(labels: Labels, area: Mask, lines: list[Line]) -> tuple[Labels, tuple[Printed, ...]]:
    """Return labels numbered without gaps and what is printed: texts that the pointer hid whole are left out."""
    ys, xs = np.nonzero(labels)
    numbers = labels[ys, xs]
    boxes = _boxes(numbers, ys, xs, len(lines))
    inside = np.zeros(len(lines) + 1, bool)
    inside[numbers[area[ys, xs]]] = True
    order = np.zeros(len(lines) + 1, np.int16)
    printed: list[Printed] = []
    for number, line in enumerate(lines, start=1):
        left, top, right, bottom = (int(edge) for edge in boxes[number])
        if right < left:
            continue
        box = (left, top, right - left + 1, bottom - top + 1)
        printed.append(Printed(line.text, line.kind, box, bool(inside[number]), line.identifying))
        order[number] = len(printed)
    return order[labels], tuple(printed)


def _boxes(numbers: Labels, ys: npt.NDArray[np.intp], xs: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.int64]:
    """Return left, top, right and bottom of every number's ink, all included: int64 (count + 1, 4)."""
    boxes = np.tile(np.array((1 << 30, 1 << 30, -1, -1)), (count + 1, 1))
    np.minimum.at(boxes[:, 0], numbers, xs)
    np.minimum.at(boxes[:, 1], numbers, ys)
    np.maximum.at(boxes[:, 2], numbers, xs)
    np.maximum.at(boxes[:, 3], numbers, ys)
    return boxes
