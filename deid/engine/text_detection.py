"""Text burned into the kept pixels: glyph lines by their geometry, words by Tesseract; what is read stays in memory."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract

from deid.engine.errors import Held, HoldReason
from deid.engine.reading import Text, is_letters, is_listed

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# one reader uses one core; the caller decides how many readers run at once
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

_READ_WIDTH = 1800
_SURE = 60.0
_FAIR = 50.0
_LEAST_CONTRAST = 26
_GLYPHS_IN_ECHOES = 3
_GLYPHS_ALONE = 6
# letters of a screen this small are only a few pixels high
_SMALL_ROWS = 520
# a line that flickers is one line while it is gone for at most so many frames
_GAP = 3


# The seam for other detectors: picture, kept mask, echo mask in; unread lines in frame 0 out.
Detector = Callable[[Pixels, Mask, Mask], list[Text]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look: `kept` is searched everywhere, `echoes` is its part with speckle, where glyphs must be surer."""

    kept: Mask
    echoes: Mask
    seconds: float


def find(picture: Pixels, scene: Scene, *, detector: Detector | None = None) -> list[Text]:
    """Return lines and words of one picture (RGB), all with frames 0 to 0; lines carry no words, words do.

    Raises Held(OCR_MISSING) without Tesseract, Held(OCR_FAILED) when it fails or outlasts `scene.seconds`.
    """
    lines = (detector or glyph_lines)(picture, scene.kept, scene.echoes)
    words = read(picture, scene, polarity="light")
    words += read(picture, scene, polarity="strokes")
    unread = [line for line in lines if not any(line.overlaps(word) for word in words)]
    read_apart = read_lines(picture, unread, seconds=scene.seconds)
    lines = [line for line in lines if _trusted(line, words, read_apart, scene)]
    lines += [_drawn_out(picture, word, scene) for word in words if speckled(word, scene) and not is_listed(word)]
    return lines + words + [word for word in read_apart if any(word.overlaps(line) for line in lines)]


def find_in_film(film: Iterable[Pixels], samples: Sequence[Pixels], scene: Scene) -> list[Text]:
    """Return the texts of a cine: what stands still in `samples`, and what comes and goes, with its frames.

    The still overlay is read once on the median of `samples`, where moving speckle has blurred away. Every frame of
    `film` is searched for glyph lines that the still overlay does not explain, and the brightest value of each pixel
    over all frames is read once more for what only shows for a moment.
    """
    still = np.median(np.stack(samples), axis=0).astype(np.uint8)
    texts = find(still, scene)
    tracks: list[_Track] = []
    brightest: Pixels | None = None
    count = 0
    for count, frame in enumerate(film, start=1):
        brightest = frame.copy() if brightest is None else np.maximum(brightest, frame)
        fresh = [line for line in glyph_lines(frame, scene.kept, scene.echoes) if not _explained(line, texts)]
        _follow(tracks, fresh, frame, index=count - 1)
    texts = [replace(text, last_frame=count - 1) for text in texts]
    passing = [track for track in tracks if track.lasting]
    texts += _read_tracks(passing, seconds=scene.seconds)
    if brightest is not None:
        texts += [
            replace(word, last_frame=count - 1)
            for word in read(brightest, scene, polarity="strokes")
            if not _explained(word, texts)
        ]
    return texts


def read(picture: Pixels, scene: Scene, *, polarity: str, width: int = _READ_WIDTH) -> list[Text]:
    """Return the words that Tesseract reads in the kept pixels; `polarity` is `light` or `strokes`.

    `light` shows the greys inverted, as dark text on white; `strokes` shows only thin structures of either polarity.
    """
    rows, columns = np.flatnonzero(scene.kept.any(axis=1)), np.flatnonzero(scene.kept.any(axis=0))
    if rows.size == 0:
        return []
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    luma = np.where(scene.kept, picture.max(axis=2), 0).astype(np.uint8)[top:bottom, left:right]
    scale = float(np.clip(width / (right - left), 1.0, 3.0))
    shown = 255 - luma if polarity == "light" else _strokes_page(luma)
    larger = cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    page = np.pad(np.asarray(larger, dtype=np.uint8), 16, constant_values=255)
    found = []
    for x, y, w, h, words, confidence in _tesseract(page, seconds=scene.seconds):
        box = Text(
            x=max(0, int((x - 16) / scale) + left),
            y=max(0, int((y - 16) / scale) + top),
            w=max(1, int(np.ceil(w / scale))),
            h=max(1, int(np.ceil(h / scale))),
            first_frame=0,
            last_frame=0,
            words=words,
            confidence=confidence,
        )
        if _believable(box, scene, luma_at(picture, box)):
            found.append(box)
    return found


def read_lines(picture: Pixels, lines: Sequence[Text], *, seconds: float) -> list[Text]:
    """Return what Tesseract reads in crops of `lines`, all on one page; places are those of the lines."""
    luma = picture.max(axis=2)
    crops = []
    for line in lines:
        pad = max(2, line.h // 4)
        rows = slice(max(0, line.y - pad), line.y + line.h + pad)
        crops.append(luma[rows, max(0, line.x - pad) : line.x + line.w + pad])
    return _read_crops(crops, lines, seconds=seconds)


def glyph_lines(picture: Pixels, kept: Mask, echoes: Mask) -> list[Text]:
    """Return rows of glyph-like strokes, bright, dark or coloured, that nobody has read yet."""
    if picture.shape[0] < _SMALL_ROWS:
        size = (picture.shape[1] * 2, picture.shape[0] * 2)
        larger = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        kept, echoes = (np.kron(mask, np.ones((2, 2), np.bool_)) for mask in (kept, echoes))
        return [_halved(line) for line in _glyph_lines(larger, kept, echoes)]
    return _glyph_lines(picture, kept, echoes)


def _halved(line: Text) -> Text:
    return replace(line, x=line.x // 2, y=line.y // 2, w=line.w // 2 + 1, h=line.h // 2 + 1)


def _glyph_lines(picture: Pixels, kept: Mask, echoes: Mask) -> list[Text]:
    luma = picture.max(axis=2)
    chroma = luma - picture.min(axis=2)
    size = max(9, round(picture.shape[0] / 55) | 1)
    kernel = np.ones((size, size), np.uint8)
    lines: list[Text] = []
    for strokes in (
        cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, kernel),
        cv2.morphologyEx(chroma, cv2.MORPH_TOPHAT, kernel),
        cv2.morphologyEx(luma, cv2.MORPH_BLACKHAT, kernel),
    ):
        for line in _lines(np.asarray(strokes, dtype=np.uint8), kept, echoes):
            if not any(_inside(line, known) for known in lines):
                lines.append(line)
    return lines


def luma_at(picture: Pixels, box: Text) -> Grey:
    """Return the brightest channel in the rectangle of `box`."""
    return np.asarray(picture[box.y : box.y + box.h, box.x : box.x + box.w].max(axis=2), dtype=np.uint8)


def _lines(strokes: Grey, kept: Mask, echoes: Mask) -> list[Text]:
    noise = cv2.blur(strokes.astype(np.float32), (61, 61))
    threshold = np.where(echoes, np.maximum(_LEAST_CONTRAST + 14, 2.6 * noise), _LEAST_CONTRAST)
    ink = ((strokes > threshold) & kept).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tallest = max(12, strokes.shape[0] // 14)
    glyphs = [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h, area in stats[1:]
        if 5 <= h <= tallest and w <= 12 * h and w * h >= 12 and area >= 0.15 * w * h and area <= 0.95 * w * h + 8
    ]
    return [line for line in (_line(row, echoes) for row in _rows(glyphs)) if line is not None]


def _rows(glyphs: list[tuple[int, int, int, int]]) -> list[list[tuple[int, int, int, int]]]:
    """Chain glyphs that stand beside each other on one baseline and are about equally tall."""
    rows: list[list[tuple[int, int, int, int]]] = []
    for glyph in sorted(glyphs):
        x, y, _, h = glyph
        for row in rows:
            lx, ly, lw, lh = row[-1]
            level = abs((y + h) - (ly + lh)) <= 0.3 * max(h, lh) or abs(y - ly) <= 0.15 * max(h, lh)
            if level and max(h, lh) <= 1.8 * min(h, lh) and -0.5 * lh <= x - (lx + lw) <= 0.9 * max(h, lh):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return rows


def _line(row: list[tuple[int, int, int, int]], echoes: Mask) -> Text | None:
    x, y = min(g[0] for g in row), min(g[1] for g in row)
    right, bottom = max(g[0] + g[2] for g in row), max(g[1] + g[3] for g in row)
    tall = float(np.median([g[3] for g in row]))
    count = sum(max(1, round(g[2] / (0.75 * g[3]))) for g in row)
    speckled = bool(echoes[y:bottom, x:right].mean() > 0.3)
    needed = _GLYPHS_IN_ECHOES if speckled else 2
    if count < needed or right - x < 1.1 * tall:
        return None
    if speckled:
        level = float(np.std([g[1] + g[3] for g in row])) / tall
        alike = float(np.std([g[3] for g in row])) / tall
        if len(row) < needed or level > 0.12 or alike > 0.22 or tall < 7:
            return None
    return Text(x=x, y=y, w=right - x, h=bottom - y, first_frame=0, last_frame=0, glyphs=count)


def _strokes_page(luma: Grey) -> Grey:
    size = max(9, round(luma.shape[0] / 45) | 1)
    strokes = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8)).astype(np.float32)
    strokes = np.maximum(strokes - 2.0 * cv2.blur(strokes, (41, 41)), 0)
    return np.asarray(255 - np.clip(strokes * 2.0, 0, 255), dtype=np.uint8)


def _stretched(grey: Grey) -> Grey:
    low, high = int(grey.min()), int(grey.max())
    wide = (grey.astype(np.float32) - low) * (255.0 / max(1, high - low))
    # dark text on a light ground is turned round, so that every crop is light on dark
    return np.asarray(255 - wide if np.median(wide) > 128 else wide, dtype=np.uint8)


def _trusted(line: Text, words: Sequence[Text], read_apart: Sequence[Text], scene: Scene) -> bool:
    """Among echoes a short row of strokes is speckle unless somebody can read it."""
    if not speckled(line, scene) or line.glyphs >= _GLYPHS_ALONE:
        return True
    return any(line.overlaps(word) for word in words) or any(
        word.confidence >= _FAIR and is_letters(word, least=2) and word.overlaps(line) for word in read_apart
    )


def _drawn_out(picture: Pixels, word: Text, scene: Scene) -> Text:
    """Follow a word to both sides over strokes fainter than its own: what stands beside text is text."""
    reach, pad = 12 * word.h, max(2, word.h // 4)
    top, left = max(0, word.y - pad), max(0, word.x - reach)
    band = picture[top : word.y + word.h + pad, left : word.x + word.w + reach]
    inside = slice(word.x - left, word.x - left + word.w)
    size = max(5, word.h // 2 * 2 + 1)
    luma = band.max(axis=2)
    spread = (luma, luma - band.min(axis=2))
    found = [cv2.morphologyEx(plane, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8)) for plane in spread]
    strokes = max(found, key=lambda plane: float(np.percentile(plane[:, inside], 90)))
    threshold = max(_LEAST_CONTRAST, 0.5 * float(np.percentile(strokes[:, inside], 92)))
    ink = (strokes > threshold) & scene.kept[top : word.y + word.h + pad, left : word.x + word.w + reach]
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    letters = sorted(
        (int(x) + left, int(x + w) + left)
        for x, _, w, h, _ in stats[1:]
        if 0.35 * word.h <= h <= 1.6 * word.h and w <= 6 * word.h
    )
    first, last = word.x, word.x + word.w
    for start, end in letters:
        if end > last and start - last <= 1.1 * word.h:
            last = end
    for start, end in reversed(letters):
        if start < first and first - end <= 1.1 * word.h:
            first = start
    return replace(word, x=first, w=last - first, words="", confidence=0.0)


def speckled(text: Text, scene: Scene) -> bool:
    """Return whether `text` stands among echoes rather than on the dark of the screen."""
    return bool(scene.echoes[text.y : text.y + text.h, text.x : text.x + text.w].mean() > 0.3)


def _believable(box: Text, scene: Scene, luma: Grey) -> bool:
    letters = sum(letter.isalnum() for letter in box.words)
    kept = scene.kept[box.y : box.y + box.h, box.x : box.x + box.w]
    if letters == 0 or luma.size == 0 or not kept.any():
        return False
    contrast = int(np.percentile(luma, 97)) - int(np.percentile(luma, 10))
    if not speckled(box, scene):
        sane = box.h <= scene.kept.shape[0] / 14 or box.confidence >= _SURE
        return sane and contrast >= _LEAST_CONTRAST and (letters >= 2 or box.confidence >= 20)
    sane = 6 <= box.h <= scene.kept.shape[0] / 12 and 0.25 <= box.w / letters / box.h <= 1.4
    return sane and contrast >= 60 and letters >= 2 and box.confidence >= _SURE and _glyphs(luma) >= letters / 2


def _glyphs(luma: Grey) -> int:
    """Count the parts in a word's rectangle that are as tall as letters and thinner than blobs."""
    height, width = luma.shape
    size = max(5, height // 2 * 2 + 1)
    strokes = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8))
    ink = (strokes > max(40, int(strokes.max()) // 2)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return sum(
        max(1, round(int(w) / (0.8 * height)))
        for _, _, w, h, area in stats[1:]
        if h >= 0.4 * height and area <= 0.75 * w * h + 6 and w <= 0.95 * max(width, 2 * height)
    )


def _read_crops(crops: Sequence[Grey], lines: Sequence[Text], *, seconds: float) -> list[Text]:
    if not crops:
        return []
    gap = 24
    shown = []
    for crop, line in zip(crops, lines, strict=True):
        scale = 36 / max(8, line.h)
        size = (
            max(8, min(1600, round(crop.shape[1] * scale))),
            max(8, min(96, round(crop.shape[0] * scale))),
        )
        shown.append(_stretched(np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_CUBIC), np.uint8)))
    height = sum(part.shape[0] + gap for part in shown) + gap
    page = np.full((height, max(part.shape[1] for part in shown) + 2 * gap), 255, dtype=np.uint8)
    tops, y = [], gap
    for part in shown:
        page[y : y + part.shape[0], gap : gap + part.shape[1]] = 255 - part
        tops.append(y)
        y += part.shape[0] + gap
    found = []
    for _, top, _, tall, words, confidence in _tesseract(page, seconds=seconds):
        index = int(np.searchsorted(tops, top + tall // 2, side="right")) - 1
        if index >= 0 and any(letter.isalnum() for letter in words):
            found.append(replace(lines[index], words=words, confidence=confidence))
    return found


@dataclass(slots=True)
class _Track:
    """A glyph line followed from frame to frame, with a crop of where it was seen widest."""

    line: Text
    crop: Pixels

    @property
    def lasting(self) -> bool:
        return self.line.last_frame > self.line.first_frame or self.line.glyphs >= _GLYPHS_ALONE


def _follow(tracks: list[_Track], lines: Sequence[Text], frame: Pixels, *, index: int) -> None:
    for line in lines:
        here = replace(line, first_frame=index, last_frame=index)
        for track in tracks:
            recent = replace(track.line, last_frame=index)
            if index - track.line.last_frame <= _GAP and recent.overlaps(here):
                wider = here.w > track.line.w
                track.line = _hull([track.line, here])
                if wider:
                    track.crop = _crop(frame, track.line)
                break
        else:
            tracks.append(_Track(line=here, crop=_crop(frame, here)))


def _crop(frame: Pixels, line: Text) -> Pixels:
    return frame[line.y : line.y + line.h, line.x : line.x + line.w].copy()


def _read_tracks(tracks: Sequence[_Track], *, seconds: float) -> list[Text]:
    """Return each track as a line and the words read in it, each with the frames of its track."""
    lines = [track.line for track in tracks]
    words = _read_crops([track.crop.max(axis=2) for track in tracks], lines, seconds=seconds)
    return lines + words


def _explained(text: Text, known: Sequence[Text]) -> bool:
    """Return whether most of `text` lies in places that are known."""
    inside = np.zeros((text.h, text.w), dtype=np.bool_)
    for other in known:
        top, left = max(0, other.y - 3 - text.y), max(0, other.x - 3 - text.x)
        bottom, right = other.y + other.h + 3 - text.y, other.x + other.w + 3 - text.x
        if bottom > 0 and right > 0:
            inside[top:bottom, left:right] = True
    return bool(inside.mean() >= 0.7)


def _tesseract(page: Grey, *, seconds: float) -> list[tuple[int, int, int, int, str, float]]:
    try:
        data = pytesseract.image_to_data(page, config="--psm 11", timeout=seconds, output_type=pytesseract.Output.DICT)
    except pytesseract.TesseractNotFoundError as error:
        raise Held(HoldReason.OCR_MISSING) from error
    except (pytesseract.TesseractError, RuntimeError, OSError) as error:
        raise Held(HoldReason.OCR_FAILED) from error
    rows = zip(data["left"], data["top"], data["width"], data["height"], data["text"], data["conf"], strict=True)
    return [
        (int(x), int(y), int(w), int(h), str(text).strip(), float(confidence))
        for x, y, w, h, text, confidence in rows
        if str(text).strip()
    ]


def _inside(inner: Text, outer: Text) -> bool:
    return (
        inner.x >= outer.x - 2
        and inner.y >= outer.y - 2
        and inner.x + inner.w <= outer.x + outer.w + 2
        and inner.y + inner.h <= outer.y + outer.h + 2
    )


def _hull(texts: Sequence[Text]) -> Text:
    x, y = min(t.x for t in texts), min(t.y for t in texts)
    return Text(
        x=x,
        y=y,
        w=max(t.x + t.w for t in texts) - x,
        h=max(t.y + t.h for t in texts) - y,
        first_frame=min(t.first_frame for t in texts),
        last_frame=max(t.last_frame for t in texts),
        glyphs=max(t.glyphs for t in texts),
    )
