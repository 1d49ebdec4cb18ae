"""A QR code as one SVG path, so that a template draws it without inline styles or trusted markup."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """`path` draws the dark modules in a square of `side` modules, quiet zone included."""

    path: str
    side: int


def qr_code(text: str) -> QrCode:
    """Draw a text as a QR code of error level M, with the quiet zone of four modules that ISO/IEC 18004 asks for."""
    matrix = segno.make(text, error="m", micro=False).matrix
    strokes = [
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z"
        for row, line in enumerate(matrix)
        for column, length in _dark_runs(line)
    ]
    return QrCode(path="".join(strokes), side=len(matrix) + 2 * QUIET_ZONE)


def _dark_runs(line: bytearray) -> list[tuple[int, int]]:
    """Return start and length of each run of dark modules."""
    runs, column = [], 0
    for dark, run in groupby(line):
        length = len(list(run))
        if dark:
            runs.append((column, length))
        column += length
    return runs
