"""Has lines that were not surely read read by a second reader, and settles what stands there.

In grain the first reader is surely right in one line of thirty, so lines there are read by the second alone. What is
nearly a measurement the second reader is shown once more, in another width.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from deid.engine import line_reader, ocr, reading, senses, vocabulary
from deid.engine.ocr import Crop
from deid.engine.reading import Text
from deid.engine.senses import Sense
from deid.engine.vocabulary import Group

# round a line in grain there is so much of the light that is in it
_GRAINY = 0.3
# a line whose every word was read as surely as this needs no second reader
_SURE = 90.0
# a number with its unit is hardly anything else, nor is what stands in a line with one, where all is known
_SURE_VALUE = 80.0
_SURE_RESULT = 60.0
# a word that introduces an identifier, and the number of one, read as surely as that are covered whoever reads them
_SURE_LABEL, _SURE_RUN = 60.0, 75.0
# a word of three letters or more that two readers read the same is as sure in each as this at least, one of two as that
_AGREED, _AGREED_SHORT = 35.0, 20.0
_MOST = 97.0
_LONG = 3
# readings of one word share this part of the narrower one
_SAME = 0.5
# what only the other reader saw is as sure as this, which says nothing by itself but finds a name that is known
_HEARD = 5.0
_NAMES = 4
# dates and numbers of persons have so many digits, and no weight of which the unit was misread has as many as that
_RUN, _LONG_RUN = 5, 6
_TELL_NOTHING = (Sense.UNKNOWN, Sense.COUNT, Sense.DATE)
_TELL_PERSONS = (Sense.UNKNOWN, Sense.LABEL)
# a number with decimals, or two digits and what begins a unit
_MEASURED = re.compile(r"\d[.,]\d|\d\d[mcgbw]")
_NEVER_RESULT = frozenset({*_TELL_NOTHING, *_TELL_PERSONS, Sense.SEX})
# so many of a hundred more a reading counts of which every word is known
_KNOWN = 15.0


def read_each(crops: Sequence[Crop], *, seconds: float) -> list[list[Text]]:
    """Return the words read in each of `crops`, in source pixels and with the frames of their lines.

    Where two readers agree, a word is surer than in either reading. Labels, long numbers and long words that stand only
    in readings that were not chosen are returned as well, the words with next to no confidence.
    Raises Held(OCR_MISSING) without a reader, Held(OCR_FAILED) when one fails or they outlast `seconds`.
    """
    end = time.monotonic() + seconds
    readings: list[list[list[Text]]] = [[] for _ in crops]
    clear = [at for at, crop in enumerate(crops) if not _is_grainy(crop)]
    for at, words in zip(clear, ocr.read_each([crops[at] for at in clear], seconds=seconds), strict=True):
        readings[at].append(words)
    unsure = [at for at, found in enumerate(readings) if not any(map(_is_sure, found))]
    again = line_reader.read_each([crops[at] for at in unsure], seconds=end - time.monotonic())
    for at, words in zip(unsure, again, strict=True):
        readings[at].append(words)
    nearly = [at for at in unsure if any(map(_is_nearly_measured, settled(readings[at])))]
    again = line_reader.read_each([crops[at] for at in nearly], seconds=end - time.monotonic(), squeezed=False)
    for at, words in zip(nearly, again, strict=True):
        readings[at].append(words)
    return [settled(found) for found in readings]


def _is_nearly_measured(word: Text) -> bool:
    """Say whether an unknown word has a number with decimals or a unit in it: a letter of a result may be misread."""
    short = sum(sign.isdigit() for sign in word.words) <= _LONG_RUN
    return short and senses.of(word.words) is Sense.UNKNOWN and _MEASURED.search(word.words) is not None


def _is_grainy(crop: Crop) -> bool:
    """Say whether a line stands in grain: what is above and below it is lit too."""
    margin = max(1, crop.line.y - crop.y)
    light = crop.image.mean(axis=1)
    around = (light[:margin].mean() + light[-margin:].mean()) / 2
    return bool(light[margin:-margin].size and around > _GRAINY * light[margin:-margin].mean())


def settled(readings: Sequence[Sequence[Text]]) -> list[Text]:
    """Return the words of the surest of several readings of one line, the surer where others agree."""
    agreed = _all_agreed(readings)
    best = max(range(len(agreed)), key=lambda at: _worth(agreed[at]))
    rest = {word.words: word for at, words in enumerate(agreed) if at != best for word in words}
    others = (rest[said] for said in sorted(rest.keys() - {word.words for word in agreed[best]}))
    return [*agreed[best], *_heard(word for word in others if not _is_piece(word, agreed[best]))]


def _is_piece(word: Text, chosen: Sequence[Text]) -> bool:
    """Say whether a word is a part of a known one that was chosen and as surely read (PROF of PROFILE)."""
    return any(
        senses.bare(word.words) in senses.bare(other.words)
        and other.confidence >= max(_SURE, word.confidence)
        and senses.is_exact(other.words)
        and _meets(word, other)
        for other in chosen
    )


def _is_sure(words: Sequence[Text]) -> bool:
    """Say whether a line needs no second reader.

    Every word is surely read, and all are known or one is surely not; or the line tells of a person or a day anyhow.
    """
    if not words:
        return False
    if any(map(_is_personal, words)) and senses.of("".join(word.words for word in words)) in _TELL_PERSONS:
        return True
    least = _SURE_RESULT if _is_result(words) else _SURE
    if any(word.confidence < min(least, _least(word)) for word in words):
        return False
    unknown = [word for word in words if senses.of(word.words) is Sense.UNKNOWN]
    return not unknown or any(map(_is_stranger, unknown))


def _least(word: Text) -> float:
    return _SURE_VALUE if senses.of(word.words) in (Sense.VALUE, Sense.AGE) else _SURE


def _is_personal(word: Text) -> bool:
    """Say whether a word surely introduces an identifier, or is a date, a time or the number of one."""
    found = senses.of(word.words)
    if found is Sense.LABEL:
        return word.confidence >= _SURE_LABEL and reading.is_letters(word, least=_LONG)
    digits = sum(sign.isdigit() for sign in word.words)
    return found is Sense.UNKNOWN and digits >= _LONG_RUN and word.confidence >= _SURE_RUN


def _is_result(words: Sequence[Text]) -> bool:
    """Say whether a line holds something measured, with a unit or decimals, and nothing that is not known."""
    senses_of = [senses.of(word.words) for word in words]
    measured = any(
        found in (Sense.VALUE, Sense.AGE) or (found is Sense.NUMBER and reading.is_measure(word))
        for word, found in zip(words, senses_of, strict=True)
    )
    return measured and _NEVER_RESULT.isdisjoint(senses_of)


def _is_stranger(word: Text) -> bool:
    """Say whether an unknown word is long, and no kept word with a letter misread: it is covered whoever reads it."""
    said = senses.bare(word.words)
    return (
        len(said) >= _NAMES
        and said.isalpha()
        and not any(vocabulary.is_one_away(said, vocabulary.kept(group)) for group in Group)
    )


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
