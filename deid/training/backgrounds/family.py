"""What a family of pictures is made of, and one part of a screen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deid.training.backgrounds.beams import Probe
from deid.training.backgrounds.fields import Bytes, Floats, Mask
from deid.training.backgrounds.sheet import Sheet
from deid.training.backgrounds.speckle import Grain
from deid.training.backgrounds.tints import Ramp

Structure = Callable[[Sheet, np.random.Generator], None]
Finish = Callable[[Bytes], Bytes]
Relief = Callable[[np.random.Generator, int, int], tuple[Floats, Mask]]
Pulse = Callable[[Floats], Floats]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Family:
    """All that may be drawn for one side of the split; entries that stand twice are drawn twice as often.

    `zoom` enlarges the speckle, `contrast` is its strength, `gamma` the power law of the grey map.
    """

    grains: tuple[Grain, ...]
    structures: tuple[Structure, ...]
    probes: tuple[Probe, ...]
    greys: tuple[Ramp, ...]
    flows: tuple[Ramp, ...]
    powers: tuple[Ramp, ...]
    stiffness: tuple[Ramp, ...]
    skins: tuple[Ramp, ...]
    finishes: tuple[Finish, ...]
    reliefs: tuple[Relief, ...]
    pulses: tuple[Pulse, ...]
    zoom: Range
    contrast: Range
    gamma: Range


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The settings that all pictures of one screen share."""

    grain: Grain
    zoom: float
    contrast: float
    gamma: float
    gain: float
    ramp: Ramp
    finish: Finish
    probe: Probe


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One part of a screen: `pixels` uint8 (rows, columns, 3); `inside` bool (rows, columns) where it shows
    anything, the rest is no part of it; `spatial_format` and `data_type` as in DICOM PS3.3 C.8.5.5.
    """

    pixels: Bytes
    inside: Mask
    spatial_format: int
    data_type: int


def look(rng: np.random.Generator, family: Family) -> Look:
    """Draw the settings of one screen."""
    return Look(
        grain=family.grains[rng.integers(len(family.grains))],
        zoom=float(np.exp(rng.uniform(*np.log(family.zoom)))),
        contrast=float(rng.uniform(*family.contrast)),
        gamma=float(rng.uniform(*family.gamma)),
        gain=float(rng.normal(0, 0.07)),
        ramp=family.greys[rng.integers(len(family.greys))],
        finish=family.finishes[rng.integers(len(family.finishes))],
        probe=family.probes[rng.integers(len(family.probes))],
    )
