"""The pieces of which layouts are made: the bar at the top, the head, columns of settings, results, the foot."""

from numpy.random import Generator

from deid.training.chance import between, happens, pick, several, spread
from deid.training.texts import Kind
from deid.training.writer import Writer

HEAD = (Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL, Kind.STAFF)
ASIDE = (Kind.SETTING, Kind.SETTING, Kind.OTHER, Kind.MEASUREMENT, Kind.STAFF)


def bar(writer: Writer, rows: int, *, opacity: float = 1.0) -> tuple[int, int]:
    """Fill a bar at the top as deep as the place above the picture allows; return the first base line and the step."""
    glass, rng = writer.glass, writer.rng
    tall = writer.usual.cap * writer.usual.zoom
    step = tall + between(rng, 4, 12)
    deep = rows * step + between(rng, 4, 10)
    free = min(deep, max(0, glass.frame[1] - 1))
    if happens(rng, 0.55) and free > tall:
        writer.plate((0, 0, glass.columns, free), opacity=opacity)
    return tall + between(rng, 3, 8), step


def head(rng: Generator, fewest: int, most: int) -> list[Kind]:
    """Return kinds of a head: mostly the name, and others up to `most`."""
    others = several(rng, HEAD[1:], fewest - 1, most - 1)
    return [Kind.NAME, *others] if happens(rng, 0.7) else [*others, Kind.NAME]


def settings(writer: Writer, side: str, top: int) -> None:
    """Print the machine's settings under each other at a side, in groups."""
    rng, glass = writer.rng, writer.glass
    y = top
    for _ in range(between(rng, 2, 5)):
        count = between(rng, 2, 9)
        kinds = [pick(rng, (Kind.SETTING, Kind.SETTING, Kind.SETTING, Kind.OTHER)) for _ in range(count)]
        at = (5, y) if side == "left" else (glass.columns - 6, y)
        lead = spread(rng, 1.3, 2.2)
        writer.column(at, kinds, align=side, lead=lead)
        y += int(count * writer.small.cap * writer.small.zoom * lead) + between(rng, 8, 40)


def results(writer: Writer) -> None:
    """Print a box of results somewhere, mostly in a corner."""
    rng, glass = writer.rng, writer.glass
    count = between(rng, 1, 8)
    at = (between(rng, 8, max(9, glass.columns - 240)), between(rng, 60, max(61, glass.rows - 40 - count * 22)))
    corners = (
        (10, glass.rows - count * 24 - 10),
        (glass.columns - 230, glass.rows - count * 24 - 10),
        (glass.columns - 230, 70),
    )
    writer.results(pick(rng, (at, *corners, *corners)), count)


def foot(writer: Writer) -> None:
    """Print a row at the foot of the screen."""
    rng, glass = writer.rng, writer.glass
    kinds = several(rng, (Kind.OTHER, Kind.OTHER, Kind.SETTING, Kind.DATE, Kind.NOTE, Kind.NAME, Kind.STAFF), 2, 6)
    writer.row(
        glass.rows - between(rng, 5, 14), kinds, span=(between(rng, 5, 90), glass.columns - 6), style=writer.small
    )


def anywhere(writer: Writer) -> tuple[int, int]:
    """Return a place (x, y) on the screen."""
    return between(writer.rng, 2, writer.glass.columns - 40), between(writer.rng, 10, writer.glass.rows - 4)
