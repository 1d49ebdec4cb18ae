"""Ink that a machine printed: crisp strokes, light, dark or coloured, and the rows that letter-like strokes form."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.reading import Text

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.float32]
Glyph = tuple[int, int, int, int]

# on a dark screen this much light is ink
_LEAST_ON_DARK = 26.0
# strokes count as ink of their own from here on, however quiet their surroundings
_BUSY = 60
_COLOURLESS = 12
_LIGHT_GROUND = 70
_MOST_GLYPHS = 2500
_SHORT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """One kind of ink, `uint8` (rows, columns): `heights` say how far each pixel stands out of its ground, `strokes`
    are those of them that are crisp.

    Among echoes ink begins at `least`, or at `steep` times the mean of its surroundings and `above` more.
    """

    heights: Grey
    strokes: Grey
    least: float
    steep: float
    above: float

    def levels(self, echoes: Mask) -> Levels:
        """Return for each pixel the stroke strength at which ink begins there."""
        span = max(61, len(echoes) // 8 | 1)
        noise = cv2.blur(np.minimum(self.strokes, _BUSY).astype(np.float32), (span, span))
        busy = np.maximum(self.least, self.steep * noise + self.above)
        return np.asarray(np.where(echoes, busy, _LEAST_ON_DARK), dtype=np.float32)


def inks(picture: Pixels, kept: Mask) -> tuple[Ink, ...]:
    """Return the light, the dark and, where there is colour, the coloured ink of `picture` inside `kept`.

    Echoes are smeared by the width of the beam and rise over several pixels; printed strokes rise over one or two.
    So a stroke of a grey or a channel counts where it rises at once. Colours are often stored at half the width
    (4:2:2), so coloured strokes count without that test; echoes have next to none.
    """
    size = max(11, round(len(picture) / 45) | 1)
    kernel = np.ones((size, size), np.uint8)
    colour = _opponents(picture)
    planes = picture[:, :, 1] if colour is None else picture
    steps = _steps(planes)
    found = []
    for way in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        heights = np.asarray(cv2.morphologyEx(planes, way, kernel), dtype=np.uint8)
        found.append(Ink(_strongest(heights), _strongest(_crisp(heights, steps)), 40, 3.2, 14))
    # between the letters of light text on the dark is no dark ink
    found[1].strokes[cv2.blur(picture.max(axis=2), (41, 41)) < _LIGHT_GROUND] = 0
    if colour is not None:
        ways = (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
        hats = [cv2.morphologyEx(plane, way, kernel) for plane in colour for way in ways]
        heights = np.asarray(np.max(hats, axis=0), dtype=np.uint8)
        found.append(Ink(heights, heights.copy(), 26, 3.2, 8))
    for ink in found:
        ink.strokes[~kept] = 0
    return tuple(found)


def rows(ink: Ink, kept: Mask, echoes: Mask) -> list[Text]:
    """Return rows of glyphs in one ink, unread; `strength` is in multiples of the level at which ink begins."""
    levels = ink.levels(echoes)
    drawn = ((ink.strokes > levels) & kept).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    stats = stats[1:]
    _, _, w, h, area = stats.T
    least, most = (4 if len(kept) < 400 else _SHORT), max(14, len(kept) // 13)
    alike = (h >= least) & (h <= most) & (w <= 14 * h) & (w * h >= 10)
    alike &= (area >= 0.12 * w * h) & (area <= 0.97 * w * h + 10)
    chosen = np.flatnonzero(alike)
    if len(chosen) > _MOST_GLYPHS:
        chosen = chosen[np.argsort(-area[chosen])[:_MOST_GLYPHS]]
    glyphs = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[chosen]]
    return [line for line in (_line(chain, ink, levels, drawn) for chain in _chains(glyphs)) if line is not None]


def _opponents(picture: Pixels) -> tuple[Grey, Grey] | None:
    """Return saturation, and blue against red; None for a picture without colours."""
    saturation = picture.max(axis=2) - picture.min(axis=2)
    if int(np.count_nonzero(saturation >= _COLOURLESS)) < saturation.size // 4000:
        return None
    turned = (picture[:, :, 2].astype(np.int16) - picture[:, :, 0]) // 2 + 128
    return saturation, turned.astype(np.uint8)


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


def _strongest(planes: Grey) -> Grey:
    return planes if planes.ndim == 2 else np.asarray(planes.max(axis=2), dtype=np.uint8)


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


def _line(chain: Sequence[Glyph], ink: Ink, levels: Levels, drawn: Grey) -> Text | None:
    x, y = min(g[0] for g in chain), min(g[1] for g in chain)
    right, bottom = max(g[0] + g[2] for g in chain), max(g[1] + g[3] for g in chain)
    count = sum(max(1, round(g[2] / (0.75 * g[3]))) for g in chain)
    if count < 2 or right - x < 0.9 * float(np.median([g[3] for g in chain])):
        return None
    place = np.s_[y:bottom, x:right]
    inside = drawn[place] > 0
    strength = float(np.percentile(ink.strokes[place][inside], 75) / levels[place][inside].mean())
    return Text(
        x=x, y=y, w=right - x, h=bottom - y, first_frame=0, last_frame=0, glyphs=count, strength=round(strength, 3)
    )
