"""A signature drawn by hand: strokes of whole points on a sheet of 600 by 200, kept as canonical JSON.

Points and no picture: what a browser sends is never decoded as an image, and the same strokes have the same hash.
"""

import json

import rfc8785

WIDTH, HEIGHT = 600, 200
MOST_STROKES, MOST_POINTS = 100, 4000
LONGEST = 60_000
"""In characters, of what a browser sends."""

Strokes = list[list[list[int]]]


def drawing_from(text: str) -> bytes:
    """Return what is kept of the strokes that a browser sends, empty for none; raises ValueError for anything else."""
    if not text.strip():
        return b""
    if len(text) > LONGEST:
        raise ValueError("the drawing is too long")
    strokes = json.loads(text)
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise ValueError("a drawing is a list of strokes")
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MOST_STROKES or len(points) > MOST_POINTS or not all(map(_is_point, points)):
        raise ValueError("a stroke is a list of whole points on the sheet")
    drawn = [stroke for stroke in strokes if len(stroke) > 1]
    return rfc8785.dumps(drawn) if drawn else b""


def strokes_of(drawing: bytes) -> Strokes:
    """Return the strokes of a drawing that was kept."""
    strokes: Strokes = json.loads(drawing)
    return strokes


def path_of(drawing: bytes) -> str:
    """Return a drawing as the data of an SVG path on a view box of WIDTH by HEIGHT."""
    return "".join("M" + "L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes_of(drawing))


def _is_point(point: object) -> bool:
    if not isinstance(point, list) or len(point) != 2:
        return False
    x, y = point
    return type(x) is int and type(y) is int and 0 <= x <= WIDTH and 0 <= y <= HEIGHT
