"""Text in a cine: the overlay that stands still is read once, and every frame is searched for what comes and goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import ocr, strokes, text_detection
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from deid.engine.strokes import Ink
from deid.engine.text_detection import Scene

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# a line that flickers is one line while it is gone for at most so many frames
_GAP = 3
# and is covered in so many frames before and after, since coding smears it over its neighbours
_MARGIN = 1
_GLYPHS_ALONE = 6
_STRENGTH_ALONE = 2.4
_MOST_TRACKS = 400
# fewer frames than these have no middle value that speckle blurs away in
_LEAST_SAMPLES = 3
_MOST_READ = 96


def find_in_film(film: Iterable[Pixels], samples: Sequence[Pixels], scene: Scene) -> list[Text]:
    """Return the texts of a cine: what stands still in `samples`, and what comes and goes, with its frames.

    The still overlay is read on the median of `samples`, where moving speckle has blurred away. Every frame of `film`
    is searched for rows of ink that the still picture does not have in their place, and the brightest value of each
    pixel over all frames is read once more for what only shows for a moment. Raises Held as `text_detection.find`
    does.
    """
    if len(samples) < _LEAST_SAMPLES:
        return [text for index, frame in enumerate(film) for text in _alone(frame, scene, index)]
    still = np.median(np.stack(samples), axis=0).astype(np.uint8)
    texts = text_detection.find(still, scene)
    resting = strokes.inks(still, scene.kept, scene.echoes, quick=True)
    settled = [_settled(ink) for ink in resting]
    calm = text_detection.is_calm(strokes.rows(resting))
    tracks: list[_Track] = []
    brightest, count = still, 0
    for count, frame in enumerate(film, start=1):
        brightest = np.maximum(brightest, frame)
        made = _fresh(strokes.inks(frame, scene.kept, scene.echoes, quick=True), settled)
        lines = strokes.rows(made)
        fresh = [line for line in text_detection.worth_reading(lines, scene) if not _explained(line, texts)]
        _follow(tracks, fresh, frame, made, index=count - 1)
    texts = [replace(text, last_frame=count - 1) for text in texts]
    texts += _passing(tracks, scene, last=count - 1, calm=calm)
    whole = strokes.inks(brightest, scene.kept, scene.echoes, quick=True)
    moments = [word for word in text_detection.read(whole, scene) if text_detection.believable(word, scene)]
    return texts + [replace(word, last_frame=count - 1) for word in moments if not _explained(word, texts)]


def _alone(frame: Pixels, scene: Scene, index: int) -> list[Text]:
    return [replace(text, first_frame=index, last_frame=index) for text in text_detection.find(frame, scene)]


def _settled(ink: Ink) -> Grey:
    """Return the strength that a stroke must have in a frame to be no part of the still picture."""
    near = np.asarray(cv2.dilate(ink.strokes, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    return np.where(near > 0, np.asarray(cv2.convertScaleAbs(near, alpha=1.4, beta=12), dtype=np.uint8), np.uint8(0))


def _fresh(made: Sequence[Ink], settled: Sequence[Grey]) -> list[Ink]:
    """Return the inks of a frame without the strokes that the still picture has too."""
    fresh = [
        replace(ink, strokes=np.where(ink.strokes > known, ink.strokes, np.uint8(0)))
        for ink, known in zip(made, settled, strict=False)
    ]
    return fresh + list(made[len(settled) :])


@dataclass(slots=True)
class _Track:
    """A line followed from frame to frame, with crops of where it was strongest."""

    line: Text
    crops: list[Crop]
    seen: int = 1
    widest: int = 0
    tallest: int = 0

    @property
    def lasting(self) -> bool:
        """What is printed stands still while it lasts; echoes that look like it wander or change their length."""
        line = self.line
        if line.last_frame == line.first_frame:
            return line.glyphs >= _GLYPHS_ALONE and line.strength >= _STRENGTH_ALONE
        often = self.seen >= 0.6 * (line.last_frame - line.first_frame + 1)
        return often and line.w <= 1.3 * self.widest + 4 and line.h <= 1.25 * self.tallest + 3


def _follow(tracks: list[_Track], lines: Sequence[Text], frame: Pixels, made: Sequence[Ink], *, index: int) -> None:
    for line in lines:
        here = replace(line, first_frame=index, last_frame=index)
        track = next((track for track in tracks if _same(track.line, here)), None)
        if track is not None:
            # several pieces of one line in one frame count as one sight of it
            track.seen += track.line.last_frame < index
            track.widest, track.tallest = max(track.widest, line.w), max(track.tallest, line.h)
            if line.strength * line.glyphs > track.line.strength * track.line.glyphs:
                track.crops = text_detection.crops_of(here, frame, made)
            track.line = _hull(track.line, here)
        elif len(tracks) < _MOST_TRACKS:
            tracks.append(_Track(here, text_detection.crops_of(here, frame, made), 1, line.w, line.h))


def _same(known: Text, here: Text) -> bool:
    recent = replace(known, last_frame=here.first_frame)
    return here.first_frame - known.last_frame <= _GAP and recent.overlaps(here) and known.h <= 2 * here.h


def _passing(tracks: Sequence[_Track], scene: Scene, *, last: int, calm: bool) -> list[Text]:
    """Return the lasting tracks that are text, as lines and the words in them, each with the frames of its track."""
    lasting = sorted((track for track in tracks if track.lasting), key=lambda track: -track.line.strength)[:_MOST_READ]
    lines = [_widened(track.line, last) for track in lasting]
    crops = [replace(crop, line=line) for track, line in zip(lasting, lines, strict=True) for crop in track.crops]
    words = text_detection.agreed(ocr.read_crops(crops, seconds=scene.seconds))
    lines = [line for line in lines if text_detection.trusted(line, words, scene, calm=calm)]
    return lines + [word for word in words if any(word.overlaps(line) for line in lines)]


def _widened(line: Text, last: int) -> Text:
    """Return `line` with room for a faint letter at each end, and for the frames over which coding smears it."""
    x = max(0, line.x - line.h)
    return replace(
        line,
        x=x,
        w=line.x + line.w + line.h - x,
        first_frame=max(0, line.first_frame - _MARGIN),
        last_frame=min(last, line.last_frame + _MARGIN),
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
