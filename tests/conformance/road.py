"""The engine's road without its eyes: a file is decoded, covered as told, and written as the master."""

import numpy as np

from deid.engine import frames, intake
from deid.engine.geometry import Box
from deid.engine.mastering import Master
from deid.engine.redaction import Redactor
from tests.deid.engine import outputs

MOST_PIXELS = 400_000_000


def cleaned(data: bytes, kept: np.ndarray, covers: list[Box]) -> bytes:
    """Return the master of a file; `kept` is (rows, columns), bool. Raises Held and Rejected as the engine does."""
    source = intake.read(data)
    film = frames.open_frames(source, max_pixels=MOST_PIXELS)
    master = Master(source, film.shape, grey=film.grey, trial=lambda: film.spread(3))
    redactor = Redactor(kept, covers)
    for index, frame in enumerate(film):
        master.add(master.fitted(redactor.apply(frame, index=index)))
    return master.finish(outputs.header(source))


def pictures(data: bytes) -> list[np.ndarray]:
    """Return the frames as the engine decodes them, uint8 (rows, columns, 3)."""
    return list(frames.open_frames(intake.read(data), max_pixels=MOST_PIXELS))
