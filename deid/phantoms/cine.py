"""Movement: the places that the beams meet, shifted frame by frame as the fetus moves and its heart beats."""

import math

import numpy as np
import numpy.typing as npt

from deid.phantoms.anatomy.scenes import Pulse

Floats = npt.NDArray[np.float32]


def moved(x: Floats, y: Floats, pulses: tuple[Pulse, ...], frame: int) -> tuple[Floats, Floats]:
    """Return the places in the resting sheet that frame number `frame` shows at x, y (centimetres)."""
    shifted_x, shifted_y = x.copy(), y.copy()
    for pulse in pulses:
        phase = math.sin(2 * math.pi * (frame + pulse.lag) / pulse.period)
        from_x, from_y = x - pulse.centre[0], y - pulse.centre[1]
        near = np.exp(-(from_x**2 + from_y**2) / (2 * pulse.spread**2)) * phase
        shifted_x += near * (pulse.shift[0] + pulse.swell * from_x)
        shifted_y += near * (pulse.shift[1] + pulse.swell * from_y)
    return shifted_x.astype(np.float32), shifted_y.astype(np.float32)
