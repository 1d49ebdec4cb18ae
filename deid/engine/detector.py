"""Finds text with the project's own network: how surely there is text, for every cell of 4 x 4 pixels."""

from functools import cache
from hashlib import sha256

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from deid.engine import networks
from deid.engine.errors import Held, HoldReason

Pixels = npt.NDArray[np.uint8]
Heat = npt.NDArray[np.float32]

CELL = 4
# the network halves its input four times
STEP = 16
_WEIGHTS = "text_network.onnx"


def heat(picture: Pixels, *, scale: float = 1.0) -> Heat:
    """Return the probability of text, `float32` (rows / 4, columns / 4, rounded up), of an RGB picture.

    `scale` is how much larger the network is shown the picture; the cells are those of the picture all the same.
    Raises Held(DETECTOR_FAILED) where the network or its weights cannot be used.
    """
    rows, columns = picture.shape[:2]
    shown = picture if scale == 1.0 else _scaled(picture, scale)
    found = _looked_at(shown)
    tall, wide = -(-rows // CELL), -(-columns // CELL)
    if scale == 1.0:
        return found
    # where several cells fall into one, the surest counts
    if scale > 1.0:
        found = np.asarray(cv2.dilate(found, np.ones((2, 2), np.uint8), anchor=(0, 0)), dtype=np.float32)
    return np.asarray(cv2.resize(found, (wide, tall), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


@cache
def weights_digest() -> str:
    """Return the SHA-256 of the weights, which names the detector in every report."""
    return sha256(_weights()).hexdigest()


def in_runs(picture: Pixels) -> Pixels:
    """Return a picture, as many columns wide as a multiple of 4, in runs of four pixels: (1, rows, columns / 4, 12)."""
    rows, columns = picture.shape[:2]
    return np.ascontiguousarray(picture).reshape(1, rows, columns // 4, 12)


def _looked_at(picture: Pixels) -> Heat:
    rows, columns = picture.shape[:2]
    down, across = -rows % STEP, -columns % STEP
    whole = np.pad(picture, ((0, down), (0, across), (0, 0)), mode="constant") if down or across else picture
    try:
        (found,) = _session().run(None, {"runs": in_runs(whole)})
    except networks.FAULTS as error:
        raise Held(HoldReason.DETECTOR_FAILED) from error
    return np.asarray(found, dtype=np.float32)[0, : -(-rows // CELL), : -(-columns // CELL)]


def _scaled(picture: Pixels, scale: float) -> Pixels:
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way), dtype=np.uint8)


@cache
def _session() -> onnxruntime.InferenceSession:
    weights = _weights()
    try:
        return networks.opened(weights)
    except networks.FAULTS as error:
        raise Held(HoldReason.DETECTOR_FAILED) from error


def _weights() -> bytes:
    try:
        return networks.weights_of(_WEIGHTS)
    except OSError as error:
        raise Held(HoldReason.DETECTOR_FAILED) from error
