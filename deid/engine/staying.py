"""Which of the words that were read may stay: each by itself, and beside what stands in its row."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from deid.engine import reading, senses, vocabulary
from deid.engine.policy import KeptText, Policy
from deid.engine.reading import Matches, Text
from deid.engine.senses import Sense
from deid.engine.vocabulary import Group

# words stand in one row across gaps of so many times their height
_ROW_GAP = 2.5
# identifiers printed in parts are sought in so many words side by side
_PARTS = 4
# what was read less surely says nothing about its neighbours
_SOME_CONFIDENCE = 30.0
# another reading of a place counts where it is surer by so much
_SURER = 15.0
# harmless words this near to an identifier, in heights, go with it
_NEAR = 1.2
# and this share of a place
_MOST = 0.6
# a line joins words into a row unless it is so much higher than they are
_TALLER = 2.6
# letters fit into no gap narrower than this many times the height of their line,
_SPACE = 1.1
# nor beside a word at the end of a line, whose ends are no nearer to its letters than this
_RIM = 0.7
# and hardly more than one into a gap of this many
_COLUMN = 3.5
_MARGIN = 1.2
_WEIGHED = 65.0
_UNITS_OF_WEIGHT = frozenset({"g", "gm", "gr", "gram", "grams", "ml", "cc"})
_UNITS = frozenset(
    {"mm", "cm", "g", "kg", "ml", "bpm", "%", "cm/s", "m/s", "hz", "khz", "mhz", "db", "ms", "cm2", "cm3"}
)
# what a reader makes of a unit; it counts only right behind a number with decimals, where it can be nothing else
_UNIT_READ = re.compile(
    r"c[a-z¢]{1,2}|[¢eo][mn]|crn|rn?m|m[nmr]|nn|nm|n[l1i!]|m[l1i!t]|[ceo][mn][/il1]?[s5]|[ceo]mis|b?p[mnr]|bpin|bprn|[bo8]pm",
    re.I,
)
_DECIMALS = re.compile(r"\d[.,]\d{1,3}$")
# indices of flow, whose I is often read as a 1 or an l
_INDEX_READ = re.compile(r"[PR][l1L|]")
_NUMBERS = frozenset({Sense.NUMBER, Sense.VALUE, Sense.AGE, Sense.COUNT})
# sides and structures that are drawn as two letters by themselves, which few persons have as initials
_LONE = frozenset({"lt", "rt", "re", "li", "lv", "rv", "ao", "ys", "gs", "cx", "nt", "4c"})
# an initial of a name
_INITIAL = re.compile(r"[^\W\d_]\.")
_CLEAR = 50.0
_WEIGHTS = frozenset({"efw", "efw1", "efw2", "efbw", "fw", "weight", "gewicht", "peso", "poids", "hadlock"})
# the g of a weight is often read as a 9
_WEIGHT_READ = re.compile(r"\d{3,4}[9q¢]|(?!19|20)[1-9]\d{3}")
# in a row of nothing but kept words, which then agree, the reader may be as unsure as this
_AGREED = 15.0
_TELLING = 3
# a word of one or two letters that stands alone is read as surely as this
_ALONE = 90.0
# and a word beside so many heights of print that nobody could read, some three letters, as surely as that
_REST = 1.6
_BESIDE = 85.0
_SIGN_WIDTH = 2.0
# a number stands after the name of what it measures by no more than so many heights
_AFTER = 1.8
# no letter is wider than so many times the height of its row
_WIDE = 1.25


@dataclass(frozen=True, slots=True)
class _Judge:
    policy: Policy
    matches: Matches

    def harmless(self, word: Text) -> bool:
        return reading.harmless(word, self.matches, self.policy)


def words_that_stay(lines: Sequence[Text], words: Sequence[Text], *, policy: Policy, matches: Matches) -> list[Text]:
    """Return the words that may stay in the picture; `lines` carry no words, and those without any were not read.

    A word stays where it is harmless and no identifier, also not with the words beside it. Nothing stays in a row
    with a word that introduces an identifier. Bare numbers and words of one or two letters stay only where everything
    that was read in their row is harmless, and no bare number beside what introduces a date.
    """
    if policy.text is KeptText.NOTHING:
        return []
    judge = _Judge(policy, matches)
    named = _named(words, matches)
    found: list[Text] = []
    for row in _rows(words, lines):
        found += _of_row(row, [line for line in lines if any(_in_row(line, word) for word in row)], named, judge)
    return [word for word in found if not any(_near(word, other) for other in named)]


def unexplained(line: Text, words: Iterable[Text], *, space: float = _SPACE, rim: float = _RIM) -> list[Text]:
    """Return the parts of `line`, left to right, that none of `words` explains.

    Gaps between two words up to `space` and ends up to `rim` times the line's height need no explanation.
    """
    left, parts, least = line.x, [], rim
    for word in sorted((word for word in words if word.overlaps(line)), key=lambda word: word.x):
        if min(word.y + word.h, line.y + line.h) - max(word.y, line.y) < 0.5 * min(line.h, word.h):
            continue
        if word.x - left > least * line.h:
            parts.append(replace(line, x=left, w=word.x - left))
        left, least = max(left, word.x + word.w), space
    if line.x + line.w - left > rim * line.h:
        parts.append(replace(line, x=left, w=line.x + line.w - left))
    return parts


def _of_row(row: Sequence[Text], lines: Sequence[Text], named: Collection[Text], judge: _Judge) -> list[Text]:
    if _introduces(row):
        return []
    able = [word for word in row if word not in named and (judge.harmless(word) or _is_weight(word, row))]
    able += [word for word in row if word not in able and word not in named and _is_misread(word, row, able)]
    able = [word for word in able if _fits(word, row)]
    able = [word for word in able if not any(_outdoes(other, word) for other in row if other not in able)]
    if _agrees(row, able, judge.policy):
        able += [word for word in row if word not in able and word not in named and _may_agree(word, judge.policy)]
    if any(unexplained(line, able, space=_COLUMN, rim=_REST) for line in lines):
        able = [word for word in able if word.confidence >= _BESIDE and _is_exact(word)]
    measured = {word for word in able if _has_unit(word, able) or _is_weight(word, row)}
    if not any(_is_stranger(word, able, least=_TELLING) for word in row):
        measured |= {word for word in able if _has_name(word, able, measured)}
    strangers = any(_is_stranger(word, able) for word in row) or _has_gaps(lines, row)
    dated = any(reading.has(word, Sense.DATE) for word in row)
    alone = len(able) == 1
    return [
        word
        for word in able
        if not (strangers and word not in measured and (reading.is_short(word) or reading.is_bare_number(word)))
        and not (reading.is_bare_number(word) and (dated or (alone and not reading.is_measure(word))))
        and not (alone and _is_lone_short(word))
        and not _is_sign_after_anatomy(word, row)
        and not (strangers and senses.is_name_too(word.words))
        and not (reading.has(word, Sense.SIGN) and (alone or word.w > _SIGN_WIDTH * max(other.h for other in row)))
    ]


def _is_misread(word: Text, row: Sequence[Text], able: Sequence[Text]) -> bool:
    """Say whether a word is a unit right behind a number with decimals, or a measurement's name right before one.

    A letter of each may have been misread; what stands so near to a measured value is nobody's name.
    """
    if word.confidence < _SOME_CONFIDENCE:
        return False
    for other in able:
        first, second = (other, word) if other.x < word.x else (word, other)
        gap = second.x - (first.x + first.w)
        if not -2 <= gap <= _AFTER * second.h:
            continue
        if first is other and _is_unit_of(word, other):
            return True
        if second is other and _is_name_read(word) and (_measures(other, able) or _is_weight(other, row)):
            return True
    return False


def _is_unit_of(word: Text, number: Text) -> bool:
    """Say whether a word may be a unit, a letter of it misread, and stands right behind a number with decimals."""
    gap = word.x - (number.x + number.w)
    behind = -2 <= gap <= word.h and _DECIMALS.search(number.words) is not None
    return behind and _UNIT_READ.fullmatch(senses.bare(word.words)) is not None


def _is_name_read(word: Text) -> bool:
    known = vocabulary.kept(Group.MEASUREMENTS)
    return _INDEX_READ.fullmatch(word.words) is not None or vocabulary.is_one_away(senses.bare(word.words), known)


def _measures(number: Text, able: Sequence[Text]) -> bool:
    return reading.has(number, Sense.NUMBER) and (reading.is_measure(number) or _has_unit(number, able))


def _is_exact(word: Text) -> bool:
    """Say whether a word is a number, or stands in the list of kept words as it was read."""
    return all(senses.of(part) in _NUMBERS or senses.is_exact(part) for part in word.words.split())


def _is_lone_short(word: Text) -> bool:
    """Say whether a word has one or two letters, and is not surely a side or the name of a structure."""
    short = reading.is_short(word) and not reading.is_bare_number(word)
    return short and not (word.confidence >= _ALONE and senses.bare(word.words) in _LONE)


def _is_sign_after_anatomy(word: Text, row: Sequence[Text]) -> bool:
    """Say whether one sign ends a row behind a word of anatomy: a name of one Korean or Chinese sign is read so."""
    others = [other for other in row if other is not word and not _hides(word, other)]
    last = max(others, key=lambda other: other.x, default=None)
    one = reading.is_letters(word) and not reading.is_letters(word, least=2)
    return one and last is not None and last.x < word.x and reading.has(last, Sense.ANATOMY)


def _fits(word: Text, row: Sequence[Text]) -> bool:
    """Say whether the place of a word is not wider than its letters: in other scripts a reader sees few for many."""
    tallest = max(other.h for other in row)
    return word.w <= tallest * (_WIDE * len(word.words) + 0.5)


def _agrees(row: Sequence[Text], able: Sequence[Text], policy: Policy) -> bool:
    """Say whether a row holds nothing but what may stay, and something in it was surely read."""
    rest = (word for word in row if word not in able and reading.is_letters(word) and word.confidence >= _AGREED)
    telling = any(not reading.is_bare_number(word) and reading.is_letters(word, least=_TELLING) for word in able)
    sure = telling or len([word for word in able if reading.is_letters(word)]) > 1 or _is_result(row, policy)
    return sure and all(_may_agree(word, policy) or any(_hides(stay, word) for stay in able) for word in rest)


def _is_result(row: Sequence[Text], policy: Policy) -> bool:
    """Say whether a row is the name of a measurement, as listed, and a number with decimals that is no date."""
    read = [word for word in row if _may_agree(word, policy)]
    named = any(senses.is_exact(word.words) and senses.of(word.words) is Sense.MEASUREMENT for word in read)
    sure = all(word.confidence >= _SOME_CONFIDENCE for word in read)
    return sure and named and any(reading.is_measure(word) and reading.has(word, Sense.NUMBER) for word in read)


def _may_agree(word: Text, policy: Policy) -> bool:
    return word.confidence >= _AGREED and all(reading.may_stay(part, policy) for part in word.words.split())


def _introduces(row: Sequence[Text]) -> bool:
    """Say whether a row has an initial or a label of an identifier; DR and MD beside a number are none."""
    if any(_INITIAL.fullmatch(word.words) and word.confidence >= _CLEAR for word in row):
        return len(row) > 1
    labels = [word for word in row if reading.is_label(word) and word.confidence >= _SOME_CONFIDENCE]
    labels = [word for word in labels if not any(_is_unit_of(word, other) for other in row)]
    return any(reading.has(word, Sense.LABEL) or not any(_counts(word, other) for other in row) for word in labels)


def _counts(word: Text, other: Text) -> bool:
    return other is not word and any(reading.has(other, found) for found in (Sense.NUMBER, Sense.VALUE))


def _has_unit(word: Text, able: Sequence[Text]) -> bool:
    """Say whether a word is a number with its unit beside it, or that unit."""
    number, unit = reading.has(word, Sense.NUMBER), senses.bare(word.words) in _UNITS
    for other in able if number or unit else ():
        first, second = (word, other) if number else (other, word)
        gap = second.x - (first.x + first.w)
        if reading.has(first, Sense.NUMBER) and senses.bare(second.words) in _UNITS and -2 <= gap <= second.h:
            return True
    return False


def _has_name(word: Text, able: Sequence[Text], measured: Collection[Text]) -> bool:
    """Say whether a word is the listed name of a measurement right before its number, or that number.

    The number has its unit beside it, or decimals that are no day and month.
    """
    number = reading.has(word, Sense.NUMBER)
    for other in able:
        first, second = (other, word) if number else (word, other)
        gap = second.x - (first.x + first.w)
        tells = second in measured or (reading.has(second, Sense.NUMBER) and reading.is_measure(second))
        if tells and _is_name(first) and reading.has(second, Sense.NUMBER) and -2 <= gap <= _AFTER * second.h:
            return True
    return False


def _is_name(word: Text) -> bool:
    exact = senses.is_exact(word.words) and senses.of(word.words) is Sense.MEASUREMENT
    return exact or _INDEX_READ.fullmatch(word.words) is not None


def _is_weight(word: Text, row: Sequence[Text]) -> bool:
    """Say whether a number of four digits is followed by a unit, or introduced as a weight, which some signs betray."""
    if word.confidence < _WEIGHED:
        return False
    middle = word.x + word.w // 2
    before = max((other for other in row if other.x + other.w <= middle), key=lambda other: other.x, default=None)
    after = min((other for other in row if other.x >= middle), key=lambda other: other.x, default=None)
    if reading.has(word, Sense.COUNT) and after and senses.bare(after.words) in _UNITS_OF_WEIGHT:
        return True
    weighed = before is not None and not _WEIGHTS.isdisjoint(senses.bare(before.words).replace("(", " ").split())
    return weighed and _WEIGHT_READ.fullmatch(word.words) is not None


def _outdoes(other: Text, word: Text) -> bool:
    """Say whether another reading of the place of `word` is so much surer that the place is not harmless."""
    return other.confidence >= word.confidence + _SURER and reading.is_letters(other, least=2) and _hides(other, word)


def _is_stranger(word: Text, able: Sequence[Text], *, least: int = 2) -> bool:
    said = word.confidence >= _SOME_CONFIDENCE and reading.is_letters(word, least=least)
    return said and not any(_hides(stay, word) for stay in able)


def _has_gaps(lines: Sequence[Text], row: Sequence[Text]) -> bool:
    """Say whether the lines of a row are longer than what was read in them."""
    read = [word for word in row if word.confidence >= _AGREED]
    return any(unexplained(line, read, space=_COLUMN, rim=_MARGIN) for line in lines)


def _named(words: Sequence[Text], matches: Matches) -> frozenset[Text]:
    """Return the words that identify somebody, alone or with the next in their row."""
    found = {word for word in words if matches(word.words)}
    for start in words:
        for chain in _chains((start,), words):
            if found.isdisjoint(chain) and matches(" ".join(word.words for word in chain)):
                found.update(chain)
    return frozenset(found)


def _chains(chain: tuple[Text, ...], words: Sequence[Text]) -> Iterator[tuple[Text, ...]]:
    """Return `chain` with one to three more words to its right, in every reading of them."""
    last = chain[-1]
    after = [word for word in words if word.x >= last.x + 0.6 * last.w and _in_row(last, word)]
    first = min((word.x + word.w // 2 for word in after), default=0)
    for following in (word for word in after if word.x <= first):
        longer = (*chain, following)
        yield longer
        if len(longer) < _PARTS:
            yield from _chains(longer, words)


def _rows(words: Sequence[Text], lines: Sequence[Text]) -> list[list[Text]]:
    """Return the words of each row, that is of each group of words beside each other or in one line."""
    rows: list[list[Text]] = []
    for word in (*lines, *words):
        beside = [row for row in rows if any(_in_row(word, other) and _joins(word, other) for other in row)]
        rows = [row for row in rows if row not in beside]
        rows.append([word, *(other for row in beside for other in row)])
    return [[text for text in row if text.words] for row in rows]


def _joins(one: Text, two: Text) -> bool:
    """Say whether both are words, or of about one height: a line as high as two rows joins none."""
    return bool(one.words and two.words) or max(one.h, two.h) <= _TALLER * min(one.h, two.h)


def _in_row(one: Text, two: Text) -> bool:
    shared = min(one.y + one.h, two.y + two.h) - max(one.y, two.y)
    gap = max(one.x, two.x) - min(one.x + one.w, two.x + two.w)
    together = one.first_frame <= two.last_frame and two.first_frame <= one.last_frame
    return together and shared >= 0.5 * min(one.h, two.h) and gap <= _ROW_GAP * max(one.h, two.h)


def _hides(one: Text, two: Text) -> bool:
    """Say whether `one` covers most of `two`."""
    width = min(one.x + one.w, two.x + two.w) - max(one.x, two.x)
    height = min(one.y + one.h, two.y + two.h) - max(one.y, two.y)
    return width > 0 and height > 0 and width * height >= _MOST * two.w * two.h


def _near(word: Text, other: Text) -> bool:
    """Say whether a word stands beside an identifier, or reaches into its place."""
    beside = _in_row(word, other) and other.overlaps(word, slack=round(_NEAR * word.h))
    return beside or other.overlaps(word)
