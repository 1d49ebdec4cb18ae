"""Colour maps: 256 steps from dark to bright, or from one direction of flow to the other."""

from functools import lru_cache

import numpy as np

from deid.training.backgrounds.fields import Bytes, Floats

Stop = tuple[float, int, int, int]
Ramp = tuple[Stop, ...]

GREY: Ramp = ((0, 0, 0, 0), (1, 255, 255, 255))
SEPIA: Ramp = ((0, 0, 0, 0), (0.5, 140, 108, 70), (1, 255, 240, 205))
BLUE: Ramp = ((0, 0, 0, 4), (0.5, 92, 112, 150), (1, 228, 240, 255))
CANDLE: Ramp = ((0, 0, 0, 0), (0.4, 130, 78, 24), (0.75, 228, 178, 90), (1, 255, 250, 214))
COLD: Ramp = ((0, 4, 6, 12), (0.5, 108, 122, 138), (1, 244, 252, 255))
LIFTED: Ramp = ((0, 22, 22, 24), (0.5, 130, 130, 132), (1, 246, 246, 246))
GOLD: Ramp = ((0, 0, 0, 0), (0.35, 110, 52, 4), (0.7, 226, 158, 30), (1, 255, 248, 176))
JADE: Ramp = ((0, 0, 0, 0), (0.5, 74, 130, 104), (1, 226, 255, 236))
MAGENTA: Ramp = ((0, 0, 0, 0), (0.5, 136, 84, 138), (1, 255, 232, 255))
ICE: Ramp = ((0, 0, 2, 18), (0.4, 10, 84, 150), (0.8, 110, 210, 240), (1, 255, 255, 255))

STEEL: Ramp = ((0, 0, 0, 0), (0.5, 116, 124, 132), (1, 246, 250, 252))
HONEY: Ramp = ((0, 0, 0, 0), (0.5, 134, 120, 92), (1, 255, 248, 226))

SAND: Ramp = ((0, 6, 3, 1), (0.4, 128, 90, 58), (0.75, 224, 180, 132), (1, 255, 240, 214))
COPPER: Ramp = ((0, 6, 1, 0), (0.45, 150, 84, 48), (0.8, 240, 172, 116), (1, 255, 234, 206))
SKIN: Ramp = ((0, 8, 2, 0), (0.35, 116, 58, 28), (0.7, 218, 150, 98), (1, 255, 232, 200))
AMBER: Ramp = ((0, 4, 1, 0), (0.4, 132, 66, 8), (0.75, 238, 154, 46), (1, 255, 236, 178))
ROSE: Ramp = ((0, 10, 2, 4), (0.4, 140, 66, 62), (0.75, 232, 158, 146), (1, 255, 230, 220))
BRONZE: Ramp = ((0, 2, 0, 0), (0.5, 126, 90, 54), (1, 250, 226, 184))
CLAY: Ramp = ((0, 0, 2, 6), (0.3, 46, 40, 62), (0.65, 190, 130, 110), (1, 255, 244, 226))
MARBLE: Ramp = ((0, 6, 10, 16), (0.5, 120, 132, 146), (1, 250, 252, 255))
OLIVE: Ramp = ((0, 2, 4, 0), (0.5, 118, 116, 62), (1, 244, 240, 190))

RED_BLUE: Ramp = (
    (0, 120, 236, 255),
    (0.25, 16, 70, 240),
    (0.49, 0, 0, 60),
    (0.51, 60, 0, 0),
    (0.75, 230, 26, 8),
    (1, 255, 232, 90),
)
BLUE_RED: Ramp = tuple((1 - place, red, green, blue) for place, red, green, blue in reversed(RED_BLUE))
VARIANCE: Ramp = (
    (0, 90, 240, 200),
    (0.3, 20, 80, 230),
    (0.49, 0, 0, 40),
    (0.51, 40, 0, 0),
    (0.7, 220, 40, 10),
    (1, 70, 250, 40),
)
TURBO: Ramp = (
    (0, 48, 18, 59),
    (0.2, 66, 130, 250),
    (0.4, 26, 228, 182),
    (0.6, 164, 252, 60),
    (0.8, 250, 130, 30),
    (1, 122, 4, 3),
)
POWER: Ramp = ((0, 30, 0, 0), (0.4, 190, 30, 0), (0.75, 255, 150, 0), (1, 255, 255, 170))
VIOLET_POWER: Ramp = ((0, 16, 0, 40), (0.5, 150, 30, 170), (1, 255, 200, 140))
RAINBOW: Ramp = ((0, 10, 10, 200), (0.25, 0, 190, 230), (0.5, 20, 220, 40), (0.75, 250, 230, 0), (1, 230, 10, 0))
MAGENTA_TEAL: Ramp = ((0, 0, 255, 230), (0.48, 0, 40, 50), (0.52, 50, 0, 40), (1, 255, 110, 240))
GREEN_POWER: Ramp = ((0, 0, 20, 10), (0.5, 20, 160, 60), (1, 220, 255, 120))
RED_AQUA: Ramp = (
    (0, 150, 255, 250),
    (0.3, 30, 110, 230),
    (0.49, 6, 10, 70),
    (0.51, 70, 4, 6),
    (0.7, 240, 50, 20),
    (1, 255, 210, 60),
)
EMBER_SEA: Ramp = (
    (0, 60, 210, 255),
    (0.35, 20, 50, 190),
    (0.49, 0, 0, 30),
    (0.51, 40, 0, 0),
    (0.65, 190, 10, 10),
    (1, 255, 170, 30),
)
EMBER: Ramp = ((0, 40, 6, 0), (0.45, 210, 60, 10), (0.8, 255, 180, 60), (1, 255, 244, 210))
SPECTRAL: Ramp = ((0, 220, 30, 20), (0.3, 240, 200, 20), (0.55, 40, 200, 60), (0.8, 20, 150, 230), (1, 20, 20, 180))
FIRE_ICE: Ramp = ((0, 255, 255, 255), (0.25, 60, 160, 255), (0.5, 0, 0, 0), (0.75, 255, 120, 0), (1, 255, 255, 255))


@lru_cache(maxsize=64)
def table(ramp: Ramp) -> Bytes:
    """Return the colours of the 256 steps, uint8 (256, 3), RGB."""
    places = [stop[0] for stop in ramp]
    steps = np.linspace(0, 1, 256)
    return np.stack([np.interp(steps, places, [stop[band] for stop in ramp]) for band in (1, 2, 3)], -1).astype(
        np.uint8
    )


def tinted(grey: Bytes, ramp: Ramp) -> Bytes:
    """Return grey of any shape in the ramp's colours, uint8 (..., 3)."""
    return table(ramp).take(grey, axis=0)


def coloured(values: Floats, ramp: Ramp) -> Bytes:
    """Return values from 0 to 1 (any shape) in the ramp's colours, uint8 (..., 3)."""
    return tinted(np.clip(values * np.float32(255), 0, 255).astype(np.uint8), ramp)
