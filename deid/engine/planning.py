"""What is covered and what stays: the area's outside, and inside it every text that is not surely harmless."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from deid.engine.errors import HoldReason
from deid.engine.findings import Flag
from deid.engine.geometry import Box, Why
from deid.engine.policy import Policy
from deid.engine.reading import Matches, Text, flags_of, is_letters
from deid.engine.staying import unexplained, words_that_stay

Mask = npt.NDArray[np.bool_]

_BANDS = 8
_SOME_CONFIDENCE = 30.0
# a cover's margin may reach into so much of a word that stays
_HARDLY = 0.2
_REACH = 0.25
# no letter and its gap are wider than so many heights of the line
_LETTER = 1.2
# so much of a word that stays lies in the area
_WHOLE = 0.95
# a line so many times as tall as its words holds no other row
_ONE_ROW = 2.2
_PAGE_TEXTS = 25
_PAGE_ECHOES = 0.05
_PAGE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Plan:
    """`kept` (rows, columns) is False where everything is filled; `covers` are filled inside it, in their frames;
    `staying` are the words and lines that may be read there, `flags` what the words that were read say of the picture.
    """

    kept: Mask
    covers: tuple[Box, ...]
    frames: int
    staying: tuple[Text, ...] = ()
    flags: frozenset[Flag] = frozenset()

    def boxes(self) -> tuple[Box, ...]:
        """Return the boxes of the report: a few rectangles for the outside, then the covers."""
        return (*_outside(self.kept, self.frames), *self.covers)

    def with_covers(self, covers: Iterable[Box]) -> "Plan":
        """Return the plan with more covers."""
        return replace(self, covers=(*self.covers, *covers))


def make(kept: Mask, texts: Sequence[Text], *, frames: int, policy: Policy, matches: Matches) -> Plan:
    """Return the plan for one instance; `texts` are lines without words and words, in source pixels.

    Words across the edge of `kept` are covered, so that no half of one is left standing.
    """
    shape = (int(kept.shape[0]), int(kept.shape[1]))
    lines, words = [text for text in texts if not text.words], [text for text in texts if text.words]
    staying = words_that_stay(lines, words, policy=policy, matches=matches)
    staying = [word for word in staying if _lies_in(word, kept)]
    cut = [line for line in lines if _cuts_a_letter(line, staying)]
    staying = [word for word in staying if not any(_covers_most(line, word) for line in cut)]
    covers = []
    for word in words:
        if not any(_covers_most(stay, word) for stay in staying) and _weighs(word, matches):
            covers.append(cover(word, shape, why=_why(word, matches)))
    for line in lines:
        read = [word for word in words if word.overlaps(line)]
        why = max((_why(word, matches) for word in read), default=Why.UNKNOWN_TEXT, key=_weight)
        covers += [_beside(cover(part, shape, why=why), part, staying) for part in unexplained(line, staying)]
    covers += _halves(staying, covers, shape)
    covers = _joined([box for box in covers if _touches(box, kept)])
    lifted = [box for box in (_clipped(box, shape, frames) for box in policy.lifted) if box]
    covers = [box for box in covers if not _is_lifted(box, lifted)]
    extra = [box for box in (_clipped(box, shape, frames) for box in policy.extra_boxes) if box]
    covers += [box for box in extra if _touches(box, kept)]
    places = (*_places(staying, lines), *map(_place, lifted))
    return Plan(kept=kept, covers=tuple(covers), frames=frames, staying=places, flags=flags_of(words))


def _places(staying: Sequence[Text], lines: Sequence[Text]) -> list[Text]:
    """Return where words stay: whole lines of which every part is explained, and words of other lines."""
    rows: list[Text] = []
    for line in lines:
        inside = sorted((word for word in staying if _covers_most(line, word)), key=lambda word: word.x)
        tallest = max((word.h for word in inside), default=0)
        if line.h <= _ONE_ROW * tallest and not unexplained(line, staying):
            said = " ".join(word.words for word in inside)
            rows.append(replace(line, words=said, confidence=min(word.confidence for word in inside)))
    return [*rows, *(word for word in staying if not any(_covers_most(row, word) for row in rows))]


def _lies_in(word: Text, kept: Mask) -> bool:
    """Say whether a word stands in the kept pixels as a whole."""
    return bool(kept[word.y : word.y + word.h, word.x : word.x + word.w].mean() > _WHOLE)


def _cuts_a_letter(line: Text, staying: Sequence[Text]) -> bool:
    """Say whether all of a line but a letter beside a digit is explained: a number without a digit would be false."""
    inside = [word for word in staying if _covers_most(line, word)]
    narrow = [part for part in unexplained(line, inside) if part.w < _LETTER * line.h]
    return any(_goes_on_from_digit(part, word) for part in narrow for word in inside)


def _goes_on_from_digit(part: Text, word: Text) -> bool:
    """Say whether a digit stands at the end of `word` that touches `part`, or would stand there if it were read."""
    before = abs(part.x + part.w - word.x) <= 1 and not word.words[:1].isalpha()
    after = abs(word.x + word.w - part.x) <= 1 and any(sign.isdigit() for sign in word.words[-2:])
    return before or after


def _halves(staying: Sequence[Text], covers: Sequence[Box], shape: tuple[int, int]) -> list[Box]:
    """Return covers for the staying words of which other covers hide a part: no half of a letter is left standing.

    A word may reach a little higher and lower than where it was read.
    """
    found: list[Box] = []
    for word in staying:
        for box in (box for box in covers if box.first_frame <= word.last_frame and word.first_frame <= box.last_frame):
            width = min(box.x + box.w, word.x + word.w) - max(box.x, word.x)
            reach = _REACH * word.h
            height = min(box.y + box.h, word.y + word.h + reach) - max(box.y, word.y - reach)
            if width > 0 and height > 0 and width * height > _HARDLY * word.w * word.h:
                found.append(cover(word, shape, why=Why.UNKNOWN_TEXT))
                break
    return found


def _weighs(word: Text, matches: Matches) -> bool:
    """What a reader guesses without confidence is covered with its line, or where it tells of a person."""
    return word.confidence >= _SOME_CONFIDENCE or matches(word.words)


def cover(text: Text, shape: tuple[int, int], *, why: Why) -> Box:
    """Return the box that covers `text` with a margin for soft edges, clipped to (rows, columns)."""
    pad = max(2, round(0.12 * text.h))
    x, y = max(0, text.x - pad), max(0, text.y - pad)
    right, bottom = min(shape[1], text.x + text.w + pad), min(shape[0], text.y + text.h + pad)
    return Box(
        x=x,
        y=y,
        w=max(1, right - x),
        h=max(1, bottom - y),
        first_frame=text.first_frame,
        last_frame=text.last_frame,
        why=why,
    )


def page_of_text(texts: Sequence[Text], echoes: Mask, *, covers: Sequence[Box] = ()) -> HoldReason | None:
    """Return REPORT_PAGE where the screen is mostly text and shows little or no ultrasound.

    What lies under a reviewer's own `covers` does not count: nobody will see it.
    """
    seen = [text for text in texts if not any(_under(text, box) for box in covers)]
    words = [text for text in seen if is_letters(text, least=2) and text.confidence >= 50]
    lines = [text for text in seen if not text.words]
    page = any(_is_page(group, echoes) for group in (words, lines))
    return HoldReason.REPORT_PAGE if page else None


def _is_page(texts: Sequence[Text], echoes: Mask) -> bool:
    """Say whether so many words, or lines that may be unread, stand on a screen with few echoes or fill it."""
    crowded = len(texts) >= _PAGE_TEXTS and float(echoes.mean()) < _PAGE_ECHOES
    share = sum(text.w * text.h for text in texts) / echoes.size
    return crowded or (len(texts) >= _PAGE_TEXTS // 2 and share > _PAGE_SHARE)


def _under(text: Text, box: Box) -> bool:
    """Say whether a box hides a text wholly, wherever it lives."""
    across = box.x <= text.x and text.x + text.w <= box.x + box.w
    down = box.y <= text.y and text.y + text.h <= box.y + box.h
    return across and down and box.first_frame <= text.first_frame and text.last_frame <= box.last_frame


def _why(text: Text, matches: Matches) -> Why:
    return Why.IDENTIFIER if text.words and matches(text.words) else Why.UNKNOWN_TEXT


def _weight(why: Why) -> int:
    return 1 if why is Why.IDENTIFIER else 0


def _covers_most(stay: Text, text: Text) -> bool:
    width = min(stay.x + stay.w, text.x + text.w) - max(stay.x, text.x)
    height = min(stay.y + stay.h, text.y + text.h) - max(stay.y, text.y)
    return width > 0 and height > 0 and width * height >= 0.6 * text.w * text.h


def _beside(box: Box, part: Text, staying: Sequence[Text]) -> Box:
    """Return the cover of a part of a line without the margin that would reach into the staying words beside it."""
    left, right = box.x, box.x + box.w
    for word in staying:
        if word.y < box.y + box.h and box.y < word.y + word.h:
            left = max(left, word.x + word.w) if word.x + word.w <= part.x + 1 else left
            right = min(right, word.x) if word.x >= part.x + part.w - 1 else right
    return replace(box, x=left, w=max(1, right - left))


def _clipped(box: Box, shape: tuple[int, int], frames: int) -> Box | None:
    right, bottom = min(shape[1], box.x + box.w), min(shape[0], box.y + box.h)
    if right <= box.x or bottom <= box.y or box.first_frame >= frames:
        return None
    last = min(box.last_frame, frames - 1)
    why = box.why if box.why is Why.DEVICE else Why.MANUAL
    return Box(box.x, box.y, right - box.x, bottom - box.y, box.first_frame, last, why)


def _is_lifted(box: Box, lifted: Sequence[Box]) -> bool:
    """Say whether a cover of unknown text lies wholly in a place that a reviewer opened; no other cover goes."""
    return box.why is Why.UNKNOWN_TEXT and any(
        place.x <= box.x
        and place.y <= box.y
        and box.x + box.w <= place.x + place.w
        and box.y + box.h <= place.y + place.h
        and place.first_frame <= box.first_frame
        and box.last_frame <= place.last_frame
        for place in lifted
    )


def _place(box: Box) -> Text:
    """Return an opened place as text that stays, so that the second look reads it and compares it."""
    return Text(box.x, box.y, box.w, box.h, box.first_frame, box.last_frame)


def _touches(box: Box, kept: Mask) -> bool:
    return bool(kept[box.y : box.y + box.h, box.x : box.x + box.w].any())


def _joined(boxes: list[Box]) -> list[Box]:
    """Join boxes of the same frames whose hull is hardly larger than they are."""
    done: list[Box] = []
    pending = list(boxes)
    while pending:
        current = pending.pop(0)
        for other in done:
            hull = _hull(current, other)
            if hull is not None:
                done.remove(other)
                pending.insert(0, hull)
                break
        else:
            done.append(current)
    return done


def _hull(one: Box, two: Box) -> Box | None:
    if (one.first_frame, one.last_frame) != (two.first_frame, two.last_frame):
        return None
    x, y = min(one.x, two.x), min(one.y, two.y)
    w, h = max(one.x + one.w, two.x + two.w) - x, max(one.y + one.h, two.y + two.h) - y
    shared = max(0, min(one.x + one.w, two.x + two.w) - max(one.x, two.x)) * max(
        0, min(one.y + one.h, two.y + two.h) - max(one.y, two.y)
    )
    if shared == 0 or w * h > 1.15 * (one.w * one.h + two.w * two.h - shared):
        return None
    return Box(x, y, w, h, one.first_frame, one.last_frame, max(one.why, two.why, key=_weight))


def _outside(kept: Mask, frames: int) -> list[Box]:
    """Return rectangles that hold nothing kept: above, below, and beside the area in a few bands."""
    rows, columns = kept.shape
    lines = np.flatnonzero(kept.any(axis=1))
    if lines.size == 0:
        return [Box(0, 0, columns, rows, 0, frames - 1, Why.OUTSIDE)]
    top, bottom = int(lines[0]), int(lines[-1]) + 1
    spans = [(0, 0, columns, top), (0, bottom, columns, rows - bottom)]
    edges = np.linspace(top, bottom, (1 if _upright(kept[top:bottom]) else _BANDS) + 1).astype(int)
    for first, last in pairwise(edges):
        inside = np.flatnonzero(kept[first:last].any(axis=0))
        if inside.size:
            spans.append((0, int(first), int(inside[0]), int(last - first)))
            right = int(inside[-1]) + 1
            spans.append((right, int(first), columns - right, int(last - first)))
    return [Box(x, y, w, h, 0, frames - 1, Why.OUTSIDE) for x, y, w, h in spans if w > 0 and h > 0]


def _upright(kept: Mask) -> bool:
    return bool((kept == kept[0]).all())
