"""The shape of a picture on the screen: its echoes seldom reach every corner of the fan or strip that they fill."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Points = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

# hulls that fill so much of their rectangle are rectangles; wide strips and renders of volumes may be less full
_RECTANGLE, _STRIP, _RENDER = 0.94, 0.6, 0.6
_STRIP_WIDE = 2.2
# the fan may be larger than its echoes by this share, more where both sides lean alike
_MOST_ADDED, _ADDED_ALIKE = 0.3, 0.6
# an outline with more gaps than this may be several pictures that touch
_SOLID = 0.92
_CUTS = 14
# two outlines are one picture where their common hull adds no more than this share: whole ones, and broken ones
_WASTE, _WASTE_BROKEN = 0.06, 0.35
_BROKEN = 0.8
# sides that lean alike differ by less than this
_ALIKE = 0.15
# the sides of a fan or strip do not lean inwards by more than this
_UPRIGHT = 0.05
# those of a fan lean outwards by more than this, and take such a share of its height
_LEANS, _LONG = 0.15, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A convex outline, points (n, 1, 2) as OpenCV gives them, and how many pixels of echoes were seen in it."""

    points: Points
    seen: float

    @property
    def area(self) -> float:
        """Return the area in pixels."""
        return max(1.0, float(cv2.contourArea(self.points)))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Return x, y, width and height."""
        x, y, w, h = cv2.boundingRect(self.points)
        return int(x), int(y), int(w), int(h)


@dataclass(frozen=True, slots=True)
class _Side:
    """A straight side: x at row 0, lean in columns per row, length."""

    start: float
    lean: float
    length: float

    def at(self, row: float) -> float:
        return self.start + self.lean * row


def outlines(part: Grey, x: int, y: int) -> list[Outline]:
    """Return the outline of `part` (1 inside, its corner at `x`, `y`), or of its pieces where pictures touch."""
    whole = _hull(part)
    pieces = [whole]
    if int(part.sum()) <= _SOLID * cv2.contourArea(whole):
        found = _pieces(part, depth=3)
        if sum(cv2.contourArea(piece) for piece in found) <= 1.15 * int(part.sum()):
            pieces = found
    moved = np.array([x, y], np.int32)
    return [Outline(np.asarray(piece + moved, dtype=np.int32), _seen(part, piece)) for piece in pieces]


def together(found: list[Outline]) -> list[Outline]:
    """Return the outlines, those joined that are parts of one picture; largest first."""
    left = sorted(found, key=lambda one: -one.area)
    done: list[Outline] = []
    while left:
        largest, index = left.pop(0), 0
        while index < len(left):
            joined = _joined(largest, left[index])
            if joined is None:
                index += 1
            else:
                del left[index]
                largest, index = joined, 0
        done.append(largest)
    return sorted(done, key=lambda one: -one.area)


def filled(outline: Outline, size: tuple[int, int], *, render: bool) -> Grey:
    """Return the mask (rows, columns), 1 inside, of the rectangle, strip or fan whose echoes have this outline.

    A `render` of a volume is a rectangle even where its corners are dark.
    """
    mask = np.zeros(size, np.uint8)
    x, y, w, h = outline.box
    share = outline.area / max(1, (w - 1) * (h - 1))
    box = render and share >= _RENDER and not _is_fan(outline, size[0] / 130)
    if share >= _RECTANGLE or box or (w > _STRIP_WIDE * h and share >= _STRIP):
        mask[y : y + h, x : x + w] = 1
        return mask
    cv2.fillConvexPoly(mask, outline.points, 1)
    fan = _fan(outline, size)
    most = _ADDED_ALIKE if _is_symmetric(outline, size[0] / 130) else _MOST_ADDED
    if fan is not None and int((fan > mask).sum()) <= most * int(mask.sum()):
        mask |= fan
    return mask


def _joined(large: Outline, small: Outline) -> Outline | None:
    hull = np.asarray(cv2.convexHull(np.vstack([large.points, small.points])), dtype=np.int32)
    both = Outline(hull, large.seen + small.seen)
    waste = (both.area - large.area - small.area) / (large.area + small.area)
    broken = min(large.seen / large.area, small.seen / small.area) < _BROKEN
    if waste <= (_WASTE_BROKEN if broken else _WASTE) or _goes_on(small, large):
        return both
    return both if small.area <= 0.5 * large.area and _beneath(small, large) else None


def _goes_on(small: Outline, large: Outline) -> bool:
    """Say whether the sides of both lie on the same two lines, as above and below a shadow."""
    _, y, w, h = small.box
    reach = 0.04 * max(w, large.box[2])
    for one, other in zip(_sides(small, h / 80), _sides(large, large.box[3] / 80), strict=True):
        if one is None or other is None or abs(one.lean - other.lean) > _ALIKE:
            return False
        if abs(one.at(y + h / 2) - other.at(y + h / 2)) > reach:
            return False
    return True


def _beneath(small: Outline, large: Outline) -> bool:
    """Say whether `small` lies where the fan of `large` goes on below a shadow."""
    _, y, _, h = large.box
    left, right = _sides(large, h / 80)
    if left is None or right is None or right.lean < left.lean or min(left.length, right.length) < 0.2 * h:
        return False
    x, rows = small.points[:, 0, 0], small.points[:, 0, 1]
    _, _, across, down = small.box
    if across > 5 * down:
        return False
    within = (x >= left.start + left.lean * rows - 3) & (x <= right.start + right.lean * rows + 3)
    return bool((within & (rows > y) & (rows < y + 1.5 * h)).all())


def _fan(outline: Outline, size: tuple[int, int]) -> Grey | None:
    """Return the fan, strip or trapezoid between the straight sides of `outline`, if it has two."""
    x, y, w, h = outline.box
    left, right = _sides(outline, size[0] / 130)
    if left is None or right is None or min(left.length, right.length) < 0.3 * h:
        return None
    top, bottom = y, y + h - 1
    upper: list[tuple[float, float]] = [(right.at(top), top), (left.at(top), top)]
    lower: list[tuple[float, float]] = [(left.at(bottom), bottom), (right.at(bottom), bottom)]
    if right.lean - left.lean > 0.1:
        apex_y = (left.start - right.start) / (right.lean - left.lean)
        apex_x = left.at(apex_y)
        radius = float(np.hypot(outline.points[:, 0, 0] - apex_x, outline.points[:, 0, 1] - apex_y).max())
        turns = np.linspace(math.atan(left.lean), math.atan(right.lean), 40)
        lower = [(apex_x + radius * math.sin(turn), apex_y + radius * math.cos(turn)) for turn in turns]
        upper = [(apex_x, apex_y)] if apex_y > top else upper
    fan = np.zeros(size, np.uint8)
    cv2.fillPoly(fan, [np.array(upper + lower).round().astype(np.int32)], 1)
    fan[:top] = fan[bottom + 1 :] = 0
    if _upright(outline, x):
        fan[:, :x] = 0
    if _upright(outline, x + w - 1):
        fan[:, x + w :] = 0
    return fan


def _is_fan(outline: Outline, tolerance: float) -> bool:
    """Say whether both sides are straight and long, and part downwards."""
    left, right = _sides(outline, tolerance)
    least = _LONG * outline.box[3]
    if left is None or right is None or min(left.length, right.length) < least:
        return False
    return min(-left.lean, right.lean) > _LEANS


def _is_symmetric(outline: Outline, tolerance: float) -> bool:
    """Say whether both sides lean outwards alike, as those of a whole fan do."""
    left, right = _sides(outline, tolerance)
    return left is not None and right is not None and right.lean > _LEANS and abs(left.lean + right.lean) < _ALIKE


def _sides(outline: Outline, tolerance: float) -> tuple[_Side | None, _Side | None]:
    """Return the longest straight side on the left and on the right."""
    corners = cv2.approxPolyDP(outline.points, max(1.5, tolerance), closed=True)[:, 0].astype(np.float64)
    middle = corners.mean(axis=0)
    best: dict[bool, _Side] = {}
    for one, two in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        across, down = (float(step) for step in two - one)
        if down == 0 or abs(down) < 0.3 * abs(across):
            continue
        lean = across / down
        side = _Side(float(one[0]) - lean * float(one[1]), lean, math.hypot(across, down))
        right = side.at(float(middle[1])) > middle[0]
        if (lean < -_UPRIGHT) if right else (lean > _UPRIGHT):
            continue
        if right not in best or side.length > best[right].length:
            best[right] = side
    return best.get(False), best.get(True)


def _upright(outline: Outline, x: int) -> bool:
    """Say whether a fan was cut off along column `x`."""
    rows = outline.points[np.abs(outline.points[:, 0, 0] - x) <= 2, 0, 1]
    return bool(rows.size >= 2 and np.ptp(rows) > 0.08 * outline.box[3])


def _pieces(part: Grey, *, depth: int) -> list[Points]:
    """Cut `part` in two, and again, where that leaves less dark in the outlines."""
    whole = _hull(part)
    area = cv2.contourArea(whole)
    if depth == 0 or int(part.sum()) > _SOLID * area:
        return [whole]
    left, axis, cut = _best_cut(part)
    if left > _SOLID * area or not _is_neck(part, axis, cut):
        return [whole]
    low, high = (part[:, :cut], part[:, cut:]) if axis == 0 else (part[:cut], part[cut:])
    moved = np.array([cut, 0] if axis == 0 else [0, cut], np.int32)
    beyond = [np.asarray(piece + moved, dtype=np.int32) for piece in _pieces(high, depth=depth - 1)]
    return _pieces(low, depth=depth - 1) + beyond


def _is_neck(part: Grey, axis: int, cut: int) -> bool:
    """Say whether `part` is narrow where it would be cut."""
    across = (
        part[:, max(0, cut - 1) : cut + 1].any(axis=1) if axis == 0 else part[max(0, cut - 1) : cut + 1].any(axis=0)
    )
    extent = part.any(axis=1 - axis) if axis == 1 else part.any(axis=1)
    return int(across.sum()) <= 0.5 * int(extent.sum())


def _best_cut(part: Grey) -> tuple[float, int, int]:
    """Return the area of both hulls, the axis (0 across, 1 down) and the place of the cut that leaves the least."""
    points = _rim(part)
    best = (math.inf, 0, 0)
    for axis in (0, 1):
        for cut in np.linspace(0, part.shape[1 - axis], _CUTS + 2)[1:-1].astype(int).tolist():
            low, high = points[points[:, 0, axis] < cut], points[points[:, 0, axis] >= cut]
            if min(len(low), len(high)) >= 3:
                area = cv2.contourArea(cv2.convexHull(low)) + cv2.contourArea(cv2.convexHull(high))
                best = min(best, (area, axis, cut))
    return best


def _rim(part: Grey) -> Points:
    """Return the first and last pixel of every row and of every column that has any."""
    ys, xs = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    left, right = part[ys].argmax(axis=1), part.shape[1] - 1 - part[ys, ::-1].argmax(axis=1)
    top, bottom = part[:, xs].argmax(axis=0), part.shape[0] - 1 - part[::-1, xs].argmax(axis=0)
    ends = [np.stack(pair, axis=1) for pair in ((left, ys), (right, ys), (xs, top), (xs, bottom))]
    return np.asarray(np.concatenate(ends), dtype=np.int32)[:, np.newaxis]


def _hull(part: Grey) -> Points:
    return np.asarray(cv2.convexHull(_rim(part)), dtype=np.int32)


def _seen(part: Grey, outline: Points) -> float:
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillConvexPoly(inside, outline, 1)
    return float((inside & part).sum())
