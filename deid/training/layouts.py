"""Where machines print: bars, columns, corners and tables, drawn anew for every screen; none of these is in exams."""

from collections.abc import Callable

from deid.training import pieces
from deid.training.chance import between, happens, pick, several, spread
from deid.training.texts import Kind
from deid.training.writer import Writer


def _two_rows(writer: Writer) -> None:
    """A bar of two rows, settings in a column at the right (as obstetric machines have it)."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 2)
    left = pick(rng, (6, 60, 120))
    writer.row(
        first,
        several(rng, (Kind.NAME, Kind.ID, Kind.HOSPITAL, Kind.DATE, Kind.SETTING), 3, 5),
        span=(left, glass.columns - 6),
    )
    second = several(rng, (Kind.MEASUREMENT, Kind.STAFF, Kind.SETTING, Kind.BIRTH_DATE, Kind.DATE), 2, 4)
    writer.row(first + step, second, span=(left, glass.columns - 6))
    pieces.settings(writer, "right", first + 3 * step)


def _slim(writer: Writer) -> None:
    """One slim row, settings at the left (as cart machines for the heart and the belly have it)."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 1)
    head = several(rng, (Kind.NAME, Kind.ID, Kind.HOSPITAL, Kind.DATE), 2, 4)
    writer.row(first, [*head, Kind.SETTING], span=(4, glass.columns - 6))
    if happens(rng, 0.5):
        writer.row(first + step, [Kind.OTHER, Kind.SETTING], span=(4, glass.columns - 6), style=writer.small)
    pieces.settings(writer, "left", first + 3 * step)


def _three_rows(writer: Writer) -> None:
    """A filled bar of three rows, white or yellow on blue."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 3)
    for place in range(3):
        row = several(rng, (*pieces.HEAD, Kind.SETTING, Kind.MEASUREMENT), 2, 4)
        writer.row(
            first + place * step,
            row,
            span=(pick(rng, (6, 40)), glass.columns - 8),
            style=writer.loud if not place else None,
        )
    pieces.settings(writer, pick(rng, ("left", "right")), first + 5 * step)


def _column(writer: Writer) -> None:
    """All of it in a column at the left, identity first."""
    rng, glass = writer.rng, writer.glass
    top = writer.usual.cap * writer.usual.zoom + between(rng, 4, 30)
    writer.column((5, top), pieces.head(rng, 3, 6), style=writer.usual)
    pieces.settings(writer, "left", top + between(rng, 120, 200))
    if happens(rng, 0.5):
        writer.row(glass.rows - between(rng, 6, 20), [Kind.DATE, Kind.OTHER], span=(5, glass.columns - 6))


def _corners(writer: Writer) -> None:
    """Short columns in the four corners, the date's box under the head."""
    rng, glass = writer.rng, writer.glass
    top = writer.usual.cap * writer.usual.zoom + between(rng, 3, 14)
    kinds = [*pieces.head(rng, 4, 6), Kind.SETTING, Kind.SETTING, Kind.OTHER]
    for place, at in enumerate(
        ((5, top), (glass.columns - 6, top), (5, glass.rows - 60), (glass.columns - 6, glass.rows - 60))
    ):
        if happens(rng, 0.85):
            mine = kinds[:2] if place == 0 else several(rng, kinds, 1, 4)
            writer.column(
                at, mine, style=pick(rng, (writer.usual, writer.small)), align="left" if at[0] < 9 else "right"
            )


def _two_lines(writer: Writer) -> None:
    """Two lines without a bar, the settings under them in a row or a column, results at the foot."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 2, opacity=0.6)
    writer.row(first, pieces.head(rng, 3, 5), span=(6, glass.columns - 6))
    writer.row(
        first + step, several(rng, (*pieces.HEAD, *pieces.ASIDE), 3, 6), span=(6, glass.columns - 6), style=writer.small
    )
    pieces.settings(writer, "left", first + 3 * step)
    writer.results((between(rng, 10, 60), glass.rows - between(rng, 60, 140)), between(rng, 2, 6))


def _anyhow(writer: Writer) -> None:
    """Rows and columns wherever chance puts them."""
    rng, glass = writer.rng, writer.glass
    for _ in range(between(rng, 2, 5)):
        x, y = pieces.anywhere(writer)
        kinds = several(rng, (*pieces.HEAD, *pieces.ASIDE), 1, 6)
        style = pick(rng, (writer.usual, writer.small, writer.loud))
        if happens(rng, 0.5):
            writer.row(y, kinds, span=(x // 2, glass.columns - 6), style=style)
        else:
            writer.column((x, y), kinds, style=style, align=pick(rng, ("left", "right")))


def _ruled_page(writer: Writer) -> None:
    """A worksheet: a table of measurements under a head, ruled."""
    rng, glass = writer.rng, writer.glass
    writer.plate((0, 0, glass.columns, glass.rows), opacity=spread(rng, 0.75, 1))
    tall = writer.small.cap * writer.small.zoom
    writer.row(tall + 8, pieces.head(rng, 3, 5), span=(10, glass.columns - 10), style=writer.loud)
    step, wide = int(tall * spread(rng, 1.6, 2.4)), pick(rng, (70, 100, 140, 200))
    for y in range(4 * tall, glass.rows - 10, step):
        if happens(rng, 0.4):
            glass.pixels[y + 3 : y + 4] = 110
        for x in range(10, glass.columns - wide, wide):
            if happens(rng, 0.75):
                writer.put(pick(rng, (Kind.MEASUREMENT, Kind.MEASUREMENT, Kind.ANATOMY)), (x, y), style=writer.small)


LAYOUTS: tuple[Callable[[Writer], None], ...] = (
    *(_two_rows, _slim, _three_rows, _column, _corners, _two_lines, _anyhow) * 3,
    _ruled_page,
)
