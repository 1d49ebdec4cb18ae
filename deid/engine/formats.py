"""The formats in which a released picture can be shared, as data: their sizes, and where nothing of theirs may stand.

Sizes are those that social networks show without scaling; a story keeps its top and bottom free, since their own
buttons stand there. A print is A6 (ISO 216, 105 x 148 mm) at 300 dots an inch, with 5 mm of paper round it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """One way to share a picture; the value names files and rows."""

    ORIGINAL = "original"
    SQUARE = "square"
    PORTRAIT = "portrait"
    STORY = "story"
    PRINT = "print"
    FILM = "film"
    FILM_SQUARE = "film_square"
    FILM_PORTRAIT = "film_portrait"
    FILM_STORY = "film_story"
    LOOP = "loop"


STILLS = (Format.ORIGINAL, Format.SQUARE, Format.PORTRAIT, Format.STORY, Format.PRINT)
FILMS = (Format.FILM, Format.FILM_SQUARE, Format.FILM_PORTRAIT, Format.FILM_STORY, Format.LOOP)
DOTS_PER_INCH = 300
LYING = 1.25
"""From this ratio of width to height on, a picture is printed larger on a sheet that lies."""


MEDIA = {one: one for one in ("image/jpeg", "video/mp4")}
"""The media types that a render may have."""


@dataclass(frozen=True, slots=True)
class Render:
    """One finished file with its sides in pixels."""

    format: Format
    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sides in pixels, and the margins left, right, above and below in which nothing stands."""

    width: int
    height: int
    side: int
    above: int
    below: int
    paper: bool = False

    @property
    def room(self) -> tuple[int, int]:
        """Width and height between the margins."""
        return self.width - 2 * self.side, self.height - self.above - self.below


_SQUARE = Sheet(1080, 1080, side=54, above=54, below=54)
_PORTRAIT = Sheet(1080, 1350, side=54, above=64, below=64)
_STORY = Sheet(1080, 1920, side=54, above=270, below=340)
_UPRIGHT = Sheet(1240, 1748, side=59, above=59, below=59, paper=True)
_LYING = Sheet(1748, 1240, side=59, above=59, below=59, paper=True)
_SHEETS = {
    Format.SQUARE: _SQUARE,
    Format.PORTRAIT: _PORTRAIT,
    Format.STORY: _STORY,
    Format.FILM_SQUARE: _SQUARE,
    Format.FILM_PORTRAIT: _PORTRAIT,
    Format.FILM_STORY: _STORY,
    Format.LOOP: _SQUARE,
}


def sheet_for(wanted: Format, *, wide: bool) -> Sheet | None:
    """Return the sheet of a format, for a picture that is `wide` or high; None where it keeps its own shape."""
    if wanted is Format.PRINT:
        return _LYING if wide else _UPRIGHT
    return _SHEETS.get(wanted)
