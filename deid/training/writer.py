"""The hand that prints a screen's texts: rows, columns, boxes and notes in the styles of one machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from deid.training import identifiers, texts
from deid.training.chance import between, happens, pick, spread
from deid.training.glass import Box, Glass
from deid.training.lettering import Colour, Style, draw_colour, draw_style
from deid.training.people import Identity
from deid.training.texts import Kind

Said = tuple[str, Kind]
_LARGEST_SHARE = 34
_ASIDE = 34
_IDENTIFIERS = {
    Kind.NAME: identifiers.name,
    Kind.ID: identifiers.record,
    Kind.BIRTH_DATE: identifiers.birth,
    Kind.DATE: identifiers.study,
    Kind.HOSPITAL: identifiers.hospital,
    Kind.STAFF: identifiers.staff,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Prints on one glass about one patient; `styles` are the machine's: its text, its small text, its loud text."""

    rng: Generator
    glass: Glass
    who: Identity
    held_out: bool
    usual: Style
    small: Style
    loud: Style

    def say(self, kind: Kind) -> str:
        """Return a text of a kind about the patient or the examination."""
        if kind in _IDENTIFIERS:
            return _IDENTIFIERS[kind](self.rng, self.who)
        if kind is Kind.MEASUREMENT:
            return texts.measurement(self.rng)
        if kind is Kind.ANATOMY:
            return texts.anatomy(self.rng, held_out=self.held_out)
        if kind is Kind.SETTING:
            return texts.setting(self.rng, held_out=self.held_out)
        if kind is Kind.NOTE:
            return texts.note(self.rng, self.who, held_out=self.held_out)[0]
        return texts.other(self.rng)

    def put(self, kind: Kind, at: tuple[int, int], *, style: Style | None = None, align: str = "left") -> Box | None:
        """Print a text of a kind with its base line at `at` (x, y); return its box, None where it found no place."""
        text, named = self.say(kind), False
        if kind is Kind.NOTE:
            text, named = texts.note(self.rng, self.who, held_out=self.held_out)
        return self.glass.write(self.rng, text, at, style or self.usual, kind=kind, named=named, align=align)

    def row(self, y: int, kinds: Sequence[Kind], *, span: tuple[int, int], style: Style | None = None) -> None:
        """Print texts beside each other from `span[0]` to `span[1]`, the last one often at the right edge."""
        x, end = span
        gap = between(self.rng, 10, max(11, (end - x) // (len(kinds) * 3)))
        for place, kind in enumerate(kinds):
            if place == len(kinds) - 1 and happens(self.rng, 0.7):
                self._fitted(kind, (end, y), style=style, align="right")
            else:
                box = self._fitted(kind, (x, y), style=style)
                x = box[0] + box[2] + gap if box else x + gap * 3

    def _fitted(self, kind: Kind, at: tuple[int, int], *, style: Style | None, align: str = "left") -> Box | None:
        """Print a text of a kind; where it finds no place, a second one in small type."""
        return self.put(kind, at, style=style, align=align) or self.put(kind, at, style=self.small, align=align)

    def column(
        self,
        at: tuple[int, int],
        kinds: Sequence[Kind],
        *,
        style: Style | None = None,
        align: str = "left",
        lead: float = 1.6,
    ) -> None:
        """Print texts under each other, `lead` times the height of capitals plus a little from line to line."""
        used = style or self.small
        step = max(int(used.cap * used.zoom * lead), used.cap * used.zoom + 5)
        x = at[0]
        for place, kind in enumerate(kinds):
            y = at[1] + place * step
            if self.put(kind, (x, y), style=used, align=align) is None and align != "centre":
                x = at[0] + (_ASIDE if align == "left" else -_ASIDE)
                self.put(kind, (x, y), style=used, align=align)

    def pairs(self, at: tuple[int, int], count: int, *, kind: Kind, wide: int, style: Style | None = None) -> None:
        """Print a list of labels with their values set apart, as result boxes do."""
        used = style or self.small
        step = int(used.cap * used.zoom * spread(self.rng, 1.4, 2.0))
        for place in range(count):
            y = at[1] + place * step
            label, _, value = self.say(kind).partition(" ")
            self.glass.write(self.rng, label, (at[0], y), used, kind=kind)
            if value.strip():
                self.glass.write(self.rng, value.strip(), (at[0] + wide, y), used, kind=kind, align="right")

    def results(self, at: tuple[int, int], count: int) -> None:
        """Print a box of results, framed, filled or bare."""
        style, wide = self.small, between(self.rng, 110, 240)
        step = int(style.cap * style.zoom * 1.7)
        x, y = at
        foot = (min(self.glass.columns - 2, x + wide + 8), min(self.glass.rows - 2, y + count * step + 6))
        if happens(self.rng, 0.5):
            self.plate((x - 6, y - step, foot[0] - x + 6, foot[1] - y + step), opacity=spread(self.rng, 0.4, 1))
        if happens(self.rng, 0.5):
            cv2.rectangle(self.glass.pixels, (x - 6, y - step), foot, draw_colour(self.rng), 1)
        self.pairs((x, y), count, kind=Kind.MEASUREMENT, wide=wide)

    def plate(self, box: Box, *, opacity: float = 1.0, colour: Colour | None = None) -> None:
        """Fill a box with a dark, tinted or light ground, unless something stands there."""
        x, y, w, h = box
        if self.glass.taken[max(0, y) : y + h, max(0, x) : x + w].any():
            return
        grounds: tuple[Colour, ...] = (
            (0, 0, 0),
            (20, 30, 90),
            (40, 40, 48),
            (10, 50, 60),
            (70, 75, 85),
            (200, 205, 210),
            (60, 20, 60),
        )
        filled = np.array(colour or pick(self.rng, grounds), np.float32)
        ground = self.glass.pixels[max(0, y) : y + h, max(0, x) : x + w]
        ground[:] = (ground + (filled - ground.astype(np.float32)) * opacity).astype(np.uint8)

    def notes(self, count: int) -> None:
        """Print annotations and notes into the picture, some across its edge."""
        x, y, w, h = self.glass.frame
        annotating = draw_style(self.rng, held_out=self.held_out)
        kinds = (
            Kind.ANATOMY,
            Kind.ANATOMY,
            Kind.ANATOMY,
            Kind.MEASUREMENT,
            Kind.NOTE,
            Kind.NAME,
            Kind.DATE,
            Kind.STAFF,
            Kind.ID,
        )
        for _ in range(count):
            at = (between(self.rng, x - 30, x + w), between(self.rng, y + 10, y + h))
            self.put(pick(self.rng, kinds), at, style=pick(self.rng, (annotating, annotating, self.usual, self.loud)))


def take_up(rng: Generator, glass: Glass, who: Identity, *, held_out: bool) -> Writer:
    """Return a writer with the styles of an invented machine: one face, or two, in two or three sizes and colours."""
    usual = draw_style(rng, held_out=held_out)
    usual = replace(
        usual, cap=max(8 // usual.zoom, min(usual.cap, max(10, glass.rows // _LARGEST_SHARE) // usual.zoom))
    )
    small = replace(usual, cap=max(8 // usual.zoom, usual.cap - between(rng, 0, 3)))
    loud = replace(usual, cap=usual.cap + between(rng, 1, 6), heavy=happens(rng, 0.4))
    if happens(rng, 0.5):
        small = replace(small, colour=draw_colour(rng))
    if happens(rng, 0.3):
        other = draw_style(rng, held_out=held_out)
        small = replace(other, cap=min(other.cap, 14))
    if happens(rng, 0.5):
        loud = replace(loud, colour=draw_colour(rng))
    return Writer(rng, glass, who, held_out, usual, small, loud)
