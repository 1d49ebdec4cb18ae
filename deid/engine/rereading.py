"""Reads lines again that were not surely read, in other views of them, and settles what stands there."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from deid.engine import contrast, ocr, reading, senses
from deid.engine.ocr import Crop, Grey, Pixels
from deid.engine.reading import Text
from deid.engine.senses import Sense

# a line whose every word was read as surely as this is not read again
_SURE = 90.0
# a third time a line is read with hardly softened strokes
_SHARP = 0.5
# a word of three letters or more that two views show the same is as sure in each as this at least, one of two as that
_AGREED, _AGREED_SHORT = 35.0, 20.0
_MOST = 97.0
_LONG = 3
# readings of one word share this part of the narrower one
_SAME = 0.5
# what only another view showed is as sure as this, which says nothing by itself but finds a name that is known
_HEARD = 5.0
_NAMES = 4
# dates and numbers of persons have so many digits
_RUN = 5
_TELL_NOTHING = (Sense.UNKNOWN, Sense.COUNT, Sense.DATE)
# so many of a hundred more a reading counts of which every word is known
_KNOWN = 15.0


def read(crops: Sequence[Crop], *, seconds: float) -> list[Text]:
    """Return the words read in `crops`, in source pixels and with the frames of their lines.

    Where two views of a line agree, a word is surer than in either. Labels, long numbers and long words that stand only
    in readings that were not chosen are returned as well, the words with next to no confidence.
    Raises Held(OCR_MISSING) without Tesseract, Held(OCR_FAILED) when it fails or outlasts `seconds`.
    """
    end = time.monotonic() + seconds
    readings = [[words] for words in ocr.read_each(crops, seconds=seconds)]
    for view, soft in ((contrast.in_one_colour, ocr.SOFT), (contrast.thin_strokes, ocr.SOFT), (None, _SHARP)):
        unsure = [at for at, found in enumerate(readings) if not _is_sure(found)]
        again = [_seen(crops[at], view) for at in unsure]
        for at, words in zip(unsure, ocr.read_each(again, seconds=end - time.monotonic(), soft=soft), strict=True):
            readings[at].append(words)
    return [word for found in readings for word in settled(found)]


def settled(readings: Sequence[Sequence[Text]]) -> list[Text]:
    """Return the words of the surest of several readings of one line, the surer where others agree."""
    agreed = _all_agreed(readings)
    best = max(range(len(agreed)), key=lambda at: _worth(agreed[at]))
    rest = {word.words: word for at, words in enumerate(agreed) if at != best for word in words}
    return [*agreed[best], *_heard(rest[said] for said in sorted(rest.keys() - {word.words for word in agreed[best]}))]


def _is_sure(readings: Sequence[Sequence[Text]]) -> bool:
    """Say whether a line needs no other view: every word is known and surely read, or two readings say the same."""
    if len(readings) > 1:
        return any(words and all(word.confidence >= _MOST for word in words) for words in _all_agreed(readings))
    return bool(readings[0]) and all(
        word.confidence >= _SURE and senses.of(word.words) is not Sense.UNKNOWN for word in readings[0]
    )


def _seen(crop: Crop, view: Callable[[Pixels, int], Grey] | None) -> Crop:
    return crop if view is None or crop.window is None else replace(crop, image=view(crop.window, crop.line.h))


def _all_agreed(readings: Sequence[Sequence[Text]]) -> list[list[Text]]:
    return [[_agreed(word, readings[:at], readings[at + 1 :]) for word in words] for at, words in enumerate(readings)]


def _agreed(word: Text, *others: Sequence[Sequence[Text]]) -> Text:
    """Return `word` as sure as all readings that say the same there make it, taken as independent."""
    same = [other for words in chain(*others) for other in words if other.words == word.words and _meets(word, other)]
    if not same:
        return word
    least = _AGREED if reading.is_letters(word, least=_LONG) else _AGREED_SHORT
    doubt = 1.0
    for said in (word, *same):
        doubt *= 1.0 - max(least, said.confidence) / 100.0
    return replace(word, confidence=max(word.confidence, min(_MOST, 100.0 * (1.0 - doubt))))


def _meets(one: Text, two: Text) -> bool:
    return min(one.x + one.w, two.x + two.w) - max(one.x, two.x) >= _SAME * min(one.w, two.w)


def _worth(words: Sequence[Text]) -> float:
    """Return how sure a reading is: the mean over its letters, and more where every word is known."""
    letters = [sum(sign.isalnum() for sign in word.words) for word in words]
    if not sum(letters):
        return 0.0
    mean = sum(word.confidence * count for word, count in zip(words, letters, strict=True)) / sum(letters)
    known = not any(reading.has(word, found) for word in words for found in _TELL_NOTHING)
    return mean + (_KNOWN if known and not all(reading.is_bare_number(word) for word in words) else 0.0)


def _heard(words: Iterable[Text]) -> Iterator[Text]:
    for word in words:
        digits = sum(sign.isdigit() for sign in word.words)
        if digits >= _RUN or (reading.is_label(word) and reading.is_letters(word, least=_LONG)):
            yield word
        elif reading.is_letters(word, least=_NAMES):
            yield replace(word, confidence=min(word.confidence, _HEARD))
