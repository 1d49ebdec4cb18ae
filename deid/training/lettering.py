"""Letters as a cover of ink: set in one face, stretched, spaced, doubled, rotated, smooth or in whole pixels."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from deid.training.chance import between, happens, pick, spread
from deid.training.fonts import BITMAPS, BUILT_IN, OUTLINES, PLOTTED, Face, face_for, is_shaped, strike

Cover = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

_PLOTTED_CAP = {cv2.FONT_HERSHEY_COMPLEX_SMALL: 14.0, cv2.FONT_HERSHEY_PLAIN: 9.0}
_PLOTTED_CAP_USUAL = 21.0
_WHITES: tuple[Colour, ...] = ((255, 255, 255), (235, 235, 235), (210, 210, 210), (250, 250, 240), (180, 180, 180))
_TINTS: tuple[Colour, ...] = (
    (255, 255, 0),
    (240, 220, 90),
    (255, 230, 150),
    (0, 255, 0),
    (120, 240, 140),
    (0, 255, 255),
    (130, 220, 240),
    (255, 165, 0),
    (250, 180, 90),
    (255, 150, 190),
    (255, 90, 160),
    (150, 150, 150),
    (125, 125, 130),
    (100, 150, 255),
    (140, 180, 230),
    (255, 80, 60),
    (200, 160, 255),
)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `cap` and `spacing` are pixels, the height of capitals and the gap between letters."""

    face: Face
    cap: int
    colour: Colour
    opacity: float = 1.0
    smooth: bool = True
    zoom: int = 1
    spacing: int = 0
    stretch: float = 1.0
    heavy: bool = False
    shadow: Colour | None = None
    outline: Colour | None = None
    plate: Colour | None = None
    plate_opacity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    """A set text: `cover` uint8 (rows, columns) from 0 to 255, and the row of its base line."""

    cover: Cover
    base: int


def draw_face(rng: Generator, *, held_out: bool) -> Face:
    """Return a face of the split: mostly outlines, often bitmaps, sometimes plotted letters."""
    chosen = rng.random()
    faces = OUTLINES if chosen < 0.68 else BITMAPS if chosen < 0.94 else PLOTTED
    return pick(rng, [face for face in faces if face.held_out == held_out])


def draw_cap(rng: Generator) -> int:
    """Return a height of capitals: 8 to 26 pixels, mostly 9 to 16."""
    return (
        between(rng, 8, 12)
        if happens(rng, 0.5)
        else between(rng, 12, 17)
        if happens(rng, 0.8)
        else between(rng, 17, 26)
    )


def draw_colour(rng: Generator) -> Colour:
    """Return a colour of machine text: whites, tints, and any light colour."""
    if happens(rng, 0.12):
        return (between(rng, 90, 255), between(rng, 90, 255), between(rng, 90, 255))
    return pick(rng, _WHITES if happens(rng, 0.5) else _TINTS)


def draw_style(rng: Generator, *, held_out: bool) -> Style:
    """Return a style as wide as machines differ."""
    face = draw_face(rng, held_out=held_out)
    cap, bitmap = draw_cap(rng), bool(face.files) and face.files[0].endswith(".gz")
    zoom = 2 if cap >= 14 and happens(rng, 0.5 if bitmap else 0.08) else 1
    dressing = rng.random()
    return Style(
        face=face,
        cap=cap // zoom,
        colour=draw_colour(rng),
        opacity=1.0 if happens(rng, 0.6) else spread(rng, 0.35, 1.0),
        smooth=not (bitmap or happens(rng, 0.2)),
        zoom=zoom,
        spacing=between(rng, 1, 3) if happens(rng, 0.08) else 0,
        stretch=spread(rng, 0.8, 1.3) if happens(rng, 0.15) else 1.0,
        heavy=happens(rng, 0.06),
        shadow=pick(rng, ((0, 0, 0), (10, 10, 20), (60, 60, 60))) if dressing < 0.18 else None,
        outline=(0, 0, 0) if 0.18 < dressing < 0.26 else None,
    )


def compose(rng: Generator, text: str, style: Style) -> Set:
    """Set a text, in another face of the same split where the style's lacks its letters."""
    face = face_for(rng, style.face, text)
    made = _typed(text, face, style) if face.plotter is None else _plotted(text, face.plotter, style)
    cover, base = made.cover, made.base
    if style.heavy:
        cover = np.maximum(np.pad(cover, ((0, 0), (0, 1))), np.pad(cover, ((0, 0), (1, 0))))
    if style.stretch != 1.0:
        width = max(2, round(cover.shape[1] * style.stretch))
        cover = _resized(cover, (width, cover.shape[0]), cv2.INTER_AREA if style.smooth else cv2.INTER_NEAREST)
    if style.zoom > 1:
        cover = cover.repeat(style.zoom, axis=0).repeat(style.zoom, axis=1)
    return Set(cover, base * style.zoom)


def _typed(text: str, face: Face, style: Style) -> Set:
    font = strike(face, style.cap).font
    mode = "L" if style.smooth else "1"
    if style.spacing and not is_shaped(text):
        return _spaced(text, font, mode, style.spacing)
    left, top, right, bottom = _edges(font, text, mode)
    image = Image.new("L", (right - left, bottom - top))
    draw = ImageDraw.Draw(image)
    draw.fontmode = mode
    draw.text((-left, -top), text, fill=255, font=font, anchor="ls")
    return Set(np.array(image), -top)


def _spaced(text: str, font: ImageFont.FreeTypeFont, mode: str, spacing: int) -> Set:
    _, top, _, bottom = _edges(font, text, mode)
    starts = np.cumsum([2, *(round(font.getlength(sign)) + spacing for sign in text)])
    image = Image.new("L", (int(starts[-1]) + 2, bottom - top))
    draw = ImageDraw.Draw(image)
    draw.fontmode = mode
    for sign, start in zip(text, starts, strict=False):
        draw.text((int(start), -top), sign, fill=255, font=font, anchor="ls")
    return Set(np.array(image), -top)


def _edges(font: ImageFont.FreeTypeFont, text: str, mode: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = font.getbbox(text, mode=mode, anchor="ls")
    return int(np.floor(left)) - 1, int(np.floor(top)) - 1, int(np.ceil(right)) + 1, int(np.ceil(bottom)) + 1


def _plotted(text: str, plotter: int, style: Style) -> Set:
    if plotter == BUILT_IN:
        return Set(np.array(ImageFont.load_default_imagefont().getmask(text, mode="L"), np.uint8).reshape(11, -1), 9)
    scale = style.cap / _PLOTTED_CAP.get(plotter, _PLOTTED_CAP_USUAL)
    thickness = 2 if style.heavy or style.cap > 16 else 1
    (width, height), below = cv2.getTextSize(text, plotter, scale, thickness)
    cover = np.zeros((height + below + 6, width + 6), np.uint8)
    line = cv2.LINE_AA if style.smooth else cv2.LINE_8
    cv2.putText(cover, text, (3, height + 3), plotter, scale, 255, thickness, line)
    return Set(cover, height + 3)


def _resized(cover: Cover, size: tuple[int, int], how: int) -> Cover:
    return cv2.resize(cover, size, interpolation=how).astype(np.uint8)
