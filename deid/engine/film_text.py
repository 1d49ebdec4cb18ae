"""Text in a cine: the overlay that stands still is read once, and every frame is searched for what comes and goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deid.engine import ocr, strokes, text_detection
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from deid.engine.text_detection import Scene

Pixels = npt.NDArray[np.uint8]

# a line that flickers is one line while it is gone for at most so many frames
_GAP = 3
# and is covered in so many frames before and after, since coding smears it over its neighbours
_MARGIN = 1
_GLYPHS_ALONE = 6
_MOST_TRACKS = 400
# fewer frames than these have no middle value that speckle blurs away in
_LEAST_SAMPLES = 3
_MOST_READ = 96


def find_in_film(film: Iterable[Pixels], samples: Sequence[Pixels], scene: Scene) -> list[Text]:
    """Return the texts of a cine: what stands still in `samples`, and what comes and goes, with its frames.

    The still overlay is read on the median of `samples`, where moving speckle has blurred away. Every frame of `film`
    is searched for lines that the still overlay does not explain, and the brightest value of each pixel over all
    frames is read once more for what only shows for a moment. Raises Held as `text_detection.find` does.
    """
    if len(samples) < _LEAST_SAMPLES:
        return [text for index, frame in enumerate(film) for text in _alone(frame, scene, index)]
    still = np.median(np.stack(samples), axis=0).astype(np.uint8)
    texts = text_detection.find(still, scene)
    tracks: list[_Track] = []
    brightest, count = still, 0
    for count, frame in enumerate(film, start=1):
        brightest = np.maximum(brightest, frame)
        made = strokes.inks(frame, scene.kept, scene.echoes, quick=True)
        lines = strokes.rows(made)
        fresh = [line for line in text_detection.worth_reading(lines, scene) if not _explained(line, texts)]
        _follow(tracks, fresh, frame, made, index=count - 1)
    texts = [replace(text, last_frame=count - 1) for text in texts]
    texts += _passing(tracks, scene, last=count - 1)
    made = strokes.inks(brightest, scene.kept, scene.echoes, quick=True)
    moments = [word for word in text_detection.read(made, scene) if text_detection.believable(word, scene)]
    return texts + [replace(word, last_frame=count - 1) for word in moments if not _explained(word, texts)]


def _alone(frame: Pixels, scene: Scene, index: int) -> list[Text]:
    return [replace(text, first_frame=index, last_frame=index) for text in text_detection.find(frame, scene)]


@dataclass(slots=True)
class _Track:
    """A line followed from frame to frame, with crops of where it was strongest."""

    line: Text
    crops: list[Crop]

    @property
    def lasting(self) -> bool:
        return self.line.last_frame > self.line.first_frame or self.line.glyphs >= _GLYPHS_ALONE


def _follow(
    tracks: list[_Track], lines: Sequence[Text], frame: Pixels, made: Sequence[strokes.Ink], *, index: int
) -> None:
    for line in lines:
        here = replace(line, first_frame=index, last_frame=index)
        track = next((track for track in tracks if _same(track.line, here)), None)
        if track is not None:
            if line.strength * line.glyphs > track.line.strength * track.line.glyphs:
                track.crops = text_detection.crops_of(here, frame, made)
            track.line = _hull(track.line, here)
        elif len(tracks) < _MOST_TRACKS:
            tracks.append(_Track(line=here, crops=text_detection.crops_of(here, frame, made)))


def _same(known: Text, here: Text) -> bool:
    recent = replace(known, last_frame=here.first_frame)
    return here.first_frame - known.last_frame <= _GAP and recent.overlaps(here) and known.h <= 2 * here.h


def _passing(tracks: Sequence[_Track], scene: Scene, *, last: int) -> list[Text]:
    """Return the lasting tracks that are text, as lines and the words in them, each with the frames of its track."""
    lasting = sorted((track for track in tracks if track.lasting), key=lambda track: -track.line.strength)[:_MOST_READ]
    lines = [_widened(track.line, last) for track in lasting]
    crops = [replace(crop, line=line) for track, line in zip(lasting, lines, strict=True) for crop in track.crops]
    words = text_detection.agreed(ocr.read_crops(crops, seconds=scene.seconds))
    lines = [line for line in lines if text_detection.trusted(line, words, scene)]
    return lines + [word for word in words if any(word.overlaps(line) for line in lines)]


def _widened(line: Text, last: int) -> Text:
    return replace(
        line, first_frame=max(0, line.first_frame - _MARGIN), last_frame=min(last, line.last_frame + _MARGIN)
    )


def _explained(text: Text, known: Sequence[Text]) -> bool:
    """Return whether most of `text` lies in places that are known."""
    inside = np.zeros((text.h, text.w), dtype=np.bool_)
    for other in known:
        top, left = max(0, other.y - 3 - text.y), max(0, other.x - 3 - text.x)
        bottom, right = other.y + other.h + 3 - text.y, other.x + other.w + 3 - text.x
        if bottom > 0 and right > 0:
            inside[top:bottom, left:right] = True
    return bool(inside.mean() >= 0.7)


def _hull(one: Text, two: Text) -> Text:
    x, y = min(one.x, two.x), min(one.y, two.y)
    return replace(
        one,
        x=x,
        y=y,
        w=max(one.x + one.w, two.x + two.w) - x,
        h=max(one.y + one.h, two.y + two.h) - y,
        last_frame=max(one.last_frame, two.last_frame),
        glyphs=max(one.glyphs, two.glyphs),
        strength=max(one.strength, two.strength),
    )
