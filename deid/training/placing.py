"""Fills a screen with text: laid out as machines do it, or scattered everywhere."""

from dataclasses import replace

from deid.training import layouts, people, pieces, unseen_layouts
from deid.training.chance import between, happens, pick, spread
from deid.training.lettering import Colour, Style, draw_style
from deid.training.texts import Kind, nonsense
from deid.training.writer import Writer

_PLATES: tuple[Colour, ...] = (
    (0, 0, 0),
    (20, 30, 110),
    (50, 50, 60),
    (225, 225, 225),
    (250, 240, 140),
    (255, 255, 255),
    (120, 170, 230),
    (90, 0, 60),
)


def lay_out(writer: Writer) -> None:
    """Print a whole screen in one of the split's layouts, with annotations and results in most."""
    rng = writer.rng
    pick(rng, unseen_layouts.LAYOUTS if writer.held_out else layouts.LAYOUTS)(writer)
    if happens(rng, 0.6):
        pieces.results(writer)
    if happens(rng, 0.75):
        writer.notes(between(rng, 1, 9))
    if happens(rng, 0.35):
        pieces.foot(writer)


def scatter(writer: Writer, count: int) -> None:
    """Print `count` texts anywhere, two in three inside the picture, in styles of their own or of the last."""
    rng, glass = writer.rng, writer.glass
    x, y, w, h = glass.frame
    style = writer.usual
    kinds = (
        *pieces.HEAD,
        *pieces.HEAD,
        Kind.MEASUREMENT,
        Kind.MEASUREMENT,
        Kind.ANATOMY,
        Kind.ANATOMY,
        Kind.SETTING,
        Kind.NOTE,
        Kind.OTHER,
    )
    for _ in range(count):
        if happens(rng, 0.6):
            style = _any_style(writer)
        inside = happens(rng, 0.67)
        at = (between(rng, x - 30, x + w), between(rng, y, y + h)) if inside else pieces.anywhere(writer)
        if happens(rng, 0.12):
            writer.column(at, [pick(rng, kinds) for _ in range(between(rng, 2, 5))], style=style)
        elif happens(rng, 0.1):
            glass.write(rng, nonsense(rng), at, style, kind=Kind.OTHER)
        elif happens(rng, 0.04):
            kind = pick(rng, kinds[:-2])
            glass.write(rng, writer.say(kind), at, style, kind=kind, turned=True)
        else:
            writer.put(pick(rng, kinds), at, style=style)


def hide(writer: Writer, count: int) -> None:
    """Print `count` texts that are hard to see inside the picture: faint, dark, short, or of signs of East Asia."""
    rng, glass = writer.rng, writer.glass
    x, y, w, h = glass.frame
    kinds = (*pieces.HEAD, *pieces.HEAD, Kind.MEASUREMENT, Kind.ANATOMY, Kind.SETTING, Kind.NOTE)
    for _ in range(count):
        if happens(rng, 0.25):
            writer = replace(writer, who=people.invent(rng, held_out=writer.held_out, foreign=0.4))
        at = (between(rng, x - 30, x + w), between(rng, y, y + h))
        style = _dim_style(writer)
        if happens(rng, 0.2):
            cap = max(style.cap, between(rng, 10, 18))
            glass.write(rng, people.signs(rng), at, replace(style, cap=cap), kind=Kind.NAME)
        elif happens(rng, 0.1):
            glass.write(rng, nonsense(rng), at, style, kind=Kind.OTHER)
        else:
            writer.put(pick(rng, kinds), at, style=style)


def _dim_style(writer: Writer) -> Style:
    rng = writer.rng
    style = replace(_any_style(writer), plate=None)
    if happens(rng, 0.25):
        dark = between(rng, 0, 70)
        ink = (dark, dark, dark) if happens(rng, 0.7) else (between(rng, 0, 60), between(rng, 0, 60), dark)
        return replace(style, colour=ink, outline=None, shadow=None)
    return replace(style, opacity=spread(rng, 0.2, 0.8)) if happens(rng, 0.6) else style


def _any_style(writer: Writer) -> Style:
    rng = writer.rng
    style = draw_style(rng, held_out=writer.held_out)
    if happens(rng, 0.14):
        plate = pick(rng, _PLATES)
        dark = sum(plate) > 330
        ink = (between(rng, 0, 60), between(rng, 0, 60), between(rng, 0, 90)) if dark else style.colour
        return replace(style, plate=plate, plate_opacity=spread(rng, 0.4, 1), colour=ink)
    if happens(rng, 0.06):
        return replace(style, colour=(between(rng, 0, 50), between(rng, 0, 50), between(rng, 0, 50)))
    return style
