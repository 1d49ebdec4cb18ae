"""The dark parts of a picture: noise that hangs together with its broad echoes, and how much of it was left out."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# noise is where in a window, against the rows, such a share of what no text hides is lit
_WINDOW, _NOISY, _LEAST_SHOWN = 1 / 20, 0.1, 0.2
# lines are narrower than this many pixels
_LINE = 9
# round everything, so far against the rows, noise may come from compression alone; further off it is another thing's
_HALO, _ROUND = 1 / 36, 1 / 16


def followed(echoes: Grey, lit: Grey, hidden: Grey) -> Grey:
    """Return `echoes` with the noise that hangs together with them and goes on beyond what compression may add.

    All are (rows, columns): `lit` is 1 on what stands out from the paint, `hidden` 1 under text.
    """
    noise = np.asarray(lit & _noisy(lit, 1 - hidden), dtype=np.uint8)
    noise = np.asarray(cv2.morphologyEx(noise, cv2.MORPH_CLOSE, _box(_window(lit) // 2 | 1)), dtype=np.uint8)
    noise = np.asarray(cv2.morphologyEx(noise, cv2.MORPH_OPEN, _box(_LINE)), dtype=np.uint8)
    far = noise & (1 - _haloed(echoes))
    return hanging(echoes | (noise & _haloed(far)), echoes)


def noise_beyond(parts: Sequence[Grey], lit: Grey, hidden: Grey) -> float:
    """Return how much noise is round the pictures `parts`, as where only the bright half of a dark fan was seen.

    It is told against their area, 1 where there are none; masks as in `followed`.
    """
    if not parts:
        return 1.0
    whole = np.max(np.stack(parts), axis=0)
    bare = np.asarray((1 - _haloed(whole)) * (1 - hidden), dtype=np.uint8)
    ring = np.asarray(cv2.dilate(whole, _box(2 * round(_ROUND * len(whole)) + 1)), dtype=np.uint8) * bare
    return int((_noisy(lit, bare) & ring).sum()) / max(1, int(whole.sum()))


def hanging(mask: Grey, seeds: Grey) -> Grey:
    """Return those places of `mask` that hang together with `seeds`, both (rows, columns) and 1 inside."""
    _, labels = cv2.connectedComponents(mask, connectivity=8)
    wanted = np.zeros(int(labels.max()) + 1, dtype=np.uint8)
    wanted[labels[(seeds & mask) > 0]] = 1
    wanted[0] = 0
    return wanted.take(np.asarray(labels))


def mean(values: Grey, span: int) -> Floats:
    """Return the mean of `values` in a window of `span` pixels round each pixel, `float32` (rows, columns)."""
    return np.asarray(cv2.boxFilter(values, cv2.CV_32F, (span, span)), dtype=np.float32)


def _noisy(lit: Grey, shown: Grey) -> Grey:
    span = _window(lit)
    share = mean(lit * shown, span) / np.maximum(mean(shown, span), _LEAST_SHOWN)
    return (share > _NOISY).astype(np.uint8)


def _window(lit: Grey) -> int:
    return max(5, round(_WINDOW * len(lit)) | 1)


def _haloed(mask: Grey) -> Grey:
    return np.asarray(cv2.dilate(mask, _box(2 * round(_HALO * len(mask)) + 1)), dtype=np.uint8)


def _box(size: int) -> Grey:
    return np.ones((size, size), np.uint8)
