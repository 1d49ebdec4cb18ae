"""Text burned into the kept pixels: rows of printed ink, believed where they are strong or where they can be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import ocr, solid_ink, strokes
from deid.engine.ocr import Crop
from deid.engine.reading import Text, is_letters, is_listed
from deid.engine.strokes import Ink

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# The seam for other detectors: picture, kept mask, echo mask in; unread lines in frame 0 out.
Detector = Callable[[Pixels, Mask, Mask], list[Text]]

_MOST_READ = 64
_READ_TWICE = 2.0
_RIM = 0.07
_FAINT = 1.25
# among echoes: glyphs and strength from which a row is worth reading
_HOPEFUL = ((6, 1.4), (4, 1.6), (3, 1.7), (2, 2.2))
# among echoes: glyphs and strength from which an unread row is text, letters and confidence from which a read one is
_STRONG = ((14, 1.7), (10, 1.8), (8, 2.0), (5, 2.2), (4, 2.5), (3, 3.0))
_READ = ((2, 90.0), (3, 60.0), (5, 45.0))
# echoes have hardly a colour, so rows in colour are surer by so much
_MARGIN = 0.4
# so few rows of strokes mean a picture without much speckle
_CALM = 30
# so many glyphs in a row are no chance, whatever their ink
_LONG = 10
# rows of strokes lower than this nobody can read
_LOW = 7
# how far a word in solid ink is taken to stand out
_SOLID = 2.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look: `kept` will stay and is searched everywhere, `echoes` is its part with speckle, where ink must be
    surer. `searched` is `kept` with a rim to its sides and below it, so that text across the edge is read as a whole.
    `seconds` bounds one call of the reader; `matches` says whether words identify somebody.
    """

    kept: Mask
    echoes: Mask
    seconds: float
    matches: Callable[[str], bool] = lambda _words: False

    @property
    def searched(self) -> Mask:
        """Return `kept` and a rim round it, but nothing above its first row."""
        reach = round(_RIM * self.kept.shape[1])
        across = cv2.dilate(self.kept.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8))
        down = np.asarray(cv2.dilate(across, np.ones((reach // 2 * 2 + 1, 1), np.uint8)), dtype=np.bool_)
        lines = np.flatnonzero(self.kept.any(axis=1))
        down[: int(lines[0]) if lines.size else 0] = False
        return down


def find(picture: Pixels, scene: Scene, *, detector: Detector | None = None) -> list[Text]:
    """Return lines and words of one picture (RGB), all with frames 0 to 0; lines carry no words, words do.

    Raises Held(OCR_MISSING) without Tesseract, Held(OCR_FAILED) when it fails or outlasts `scene.seconds`.
    """
    searched = scene.searched
    made = strokes.inks(picture, searched, scene.echoes)
    found = detector(picture, searched, scene.echoes) if detector else _lines(made)
    lines = worth_reading(found, scene)
    crops = [crop for line in lines for crop in crops_of(line, picture, made)]
    words = agreed(ocr.read_crops(crops, seconds=scene.seconds))
    believed = [line for line in lines if trusted(line, words, scene, calm=is_calm(found))]
    words = [word for word in words if any(word.overlaps(line) for line in believed)]
    printed = solid_ink.read(strokes.brightest(picture), scene.kept, seconds=scene.seconds, matches=scene.matches)
    fresh = [word for word in printed if not any(word.overlaps(line) for line in believed)]
    believed += [replace(word, words="", glyphs=len(word.words), strength=_SOLID) for word in fresh]
    drawn = [_drawn_out(line, made[line.ink]) for line in believed if speckled(line, scene)]
    return believed + drawn + words + fresh


def glyph_lines(picture: Pixels, kept: Mask, echoes: Mask) -> list[Text]:
    """Return rows of printed strokes, light, dark or coloured, that nobody has read yet."""
    return _lines(strokes.inks(picture, kept, echoes))


def read(made: Sequence[Ink], scene: Scene, *, scale: float = 2.0) -> list[Text]:
    """Return the words that Tesseract reads on a page of all the ink of a picture; raises Held as `find` does."""
    rows = len(scene.kept)
    return ocr.read_page(page_of(made), scale=scale if rows < 900 else 0.75 * scale, seconds=scene.seconds)


def page_of(made: Sequence[Ink]) -> Grey:
    """Return the ink of a picture, bright on black, without what is too small or too large to be a letter."""
    page = np.zeros_like(made[0].strokes)
    tallest = max(24, len(page) // 12)
    for ink in made:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.drawn, connectivity=8)
        w, h, area = stats[:, 2], stats[:, 3], stats[:, 4]
        letter = (area >= 8) & (h >= 4) & (h <= tallest) & (w <= 20 * h)
        letter[0] = False
        if letter.any():
            page = np.maximum(page, _shown(ink, letter.astype(np.uint8)[labels]))
    return page


def crops_of(line: Text, picture: Pixels, made: Sequence[Ink]) -> list[Crop]:
    """Cut `line` with a margin out of its ink, and out of the picture itself, where the reader may see more."""
    pad = max(3, line.h // 3)
    top, left = max(0, line.y - pad), max(0, line.x - 2 * pad)
    rows, columns = slice(top, line.y + line.h + pad), slice(left, line.x + line.w + 2 * pad)
    window = made[line.ink].window(rows, columns)
    images = [_shown(window, (window.strokes > _FAINT * window.least).astype(np.uint8))]
    if line.strength >= _READ_TWICE:
        images.append(_stretched(strokes.brightest(np.ascontiguousarray(picture[rows, columns]))))
    return [Crop(line=line, image=image, x=left, y=top) for image in images]


def speckled(text: Text, scene: Scene) -> bool:
    """Return whether `text` stands among echoes rather than on the dark of the screen."""
    return bool(scene.echoes[text.y : text.y + text.h, text.x : text.x + text.w].mean() > 0.3)


def worth_reading(lines: Sequence[Text], scene: Scene) -> list[Text]:
    """Return the lines that may be text, strongest first: among echoes short rows must stand out more."""
    hopeful = [
        line
        for line in lines
        if not speckled(line, scene)
        or any(line.glyphs >= glyphs and line.strength >= strength for glyphs, strength in _HOPEFUL)
    ]
    return sorted(hopeful, key=lambda line: -line.strength * min(line.glyphs, 8))[:_MOST_READ]


def is_calm(lines: Sequence[Text]) -> bool:
    """Say whether a picture has so few rows of strokes that one seldom comes by chance."""
    return len(lines) <= _CALM


def trusted(line: Text, words: Sequence[Text], scene: Scene, *, calm: bool = False) -> bool:
    """Say whether a row of strokes is text: by itself where it is strong and long, else where it was read as such.

    In a `calm` picture, with few rows of strokes at all, a row seldom comes by chance. Whatever was read and identifies
    somebody is text, however unsure the reader.
    """
    read_here = [word for word in words if word.overlaps(line) and _fills(word, line)]
    legible = line.h >= (_LOW if len(scene.kept) >= 400 else 4)
    if not speckled(line, scene):
        return (line.glyphs >= 3 and line.strength >= 2 and line.h >= 5) or bool(read_here)
    if legible and _strong(line, rows=len(scene.kept), calm=calm):
        return True
    return any(
        is_listed(word)
        or scene.matches(word.words)
        or any(is_letters(word, least=least) and word.confidence >= confidence for least, confidence in _READ)
        for word in read_here
    )


def _strong(line: Text, *, rows: int, calm: bool) -> bool:
    """Say whether a row among echoes is text although nobody read it; tall rows and dark ones seldom are, if short."""
    strength = line.strength + (_MARGIN if line.ink == strokes.COLOUR else 0.0) + (1.5 * _MARGIN if calm else 0.0)
    if line.glyphs < _LONG:
        strength -= (_MARGIN if line.ink == strokes.DARK else 0.0) + (2.5 * _MARGIN if line.h > rows / 25 else 0.0)
    return any(line.glyphs >= glyphs and strength >= least for glyphs, least in _STRONG)


def agreed(words: Sequence[Text]) -> list[Text]:
    """Return `words`, surer where two readings of one place say the same, and most where it is a listed word."""
    return [_surer(word) if any(_repeats(other, word) for other in words) else word for word in words]


def _repeats(other: Text, word: Text) -> bool:
    return other is not word and other.words == word.words and other.overlaps(word)


def _surer(word: Text) -> Text:
    listed = is_listed(replace(word, confidence=100.0))
    return replace(word, confidence=max(75.0 if listed else 0.0, min(96.0, word.confidence + 25.0)))


def _lines(made: Sequence[Ink]) -> list[Text]:
    """Return the rows of every ink; of rows in one place only the widest."""
    lines: list[Text] = []
    for line in sorted(strokes.rows(made), key=lambda row: -row.w):
        if not any(inside(line, known) and line.strength <= 1.5 * known.strength for known in lines):
            lines.append(line)
    return lines


def _shown(ink: Ink, drawn: Grey) -> Grey:
    """Return the heights of the ink round the drawn strokes, spread to full light."""
    near = cv2.dilate(drawn, np.ones((5, 5), np.uint8)) > 0
    full = float(np.percentile(ink.heights[drawn > 0], 80)) if drawn.any() else 255.0
    bright = np.clip(ink.heights.astype(np.float32) * (255.0 / max(full, 24.0)), 0, 255)
    return np.where(near, bright, 0).astype(np.uint8)


def _stretched(grey: Grey) -> Grey:
    low, high = (float(value) for value in np.percentile(grey, (2, 99)))
    wide = np.clip((grey.astype(np.float32) - low) * (255.0 / max(8.0, high - low)), 0, 255)
    # dark text on a light ground is turned round, so that every crop is bright on black
    return np.asarray(255 - wide if np.median(wide) > 140 else wide, dtype=np.uint8)


def _fills(word: Text, line: Text) -> bool:
    """A word belongs to a line of about its own height."""
    return 0.4 * line.h <= word.h <= 2.5 * line.h


def believable(word: Text, scene: Scene) -> bool:
    """Say whether a word read on a page of ink is one: among echoes a reader sees letters in speckle."""
    letters = sum(letter.isalnum() for letter in word.words)
    if not speckled(word, scene):
        return letters >= 2 or word.confidence >= 60
    shaped = 5 <= word.h <= len(scene.kept) / 12 and 0.25 <= word.w / letters / word.h <= 1.5
    return shaped and (letters >= 3 and word.confidence >= 75)


def _drawn_out(text: Text, ink: Ink) -> Text:
    """Follow a text to both sides over strokes fainter than its own: what stands beside text is text."""
    reach, pad = 5 * text.h, max(2, text.h // 4)
    top, left = max(0, text.y - pad), max(0, text.x - reach)
    band = ink.strokes[top : text.y + text.h + pad, left : text.x + text.w + reach]
    typical = float(np.percentile(band[:, text.x - left : text.x - left + text.w], 92))
    drawn = band > max(ink.least, 0.5 * typical)
    first, last = text.x, text.x + text.w
    _, _, stats, _ = cv2.connectedComponentsWithStats(drawn.astype(np.uint8), connectivity=8)
    letters = sorted(
        (int(x) + left, int(x + w) + left)
        for x, _, w, h, _ in stats[1:]
        if 0.4 * text.h <= h <= 1.3 * text.h and w <= 3 * text.h
    )
    for start, end in letters:
        if end > last and start - last <= text.h:
            last = end
    for start, end in reversed(letters):
        if start < first and first - end <= text.h:
            first = start
    return replace(text, x=first, w=last - first, words="", confidence=0.0)


def inside(inner: Text, outer: Text) -> bool:
    """Return whether `inner` lies in `outer`, give or take two pixels."""
    return (
        inner.x >= outer.x - 2
        and inner.y >= outer.y - 2
        and inner.x + inner.w <= outer.x + outer.w + 2
        and inner.y + inner.h <= outer.y + outer.h + 2
    )
