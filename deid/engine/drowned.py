"""Print that drowns: where colour or grain hides it from the detector, the detector is shown other views of the place.

Print in a colour of its own on grey tissue stands out in nothing but its colour; one view shows only that. In the grain
of M-mode and of Doppler spectra letters are as bright as what is round them. Three views part them: enlarged; with the
grain blurred from row to row, where it changes faster than the upright strokes of letters do; and reduced to what is
light all along a stroke (openings by line segments, Soille and Talbot 2001), since grain is shorter. And a name of one
sign, as Chinese and Korean ones are, is too small a pattern by itself; twice as large it is not. A place is looked at
again only where it is coloured, grainy or as small and sharp as a sign, and where no text was found, so most of a
picture costs no further pass.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import detector
from deid.engine.detector import CELL, Heat

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_View = Callable[[Pixels], Heat]
_Window = tuple[slice, slice]

# round what the detector has found, over so many cells, there is nothing to look for
_HALO = 2
# how far each view is believed beside the plain one, measured on screens with print in grain
_COLOUR, _COLOUR_ENLARGED, _ENLARGED, _BLURRED, _STROKES, _DOUBLED = 0.38, 0.76, 0.875, 1.75, 0.5, 0.7
# a line begins where a view is so sure, goes on in its rows where one is as sure as this, and is then so likely;
_SURE, _WEAK, _LIKELY = 0.35, 0.08, 0.15
# it goes on over so many cells at once, so many times, and a long one over what is only coloured
_ON, _TURNS, _WORD = 5, 3, 8
_GAIN = 3.0
# a stroke is so many pixels long in one of four directions, and lifted so many times from the ground so far round it
_STROKE, _LIFT, _GROUND = 9, 2.0, 41
_WAYS = tuple(
    np.asarray(way, dtype=np.uint8)
    for way in (np.ones((1, _STROKE)), np.ones((_STROKE, 1)), np.eye(_STROKE), np.fliplr(np.eye(_STROKE)))
)
# coloured print differs from the colours of so many pixels round it by so many levels, and by so many times the mean,
_ROUND, _LEVELS, _TIMES = 21, 12.0, 4.0
# in such a share of a cell; grain differs so much from the nearest pixels, over so many cells each way,
_SHARE = 0.15
_NEAREST, _GRAIN, _OVER = 5, 18.0, 9
# in places of so many cells at least each way
_LEAST = 7
# beside a stroke the light changes so much from one pixel to the next, in such a share of a cell
_STEP, _STEEP = 20, 0.1
# a sign stands out so far in such a share of a cell, is so many cells wide and high, and fills so much of that
_CLEAR, _SHARP = 40, 0.2
_SMALLEST, _LARGEST, _FILLED = 2, 7, 0.55
# places nearer than so many cells are looked at as one; windows lie on the network's own grid
_NEAR, _GRID = 6, 4
# a sign is known only with so many cells round it
_AROUND = 8


def completed(heat: Heat, picture: Pixels, kept: Mask) -> Heat:
    """Return the detector's `heat` of an RGB `picture` with what other views of `kept` (rows, columns) add to it.

    Raises Held(DETECTOR_FAILED).
    """
    fresh = (_share(kept, heat) > 0.5) & ~_widened(heat > _SURE, _HALO)
    done = heat.copy()
    coloured, grainy = _coloured(picture, fresh), _grainy(picture, fresh)
    blobs = _widened(_opened(coloured, (_LEAST, _LEAST)), _HALO)
    _look(done, picture, _widened(coloured, _NEAR) & fresh, [_colours], hints=coloured & ~blobs)
    _look(done, picture, _widened(grainy, _NEAR) & fresh, [_enlarged, _blurred, _strokes], hints=~fresh)
    _look(done, picture, _widened(_small(coloured, with_a=coloured), 1) & fresh, [_doubled], hints=~fresh, near=_AROUND)
    signs = _small(_sharp(picture, fresh), with_a=_steep(picture, fresh)) & ~_widened(grainy, _HALO)
    _look(done, picture, _widened(signs, 1) & fresh, [_doubled], hints=~fresh, near=_HALO)
    return done


def _look(heat: Heat, picture: Pixels, places: Mask, views: list[_View], *, hints: Mask, near: int = _NEAR) -> None:
    """Add to `heat` what the surest of the `views` shows at the `places` (cells)."""
    for window in _windows(places, near):
        rows, columns = (slice(side.start * CELL, side.stop * CELL) for side in window)
        part = np.ascontiguousarray(picture[rows, columns])
        seen = np.max([view(part) for view in views], axis=0).clip(0, 1)
        found = _gone_on(seen, hints[window]) & places[window]
        heat[window] = np.where(found, np.maximum(heat[window], np.maximum(seen, _LIKELY)), heat[window])


def _gone_on(seen: Heat, hints: Mask) -> Mask:
    """Return the cells where a view is sure, and what goes on in their rows where it is not: grain parts a word."""
    found = seen > _SURE
    if not found.any():
        return found
    whole = np.asarray(_opened(found, (1, _WORD)), dtype=np.bool_)
    for _ in range(_TURNS):
        found |= _beside(found) & (seen > _WEAK)
        whole |= _beside(whole) & hints
    return found | whole


def _beside(places: Mask) -> Mask:
    return np.asarray(cv2.dilate(places.astype(np.uint8), np.ones((1, 2 * _ON + 1), np.uint8)) > 0, dtype=np.bool_)


def _colours(part: Pixels) -> Heat:
    """Look at nothing but how far the colours differ from those round them, as it is and enlarged."""
    red, blue = (cv2.absdiff(plane, cv2.medianBlur(plane, _ROUND)) for plane in _chroma(part))
    shown = _shown(_GAIN * cv2.add(red, blue).astype(np.float32))
    plain, enlarged = _COLOUR * detector.heat(shown), _COLOUR_ENLARGED * detector.heat(shown, scale=1.5)
    return np.asarray(np.maximum(plain, enlarged), dtype=np.float32)


def _enlarged(part: Pixels) -> Heat:
    return _ENLARGED * detector.heat(part, scale=1.5)


def _blurred(part: Pixels) -> Heat:
    return _BLURRED * detector.heat(np.asarray(cv2.GaussianBlur(part, (1, 5), 0), dtype=np.uint8), scale=1.25)


def _doubled(part: Pixels) -> Heat:
    return _DOUBLED * detector.heat(part, scale=2.0)


def _strokes(part: Pixels) -> Heat:
    """Look at nothing but what is light all along a stroke, enlarged: no grain is so long."""
    light = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    runs = np.max([cv2.morphologyEx(light, cv2.MORPH_OPEN, way) for way in _WAYS], axis=0).astype(np.float32)
    return _STROKES * detector.heat(_shown(_LIFT * (runs - cv2.blur(runs, (_GROUND, _GROUND)))), scale=1.5)


def _shown(plane: Floats) -> Pixels:
    """Return a plane of light as a grey picture."""
    return np.repeat(plane.clip(0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2)


def _coloured(picture: Pixels, fresh: Mask) -> Mask:
    """Return the `fresh` cells whose colours differ from those round them as much as print would."""
    red, blue = (_from_ground(plane, fresh) for plane in _chroma(picture))
    apart = np.asarray(cv2.add(red, blue), dtype=np.uint8)
    levels = max(_LEVELS, _TIMES * float(apart.mean()))
    return (_share(apart > levels, fresh) > _SHARE) & fresh


def _chroma(picture: Pixels) -> tuple[Grey, Grey]:
    _, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
    return np.asarray(red, dtype=np.uint8), np.asarray(blue, dtype=np.uint8)


def _from_ground(plane: Grey, cells: Mask) -> Grey:
    small = cv2.resize(plane, cells.shape[::-1], interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(small, 7), plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.absdiff(plane, ground), dtype=np.uint8)


def _grainy(picture: Pixels, fresh: Mask) -> Mask:
    """Return the `fresh` cells amid so much grain that print may drown in it."""
    light = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grain = np.asarray(cv2.absdiff(light, cv2.blur(light, (_NEAREST, _NEAREST))), dtype=np.uint8)
    known = fresh.astype(np.float32)
    total = cv2.blur(_in_cells(grain, fresh) * known, (_OVER, _OVER))
    grainy = (total > _GRAIN * cv2.blur(known, (_OVER, _OVER))) & fresh
    return _opened(grainy, (_LEAST, _LEAST)) & fresh


def _sharp(picture: Pixels, fresh: Mask) -> Mask:
    """Return the `fresh` cells of what stands out of its ground by its light."""
    light = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return (_share(_from_ground(light, fresh) > _CLEAR, fresh) > _SHARP) & fresh


def _steep(picture: Pixels, cells: Mask) -> Mask:
    """Return the cells with sides of strokes; smooth grain has few."""
    light = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    steps = np.asarray(cv2.absdiff(light[:, 1:], light[:, :-1]), dtype=np.uint8)
    return np.asarray(_share(np.pad(steps, ((0, 0), (1, 0))) > _STEP, cells) > _STEEP, dtype=np.bool_)


def _small(places: Mask, *, with_a: Mask) -> Mask:
    """Return the cells of what is as small as a sign, and as filled, and has a cell `with_a` certain look."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(places.astype(np.uint8), connectivity=8)
    sides, size = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)], stats[:, cv2.CC_STAT_AREA]
    fitting = (sides >= _SMALLEST).all(axis=1) & (sides <= _LARGEST).all(axis=1) & (size > _FILLED * sides.prod(axis=1))
    fitting &= np.bincount(labels[with_a], minlength=len(stats)) > 0
    return np.asarray(fitting[labels], dtype=np.bool_)


def _opened(places: Mask, least: tuple[int, int]) -> Mask:
    """Return `places` (cells) where they are so high and wide."""
    ones = places.astype(np.uint8)
    return np.asarray(cv2.morphologyEx(ones, cv2.MORPH_OPEN, np.ones(least, np.uint8)) > 0, dtype=np.bool_)


def _windows(places: Mask, near: int) -> Iterator[_Window]:
    """Yield windows of cells round `places`, as one round those no further apart than `near` on each side."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(_widened(places, near).astype(np.uint8), connectivity=8)
    for x, y, w, h, _ in stats[1:count].tolist():
        yield (
            slice(y // _GRID * _GRID, min(places.shape[0], -(-(y + h) // _GRID) * _GRID)),
            slice(x // _GRID * _GRID, min(places.shape[1], -(-(x + w) // _GRID) * _GRID)),
        )


def _widened(places: Mask, reach: int) -> Mask:
    return np.asarray(cv2.dilate(places.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0, dtype=np.bool_)


def _share(places: Mask, cells: npt.NDArray[np.generic]) -> Floats:
    """Return over how much of each cell `places` (rows, columns) reach."""
    return np.asarray(_in_cells(places.astype(np.uint8) * 255, cells) / 255, dtype=np.float32)


def _in_cells(plane: Grey, cells: npt.NDArray[np.generic]) -> Floats:
    """Return the mean of `plane` (rows, columns) in each cell."""
    return np.asarray(cv2.resize(plane, cells.shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.float32)
