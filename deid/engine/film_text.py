"""Text in a cine: the overlay that stands still is found once, and every frame is searched for what comes and goes.

Speckle moves and blurs away in the middle value of some frames; print stands still and stays. What comes and goes is
sought in composites of a few frames at a time: the brightest value of each pixel shows light print of a single frame.
Where every three frames in a row are reduced to their darkest value first, moving speckle fades and light print of
three frames stands out, and the other way round for dark print.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deid.engine import detector, ocr, text_detection, text_lines, tracks
from deid.engine.composites import Bundle, bundles, middle
from deid.engine.detector import CELL, Heat
from deid.engine.frames import Frames
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from deid.engine.text_detection import Scene
from deid.engine.tracks import Track

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Window = tuple[slice, slice]

# fewer frames than these have no middle value that speckle blurs away in
_LEAST_SAMPLES = 3
# a text is covered in so many frames before and after, since coding smears it over its neighbours
_MARGIN = 1
# what stands still looks alike in every frame; print that took another's place does not
_ALIKE = 0.5
# many composites are searched, so each has to be surer than the one picture of a still
_BOUNDS = text_lines.Bounds(sure=0.5, likely=0.2)
# a frame shows a line of a composite where the detector is as sure as this
_HINT = 0.15
# of more lines at once than these, each is taken to show in all frames of its composite
_MOST_TIMED = 12
# windows begin and end where the network's own grid does; so far round a line it sees all it needs
_GRID = 16
_ROUND = 24
# the surest so many lines are read; what is not read is covered
_MOST_READ = 96


def still_of(samples: Sequence[Pixels]) -> Pixels:
    """Return the picture of what stands still in some frames of a film, or the first of too few."""
    return middle(samples) if len(samples) >= _LEAST_SAMPLES else samples[0]


def find_in_film(
    film: Frames | Sequence[Pixels], still: Pixels, scene: Scene, *, heat: Heat | None = None
) -> list[Text]:
    """Return the texts of a cine: of its `still`, and what comes and goes, with its frames; of a short one, each's.

    Each frame is asked for once. `heat` is the detector's of `still`, where the caller has it already. Raises Held as
    `text_detection.find` does.
    """
    if len(film) < _LEAST_SAMPLES:
        return [
            replace(text, first_frame=index, last_frame=index)
            for index, frame in enumerate(film)
            for text in text_detection.find(frame, scene, heat=heat if index == 0 else None)
        ]
    window = window_of(scene.kept)
    overlay = [_Resting.of(text, still) for text in text_detection.find(still, scene, heat=heat)]
    found: list[Track] = []
    last = 0
    for bundle in bundles(film, window):
        last = bundle.last
        found = tracks.followed(found, _sights(bundle, overlay, scene.kept[window]))
    texts = [replace(resting.text, last_frame=last) for resting in overlay]
    return texts + _passing(found, scene, last=last)


def window_of(kept: Mask) -> Window:
    """Return the rows and columns round `kept`, as the network's grid cuts them."""
    rows, columns = kept.shape
    lines, places = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    if not lines.size:
        return slice(0, rows), slice(0, columns)
    return _on_grid(int(lines[0]), int(lines[-1]) + 1, rows), _on_grid(int(places[0]), int(places[-1]) + 1, columns)


def _on_grid(start: int, end: int, whole: int) -> slice:
    return slice(max(0, start // _GRID * _GRID), min(whole, -(-end // _GRID) * _GRID))


def _sights(bundle: Bundle, overlay: Sequence["_Resting"], kept: Mask) -> Iterator[Track]:
    """Yield the lines that a few frames show beside the overlay or in its place, each with the frames that show it."""
    yield from _replaced(bundle, overlay)
    heats = [_fresh(detector.heat(picture), overlay, bundle.window) for picture in bundle.pictures]
    lines = text_lines.lines(np.max(heats, axis=0), kept, _BOUNDS)
    for line in lines:
        hints = [_hint(frame, line) for frame in bundle.frames] if len(lines) <= _MOST_TIMED else [0.0]
        showing = [index for index, hint in enumerate(hints) if hint >= _HINT]
        first, last = (showing[0], showing[-1]) if showing else (0, bundle.last - bundle.first)
        best = bundle.frames[int(np.argmax(hints))] if showing else bundle.pictures[0]
        yield _sight(best, line, bundle, frames=(bundle.first + first, bundle.first + last))


def _replaced(bundle: Bundle, overlay: Sequence["_Resting"]) -> Iterator[Track]:
    """Yield what some frames show in the place of a text of the overlay."""
    top, left = bundle.window[0].start, bundle.window[1].start
    for resting in overlay:
        text = resting.text
        gone = [number for number, frame in enumerate(bundle.frames) if not resting.rests(frame, bundle.window)]
        x, y = max(0, text.x - left), max(0, text.y - top)
        here = replace(text, x=x, y=y, w=text.x + text.w - left - x, h=text.y + text.h - top - y, words="")
        hints = {number: _hint(bundle.frames[number], here) for number in gone}
        showing = [number for number in gone if hints[number] >= _BOUNDS.sure]
        if showing:
            best = bundle.frames[max(showing, key=lambda number: hints[number])]
            yield _sight(best, here, bundle, frames=(bundle.first + showing[0], bundle.first + showing[-1]))


def _hint(frame: Pixels, line: Text) -> float:
    """Return how sure the detector is of a line in a frame by itself."""
    rows, columns = frame.shape[:2]
    down = _on_grid(line.y - _ROUND, line.y + line.h + _ROUND, rows)
    across = _on_grid(line.x - _ROUND, line.x + line.w + _ROUND, columns)
    top, left = (line.y - down.start) // CELL, (line.x - across.start) // CELL
    cells = slice(top, top + -(-line.h // CELL)), slice(left, left + -(-line.w // CELL))
    return float(detector.heat(np.ascontiguousarray(frame[down, across]))[cells].max(initial=0.0))


def _sight(picture: Pixels, line: Text, bundle: Bundle, *, frames: tuple[int, int]) -> Track:
    """Cut a line with a margin out of a picture of the bundle's window; the track is in source pixels."""
    pad = max(4, line.h // 2)
    top, left = max(0, line.y - pad), max(0, line.x - 2 * pad)
    down, across = bundle.window[0].start, bundle.window[1].start
    there = replace(line, x=line.x + across, y=line.y + down, first_frame=frames[0], last_frame=frames[1])
    patch = picture[top : line.y + line.h + pad, left : line.x + line.w + 2 * pad].copy()
    return Track(line=there, sight=there, patch=patch, x=left + across, y=top + down)


@dataclass(frozen=True, slots=True, eq=False)
class _Resting:
    """A text of the overlay, with the greys of its place on the still picture, less their mean."""

    text: Text
    shape: npt.NDArray[np.float32]

    @classmethod
    def of(cls, text: Text, still: Pixels) -> "_Resting":
        return cls(text, _centred(still[text.y : text.y + text.h, text.x : text.x + text.w]))

    def rests(self, picture: Pixels, window: Window) -> bool:
        """Say whether this text is what `picture`, cut to `window`, shows in its place."""
        text, top, left = self.text, window[0].start, window[1].start
        y0, x0 = max(text.y, top), max(text.x, left)
        y1, x1 = min(text.y + text.h, window[0].stop), min(text.x + text.w, window[1].stop)
        if y1 <= y0 or x1 <= x0:
            return True
        here = _centred(picture[y0 - top : y1 - top, x0 - left : x1 - left])
        known = self.shape[y0 - text.y : y1 - text.y, x0 - text.x : x1 - text.x]
        size = float(np.linalg.norm(here) * np.linalg.norm(known))
        return float((here * known).sum()) >= _ALIKE * size


def _centred(picture: Pixels) -> npt.NDArray[np.float32]:
    grey = picture.mean(axis=2, dtype=np.float32)
    return np.asarray(grey - grey.mean(), dtype=np.float32)


def _fresh(heat: Heat, overlay: Sequence[_Resting], window: Window) -> Heat:
    """Return `heat` without the cells of the overlay."""
    fresh = heat.copy()
    for resting in overlay:
        fresh[_cells(resting.text, window, heat)] = 0
    return fresh


def _cells(text: Text, window: Window, heat: Heat) -> Window:
    """Return the cells of a text and those round it."""
    top, left = window[0].start, window[1].start
    y0, y1 = (text.y - top) // CELL - 1, -(-(text.y + text.h - top) // CELL) + 1
    x0, x1 = (text.x - left) // CELL - 1, -(-(text.x + text.w - left) // CELL) + 1
    tall, wide = heat.shape
    return slice(max(0, y0), max(0, min(tall, y1))), slice(max(0, x0), max(0, min(wide, x1)))


def _passing(found: Sequence[Track], scene: Scene, *, last: int) -> list[Text]:
    """Return the texts that come and go: the lines, and the words read in them, each with the frames of its track."""
    lines = [_widened(track.line, last) for track in found]
    surest = sorted(zip(found, lines, strict=True), key=lambda pair: -pair[0].line.strength)[:_MOST_READ]
    return lines + ocr.read_crops([_crop(track, line) for track, line in surest], seconds=scene.seconds)


def _crop(track: Track, line: Text) -> Crop:
    """Cut a line out of what was seen of it; the words read in it get the frames of `line`."""
    sight = track.sight
    crop = text_detection.crop_of(replace(sight, x=sight.x - track.x, y=sight.y - track.y), track.patch)
    there = replace(line, h=crop.line.h)
    return replace(crop, line=there, x=crop.x + track.x, y=crop.y + track.y)


def _widened(line: Text, last: int) -> Text:
    """Return `line` with room for a faint letter at each end, and for the frames over which coding smears it."""
    x = max(0, line.x - line.h // 2)
    return replace(
        line,
        x=x,
        w=line.x + line.w + line.h // 2 - x,
        first_frame=max(0, line.first_frame - _MARGIN),
        last_frame=min(last, line.last_frame + _MARGIN),
    )
