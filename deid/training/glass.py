"""A screen being painted: its pixels, and for every pixel the text whose ink it is."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from deid.training.chance import happens
from deid.training.lettering import Colour, Cover, Style, compose
from deid.training.texts import IDENTIFYING, Kind

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]
Box = tuple[int, int, int, int]

_INK = 76
_SOLID = 110
_VISIBLE = 12
_CLEAR = 2
_SEEN_SHARE = 0.6
_PAPER_GREY = 110


@dataclass(frozen=True, slots=True)
class Line:
    """One text that was painted: what it says and whether it identifies."""

    text: str
    kind: Kind
    identifying: bool


@dataclass(frozen=True, slots=True)
class Eyesight:
    """What is just legible: so many grey levels from an even ground, such a share of the deviation of a rough one.

    `clear` is how often a text that is hardly legible is printed in a clearer colour.
    """

    levels: float = 30
    share: float = 0.75
    clear: float = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """A text laid on its ground: `rows` and `columns` of the screen, `over` its pixels, `seen` its ink.

    `contrast` is 1 where the text is just legible, less where it is not.
    """

    rows: slice
    columns: slice
    over: Floats
    seen: Mask
    contrast: float


@dataclass(slots=True, eq=False)
class Glass:
    """The screen while it is painted; `labels` holds n where the ink of `lines[n - 1]` shows, 0 elsewhere."""

    pixels: Pixels
    area: Mask
    eyesight: Eyesight = Eyesight()
    lines: list[Line] = field(default_factory=list)
    smallest: int = 99
    labels: Labels = field(init=False)
    ignored: Mask = field(init=False)
    taken: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.labels = np.zeros(self.area.shape, np.int16)
        self.ignored = np.zeros(self.area.shape, bool)
        self.taken = np.zeros(self.area.shape, bool)

    @property
    def rows(self) -> int:
        """Return the height in pixels."""
        return int(self.area.shape[0])

    @property
    def columns(self) -> int:
        """Return the width in pixels."""
        return int(self.area.shape[1])

    @property
    def frame(self) -> Box:
        """Return the box (x, y, w, h) around the area, the whole screen where there is none."""
        if not self.area.any():
            return 0, 0, self.columns, self.rows
        x, y, w, h = cv2.boundingRect(self.area.view(np.uint8))
        return int(x), int(y), int(w), int(h)

    def write(
        self,
        rng: Generator,
        text: str,
        at: tuple[int, int],
        style: Style,
        *,
        kind: Kind,
        named: bool = False,
        align: str = "left",
        turned: bool = False,
        counted: bool = True,
    ) -> Box | None:
        """Print a text with its base line at `at` (x, y); return the box it takes, None where it finds no place.

        It finds none off the screen, on other ink, or where no colour makes it legible. Letters that are not
        `counted` (logos) and single signs are painted, but may be called text or not: they are `ignored`.
        """
        made = compose(rng, text, style)
        cover = np.rot90(made.cover).copy() if turned else made.cover
        x = at[0] - {"left": 0, "right": cover.shape[1], "centre": cover.shape[1] // 2}[align]
        y = at[1] - (0 if turned else made.base)
        box = self._free(x, y, cover)
        if box is None:
            return None
        patch = self._laid(cover, box, style)
        if patch.contrast < (_CLEAR if happens(rng, self.eyesight.clear) else 1):
            patch = self._laid(cover, box, replace(style, colour=self._contrast(box, style), opacity=1.0))
        if patch.contrast < 1:
            return None
        self.pixels[patch.rows, patch.columns] = patch.over.round().astype(np.uint8)
        if style.plate is not None:
            self.labels[patch.rows, patch.columns] = 0
        self.claim(box)
        self.smallest = min(self.smallest, style.cap * style.zoom)
        if not counted or (text.isascii() and len(text.replace(" ", "")) < 2):
            self.ignored[patch.rows, patch.columns] = True
            return box
        self.lines.append(Line(text, kind, named or kind in IDENTIFYING))
        self.labels[patch.rows, patch.columns][patch.seen] = len(self.lines)
        return box

    def claim(self, box: Box) -> None:
        """Keep the place (x, y, w, h) free of further text."""
        x, y, w, h = box
        self.taken[max(0, y - 1) : y + h + 1, max(0, x - 3) : x + w + 3] = True

    def wipe(self, mask: Mask) -> None:
        """Take the labels off pixels that something was painted over."""
        self.labels[mask] = 0

    def _free(self, x: int, y: int, cover: Cover) -> Box | None:
        h, w = cover.shape
        if (
            x < 2
            or y < 2
            or x + w > self.columns - 2
            or y + h > self.rows - 2
            or self.taken[y : y + h, x : x + w].any()
        ):
            return None
        return x, y, w, h

    def _laid(self, cover: Cover, box: Box, style: Style) -> _Patch:
        x, y, w, h = box
        rows, columns = slice(y - 2, y + h + 2), slice(x - 2, x + w + 2)
        wide = np.pad(cover, 2)
        under = self.pixels[rows, columns].astype(np.float32)
        if style.plate is not None:
            under += (np.array(style.plate, np.float32) - under) * style.plate_opacity
        ground = _dressed(under, wide, style)
        over = _mixed(ground, style.colour, wide.astype(np.float32) * np.float32(style.opacity / 255))
        change = np.abs(over - ground).max(axis=2)
        solid = wide >= min(_SOLID, int(wide.max()))
        seen = (wide >= min(_INK, int(wide.max()))) & (change >= _VISIBLE)
        if not wide.any() or float(seen[solid].mean()) < _SEEN_SHARE:
            return _Patch(rows, columns, over, seen, 0.0)
        needed = max(self.eyesight.levels, self.eyesight.share * float(ground.std(axis=(0, 1)).max()))
        return _Patch(rows, columns, over, seen, float(change[solid].mean()) / needed)

    def _contrast(self, box: Box, style: Style) -> Colour:
        x, y, w, h = box
        ground = np.array(style.plate) if style.plate else self.pixels[y : y + h, x : x + w].mean(axis=(0, 1))
        return (255, 255, 255) if float(ground.mean()) < _PAPER_GREY else (0, 0, 0)


def _dressed(under: Floats, cover: Cover, style: Style) -> Floats:
    """Return the ground with the text's outline or drop shadow on it."""
    if style.outline is not None:
        around = np.array(cv2.dilate(cover, np.ones((3, 3), np.uint8)), np.float32)
        return _mixed(under, style.outline, around / np.float32(255))
    if style.shadow is not None:
        fallen = np.zeros(cover.shape, np.float32)
        fallen[1:, 1:] = cover[:-1, :-1].astype(np.float32) / 255
        return _mixed(under, style.shadow, fallen)
    return under


def _mixed(under: Floats, colour: Colour, share: Floats) -> Floats:
    """Return pixels float32 (rows, columns, 3) with a share of 0 to 1 (rows, columns) of a colour."""
    mixed: Floats = under + (np.array(colour, np.float32) - under) * share[..., None]
    return mixed
