"""Makes the files that are for sharing: each format of a clean picture, and the second look at what it shows.

A render is made from the clean master alone, which has been judged; only the clinic's own words are added. What was
written is decoded again. It must look everywhere like what was meant, and where the picture stands no text may be seen
that the clean picture did not show.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import bareness, detector, formats, frames, framing, intake, loops, rendering, sheets, text_lines
from deid.engine.brand import Brand
from deid.engine.detector import CELL
from deid.engine.errors import Held, HoldReason
from deid.engine.formats import FILMS, Format, Render
from deid.engine.frames import Frames
from deid.engine.framing import Framing
from deid.engine.sheets import Laid

Pixels = npt.NDArray[np.uint8]
Cut = tuple[int, int, int, int]

# no place of 16 x 16 pixels differs by more than this from what was meant, in grey values on average: letters would
_UNLIKE = 28.0
_PLACE = 16
# what the detector need not be surer than in the clean picture to explain what it sees in a render, and how far round
_SUSPECTED = 0.06
_AROUND = 5
_BOUNDS = text_lines.Bounds(sure=0.9, likely=0.45)
_PRINT_QUALITY = 95
_LOOPS = 24


def make(master: bytes, wanted: Iterable[Format], *, cut: Cut | None, brand: Brand, max_pixels: int) -> list[Render]:
    """Return the wanted formats of a clean master, a DICOM file; films of a still are left out.

    `cut` is the part of it that is shown (left, top, columns, rows), or all of it. Raises Held(UNDECODABLE,
    RENDER_FAILED, DETECTOR_FAILED), Held(TEXT_LEFT) where a render shows text that the master does not, Rejected, and
    ValueError for a brand that cannot be drawn.
    """
    film = frames.open_frames(intake.read(master), max_pixels=max_pixels)
    rows, columns = film.shape.rows, film.shape.columns
    frame = framing.around(None, cut or (0, 0, columns, rows), source=(rows, columns))
    asked = [one for one in wanted if one not in FILMS or film.shape.count > 1]
    middle = next(islice(film, film.shape.count // 2, None))
    return [
        _film(one, film, frame, brand) if one in FILMS else _still(one, frame.picture_of(middle), brand)
        for one in asked
    ]


def _still(wanted: Format, picture: Pixels, brand: Brand) -> Render:
    surface = _surface(wanted, picture.shape[:2], brand)
    meant = surface.picture_of(picture)
    dots = formats.DOTS_PER_INCH if wanted is Format.PRINT else None
    coded = rendering.jpeg(meant, quality=_PRINT_QUALITY) if dots else rendering.jpeg(meant)
    if not bareness.is_bare(coded):
        raise Held(HoldReason.RENDER_FAILED)
    finished = rendering.tagged(coded, dots_per_inch=dots)
    seen = rendering.picture_of(finished)
    _check_like(seen, meant)
    _check_no_text(surface.cut_of(seen), [picture])
    return Render(wanted, finished, "image/jpeg", int(meant.shape[1]), int(meant.shape[0]))


def _film(wanted: Format, film: Frames, frame: Framing, brand: Brand) -> Render:
    surface = _surface(wanted, frame.size, brand)
    shape = film.shape
    stretch = None
    if wanted is Format.LOOP:
        stretch = loops.best([loops.glimpse(one) for one in film], shape.rate)
    count = shape.count if stretch is None else stretch.count * _turns(stretch.count, shape.rate)
    times = shape.times if stretch is None else None
    first: Pixels | None = None
    clean: list[Pixels] = []
    with rendering.Film(
        rows=surface.rows, columns=surface.columns, frames=count, rate=shape.rate, times=times
    ) as written:
        for picture in _walk(film, frame, stretch, count):
            meant = surface.picture_of(picture)
            first = meant if first is None else first
            clean = [picture] if not clean else [np.maximum(clean[0], picture)]
            written.write(meant)
        data = written.finish()
    if first is None or not bareness.is_bare(data):
        raise Held(HoldReason.RENDER_FAILED)
    showing = rendering.showing(data, rows=surface.rows, columns=surface.columns)
    if showing.count != count:
        raise Held(HoldReason.RENDER_FAILED)
    _check_like(showing.first, first)
    _check_no_text(surface.cut_of(showing.brightest), [*clean, frame.picture_of(next(iter(film)))])
    return Render(wanted, data, "video/mp4", surface.columns, surface.rows)


def _walk(film: Frames, frame: Framing, stretch: loops.Stretch | None, count: int) -> Iterator[Pixels]:
    """Yield the cut of every frame that a film shows; a loop goes round until `count` frames are there."""
    if stretch is None:
        yield from map(frame.picture_of, film)
        return
    for _ in range(count // stretch.count):
        yield from map(frame.picture_of, loops.frames_of(stretch, film))


def _turns(count: int, rate: float) -> int:
    """Return how often a loop goes round in its file, so that it lasts three seconds where nothing repeats it."""
    return max(1, min(_LOOPS, round(3.0 * rate / count)))


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    """What a picture is shown on: a sheet, or its own shape under the strip."""

    laid: Laid | None
    strip: Framing | None
    rows: int
    columns: int

    def picture_of(self, cut: Pixels) -> Pixels:
        if self.laid is not None:
            return self.laid.picture_of(cut)
        assert self.strip is not None
        return self.strip.picture_of(cut)

    def cut_of(self, picture: Pixels) -> Pixels:
        if self.laid is not None:
            return self.laid.cut_of(picture)
        assert self.strip is not None
        return self.strip.source_of(picture)


def _surface(wanted: Format, cut: tuple[int, int], brand: Brand) -> _Surface:
    rows, columns = cut
    sheet = formats.sheet_for(wanted, wide=columns > formats.LYING * rows)
    if sheet is not None:
        laid = sheets.lay(sheet, brand, cut)
        return _Surface(laid, None, sheet.height, sheet.width)
    strip = framing.around(brand, (0, 0, columns, rows), source=cut)
    return _Surface(None, strip, strip.rows, strip.columns)


def _check_like(seen: Pixels, meant: Pixels) -> None:
    """Raise Held(RENDER_FAILED) where any place of a decoded picture is not what was meant to be there."""
    if seen.shape != meant.shape:
        raise Held(HoldReason.RENDER_FAILED)
    unlike = cv2.boxFilter(cv2.absdiff(seen, meant), cv2.CV_32F, (_PLACE, _PLACE))
    if float(np.max(unlike)) > _UNLIKE:
        raise Held(HoldReason.RENDER_FAILED)


def _check_no_text(shown: Pixels, clean: Sequence[Pixels]) -> None:
    """Raise Held(TEXT_LEFT) where a decoded picture shows text in a place where none of the clean pictures does."""
    rows, columns = clean[0].shape[:2]
    way = cv2.INTER_AREA if shown.shape[0] > rows else cv2.INTER_CUBIC
    seen = np.asarray(cv2.resize(shown, (columns, rows), interpolation=way), dtype=np.uint8)
    known = np.max([detector.heat(picture) for picture in clean], axis=0)
    round_about = np.ones((_AROUND, _AROUND), np.uint8)
    explained = cv2.dilate(known, round_about) > _SUSPECTED
    heat = np.where(explained, 0, detector.heat(seen)).astype(np.float32)
    searched = np.ones((rows, columns), dtype=np.bool_)
    assert heat.shape == (-(-rows // CELL), -(-columns // CELL))
    if text_lines.lines(heat, searched, _BOUNDS):
        raise Held(HoldReason.TEXT_LEFT)
