"""Layouts that only exams have."""

from collections.abc import Callable

from deid.training import pieces
from deid.training.chance import between, happens, pick, several, spread
from deid.training.texts import Kind
from deid.training.writer import Writer


def _centred(writer: Writer) -> None:
    """The name at the left, the hospital in the middle, the date at the right of one tall bar."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 2)
    writer.column((8, first), [Kind.NAME, pick(rng, pieces.HEAD)], style=writer.usual)
    writer.column(
        (glass.columns // 2, first),
        several(rng, (Kind.HOSPITAL, Kind.STAFF, Kind.SETTING), 1, 2),
        style=writer.usual,
        align="centre",
    )
    writer.column(
        (glass.columns - 8, first),
        [Kind.DATE, pick(rng, (*pieces.ASIDE, Kind.DATE))],
        style=writer.small,
        align="right",
    )
    pieces.settings(writer, "right", first + 4 * step)


def _foot_only(writer: Writer) -> None:
    """Identity in two rows at the foot, settings above (as portable machines have it)."""
    rng, glass = writer.rng, writer.glass
    step = writer.usual.cap * writer.usual.zoom + between(rng, 4, 10)
    for place in range(2):
        row = several(rng, (*pieces.HEAD, Kind.SETTING), 2, 4)
        writer.row(glass.rows - 6 - place * step, row, span=(6, glass.columns - 6))
    writer.row(
        step + 2, several(rng, (*pieces.HEAD, *pieces.ASIDE), 2, 5), span=(6, glass.columns - 6), style=writer.small
    )


def _stacked(writer: Writer) -> None:
    """Clusters of two or three lines side by side at the top, settings in two columns at a side."""
    rng, glass = writer.rng, writer.glass
    first, step = pieces.bar(writer, 3)
    count = between(rng, 3, 4)
    for place in range(count):
        kinds = several(rng, (*pieces.HEAD, Kind.SETTING), 1, 3)
        writer.column(
            (8 + place * (glass.columns // count), first), kinds, style=pick(rng, (writer.usual, writer.small))
        )
    side = pick(rng, ("left", "right"))
    pieces.settings(writer, side, first + 4 * step)
    if happens(rng, 0.4):
        pieces.settings(writer, "left" if side == "right" else "right", first + 6 * step)


def _sidebar(writer: Writer) -> None:
    """A filled column at the right with identity on top and results below."""
    rng, glass = writer.rng, writer.glass
    x, _, w, _ = glass.frame
    left = max(x + w + 4, glass.columns - 220) if x + w < glass.columns - 90 else glass.columns - 150
    if left > x + w and happens(rng, 0.6):
        writer.plate((left, 0, glass.columns - left, glass.rows))
    top = writer.usual.cap * writer.usual.zoom + between(rng, 6, 30)
    writer.column((left + 6, top), pieces.head(rng, 3, 6), style=writer.small)
    pieces.settings(writer, "right", top + between(rng, 130, 220))
    writer.row(top, [Kind.DATE, Kind.SETTING], span=(6, max(60, left - 10)))


def _two_column_page(writer: Writer) -> None:
    """A report page of two columns of labels and values."""
    rng, glass = writer.rng, writer.glass
    writer.plate((0, 0, glass.columns, glass.rows), opacity=spread(rng, 0.75, 1))
    tall = writer.small.cap * writer.small.zoom
    writer.column((10, tall + 6), pieces.head(rng, 3, 6), style=writer.usual)
    half = glass.columns // 2
    for left in (12, half + 12):
        writer.pairs((left, 10 * tall), (glass.rows - 12 * tall) // (2 * tall), kind=Kind.MEASUREMENT, wide=half - 40)


LAYOUTS: tuple[Callable[[Writer], None], ...] = (*(_centred, _foot_only, _stacked, _sidebar) * 4, _two_column_page)
