"""Ink that a machine printed: crisp strokes, light, dark or coloured, and the rows that letter-like strokes form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.reading import Text

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Glyph = tuple[int, int, int, int]

# the numbers of the inks of a picture
LIGHT, DARK, COLOUR = range(3)
# on a dark screen this much light is ink
_LEAST_ON_DARK = 26
# among echoes ink begins at this many times the mean of its surroundings, and a little more
_STEEP = 3.2
# strokes count as ink of their own from here on, however quiet their surroundings
_BUSY = 60
_COLOURLESS = 12
_LIGHT_GROUND = 70
_MOST_GLYPHS = 2500
_SHORT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """One kind of ink, all `uint8` (rows, columns): `heights` say how far each pixel stands out of its ground,
    `strokes` are those of them that are crisp, and `levels` is where ink begins.

    On the dark of the screen that is a fixed level; among echoes it is `least`, or more where all is busy.
    """

    heights: Grey
    strokes: Grey
    levels: Grey
    least: int

    @property
    def drawn(self) -> Grey:
        """Return 1 where there is ink and 0 elsewhere."""
        return (self.strokes > self.levels).astype(np.uint8)

    def window(self, rows: slice, columns: slice) -> "Ink":
        """Return a part of the ink."""
        place = (rows, columns)
        return Ink(self.heights[place], self.strokes[place], self.levels[place], self.least)


def inks(picture: Pixels, kept: Mask, echoes: Mask, *, quick: bool = False) -> tuple[Ink, ...]:
    """Return the light, the dark and, where there is colour, the coloured ink of `picture` inside `kept`.

    Echoes are smeared by the width of the beam and rise over several pixels; printed strokes rise over one or two.
    So a stroke of a grey or a channel counts where it rises at once. Colours are often stored at half the width
    (4:2:2), so coloured strokes count without that test; echoes have next to none. `quick` looks at the brightest
    channel instead of each: that misses light strokes on a bright colour.
    """
    size = max(11, round(len(picture) / 45) | 1)
    kernel = np.ones((size, size), np.uint8)
    bright = brightest(picture)
    colour = _opponents(picture, bright)
    planes = bright if quick or colour is None else picture
    steps = _steps(planes)
    shown = kept.astype(np.uint8) * np.uint8(255)
    lit = np.where(np.asarray(cv2.blur(bright, (41, 41))) >= _LIGHT_GROUND, shown, np.uint8(0))
    found = []
    # between the letters of light text on the dark is no dark ink
    for way, where in ((cv2.MORPH_TOPHAT, shown), (cv2.MORPH_BLACKHAT, lit)):
        heights = np.asarray(cv2.morphologyEx(planes, way, kernel), dtype=np.uint8)
        strokes = cv2.bitwise_and(brightest(_crisp(heights, steps)), where)
        found.append(_ink(brightest(heights), np.asarray(strokes, np.uint8), echoes, least=40, above=14))
    if colour is not None:
        ways = (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
        hats = [cv2.morphologyEx(plane, way, kernel) for plane in colour for way in ways]
        heights = _largest(hats)
        found.append(_ink(heights, np.asarray(cv2.bitwise_and(heights, shown), np.uint8), echoes, least=26, above=8))
    return tuple(found)


def brightest(planes: Pixels) -> Grey:
    """Return the largest channel of each pixel, `uint8` (rows, columns)."""
    return planes if planes.ndim == 2 else _largest(cv2.split(planes))


def _largest(planes: Iterable[object]) -> Grey:
    return reduce(np.maximum, [np.asarray(plane, dtype=np.uint8) for plane in planes])


def _ink(heights: Grey, strokes: Grey, echoes: Mask, *, least: int, above: int) -> Ink:
    span = max(61, len(echoes) // 8 | 1)
    noise = cv2.blur(np.minimum(strokes, _BUSY), (span, span))
    busy = np.maximum(np.asarray(cv2.convertScaleAbs(noise, alpha=_STEEP, beta=above), dtype=np.uint8), least)
    return Ink(heights, strokes, np.where(echoes, busy, np.uint8(_LEAST_ON_DARK)), least)


def rows(made: Sequence[Ink]) -> list[Text]:
    """Return the rows of glyphs in every ink, unread, with their `glyphs`, `strength` and `ink`."""
    return [replace(line, ink=number) for number, ink in enumerate(made) for line in _rows_of(ink)]


def _rows_of(ink: Ink) -> list[Text]:
    drawn = ink.drawn
    _, _, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    stats = stats[1:]
    _, _, w, h, area = stats.T
    least, most = (4 if len(drawn) < 400 else _SHORT), max(24, len(drawn) // 13)
    alike = (h >= least) & (h <= most) & (w <= 14 * h) & (w * h >= 10)
    alike &= (area >= 0.12 * w * h) & (area <= 0.97 * w * h + 10)
    chosen = np.flatnonzero(alike)
    if len(chosen) > _MOST_GLYPHS:
        chosen = chosen[np.argsort(-area[chosen])[:_MOST_GLYPHS]]
    glyphs = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[chosen]]
    return [line for line in (_line(chain, ink, drawn) for chain in _chains(glyphs)) if line is not None]


def _opponents(picture: Pixels, bright: Grey) -> tuple[Grey, Grey] | None:
    """Return saturation, and blue against red; None for a picture without colours."""
    red, green, blue = cv2.split(picture)
    saturation = np.asarray(cv2.subtract(bright, cv2.min(cv2.min(red, green), blue)), dtype=np.uint8)
    if int(np.count_nonzero(saturation >= _COLOURLESS)) < saturation.size // 4000:
        return None
    return saturation, np.asarray(cv2.addWeighted(blue, 0.5, red, -0.5, 128), dtype=np.uint8)


def _steps(planes: Pixels) -> Grey:
    """Return the largest difference between neighbours in the 3 x 3 pixels round each pixel."""
    steps = np.zeros_like(planes)
    across, down = cv2.absdiff(planes[:, 1:], planes[:, :-1]), cv2.absdiff(planes[1:], planes[:-1])
    steps[:, 1:] = across
    steps[:, :-1] = np.maximum(steps[:, :-1], across)
    steps[1:] = np.maximum(steps[1:], down)
    steps[:-1] = np.maximum(steps[:-1], down)
    return np.asarray(cv2.dilate(steps, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _crisp(heights: Grey, steps: Grey) -> Grey:
    """Keep strokes that rise to nearly half their height from one pixel to the next."""
    rises = cv2.compare(cv2.add(steps, steps), heights - heights // 12, cv2.CMP_GE)
    return np.asarray(cv2.bitwise_and(heights, rises), dtype=np.uint8)


def _chains(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Chain glyphs that stand beside each other on one baseline and are about equally tall."""
    chains: list[list[Glyph]] = []
    open_chains: list[list[Glyph]] = []
    for glyph in sorted(glyphs):
        # a chain whose end lies too far to the left can grow no more
        near = [chain for chain in open_chains if glyph[0] - (chain[-1][0] + chain[-1][2]) <= 2 * chain[-1][3]]
        fitting = [chain for chain in near if _follows(chain[-1], glyph)]
        if fitting:
            min(fitting, key=lambda chain: abs(chain[-1][1] + chain[-1][3] - glyph[1] - glyph[3])).append(glyph)
        else:
            near.append([glyph])
            chains.append(near[-1])
        open_chains = near
    return chains


def _follows(last: Glyph, glyph: Glyph) -> bool:
    x, y, _, h = glyph
    lx, ly, lw, lh = last
    tall = max(h, lh)
    level = abs(y + h - ly - lh) <= 0.3 * tall or abs(y - ly) <= 0.15 * tall
    return level and tall <= 1.9 * min(h, lh) and -0.6 * lh <= x - lx - lw <= 0.95 * tall


def _line(chain: Sequence[Glyph], ink: Ink, drawn: Grey) -> Text | None:
    tall = float(np.median([g[3] for g in chain]))
    level = float(np.median([g[1] + g[3] for g in chain]))
    x, right = min(g[0] for g in chain), max(g[0] + g[2] for g in chain)
    # a speck or an edge that hangs on a letter must not make the whole line taller
    y = max(min(g[1] for g in chain), int(level - 1.5 * tall))
    bottom = min(max(g[1] + g[3] for g in chain), int(np.ceil(level + 0.5 * tall)))
    count = sum(max(1, round(g[2] / (0.75 * g[3]))) for g in chain)
    if count < 2 or right - x < 0.9 * tall:
        return None
    place = np.s_[y:bottom, x:right]
    inside = drawn[place] > 0
    if not inside.any():
        return None
    strength = float(np.percentile(ink.strokes[place][inside], 75) / ink.levels[place][inside].mean())
    return Text(
        x=x, y=y, w=right - x, h=bottom - y, first_frame=0, last_frame=0, glyphs=count, strength=round(strength, 3)
    )
