"""Lines are read by two readers, and the surest reading counts, the surer where the other agrees."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import line_reader, ocr, rereading, text_detection
from deid.engine.ocr import Crop
from deid.engine.reading import Text

Said = tuple[str, float]


def reading_of(*words: Said) -> list[Text]:
    return [Text(40 * at, 10, 36, 12, 0, 0, words=said, confidence=sure) for at, (said, sure) in enumerate(words)]


@pytest.mark.parametrize(
    ("readings", "settled"),
    [
        ([[("HC", 95.0)]], [("HC", 95.0)]),
        ([[("RI", 50.0), ("0.65", 50.0)], [("RI", 50.0), ("0.65", 50.0)]], [("RI", 75.0), ("0.65", 75.0)]),
        ([[("STOMACH", 0.0)], [("STOMACH", 0.0)]], [("STOMACH", 57.75)]),
        ([[("HEAD", 96.0)], [("HEAD", 96.0)]], [("HEAD", 97.0)]),
        ([[("WW", 20.0)], [("PI", 80.0)]], [("PI", 80.0)]),
        ([[("Rome", 60.0)], [("HEAD", 50.0)]], [("HEAD", 50.0), ("Rome", 5.0)]),
        ([[("Okafor", 90.0)], [("femur", 20.0)]], [("Okafor", 90.0), ("femur", 5.0)]),
        ([[("19", 95.0), ("07", 95.0), ("2016", 95.0)], [("19.07.2016", 96.0)]], [("19.07.2016", 96.0), ("2016", 5.0)]),
        ([[("HC", 95.0), ("5.2", 95.0)], [("17032026", 40.0)]], [("HC", 95.0), ("5.2", 95.0), ("17032026", 40.0)]),
        ([[("HC", 95.0), ("5.2", 95.0)], [("Name:", 40.0)]], [("HC", 95.0), ("5.2", 95.0), ("Name:", 40.0)]),
        ([[("PROFILE", 99.0)], [("PROF", 60.0)]], [("PROFILE", 99.0)]),
        ([[("RT", 95.0), ("Okafor", 40.0)], [("PROF", 91.0)]], [("PROF", 91.0), ("Okafor", 5.0)]),
        ([[], []], []),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_surest_reading_counts(readings: Sequence[Sequence[Said]], settled: Sequence[Said]) -> None:
    found = rereading.settled([reading_of(*words) for words in readings])
    assert [word.words for word in found] == [said for said, _ in settled]
    assert [word.confidence for word in found] == pytest.approx([sure for _, sure in settled])


def test_readings_of_other_places_do_not_agree() -> None:
    first, second = reading_of(("HEAD", 40.0)), [Text(400, 10, 36, 12, 0, 0, words="HEAD", confidence=40.0)]
    assert [word.confidence for word in rereading.settled([first, second])] == [40.0]


def test_print_with_an_outline_is_read() -> None:
    page = Image.fromarray(np.random.default_rng(4).integers(80, 140, (60, 240, 3)).astype(np.uint8))
    pen = ImageDraw.Draw(page)
    pen.text(
        (30, 20), "AFI 13.0 cm", fill=(175, 175, 175), font=ImageFont.load_default(24), stroke_width=1, stroke_fill=0
    )
    line = Text(24, 20, 150, 26, 0, 0, glyphs=9)
    crop = text_detection.crop_of(line, np.asarray(page).copy())
    (found,) = rereading.read_each([crop], seconds=30)
    words = [word.words for word in found if word.confidence > 10.0]
    assert "".join(words) == "AFI13.0cm"


def test_the_second_reader_is_asked_only_where_the_first_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def second(crops: Sequence[Crop], *, seconds: float, squeezed: bool = True) -> list[list[Text]]:
        asked.append(len(crops))
        return [reading_of(("Kidney", seconds)) for _ in crops]

    surely = [
        reading_of(("HC", 95.0), ("26.47", 95.0)),
        reading_of(("17.8cm", 84.0)),
        reading_of(("Okafor", 99.0)),
        reading_of(("TAD", 74.0), ("5.98", 62.0), ("cm", 62.0)),
        reading_of(("Name:", 61.0), ("Okf", 5.0)),
        reading_of(("17.03.2026", 76.0), ("w", 0.0)),
    ]
    hardly = [
        reading_of(("HC", 84.0)),
        reading_of(("Okafor", 84.0)),
        reading_of(("Livar", 99.0)),
        reading_of(("W1l", 99.0)),
        reading_of(("TAD", 74.0), ("5.98", 58.0), ("cm", 62.0)),
        reading_of(("TAD", 74.0), ("5.98", 62.0), ("Ora", 62.0)),
        reading_of(("PROF", 91.0), ("ILE", 89.0)),
        reading_of(("EFW", 91.0), ("37619", 80.0)),
    ]
    first = [*surely, *hardly, []]
    monkeypatch.setattr(ocr, "read_each", lambda crops, *, seconds: first)
    monkeypatch.setattr(line_reader, "read_each", second)
    crops = [text_detection.crop_of(Text(4, 4, 40, 12, 0, 0), np.zeros((20, 60, 3), np.uint8))] * len(first)
    found = rereading.read_each(crops, seconds=80.0)
    assert asked == [len(hardly) + 1, 0]
    assert found[: len(surely)] == surely
    assert [word.words for word in found[-1]] == ["Kidney"]


def test_lines_in_grain_are_read_by_the_network_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    grain = np.random.default_rng(4).rayleigh(50.0, (40, 120, 3)).clip(0, 255).astype(np.uint8)
    ground = np.zeros_like(grain)
    for picture in (grain, ground):
        cv2.putText(picture, "HEAD", (20, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (160, 160, 160), 1)
    asked: list[str] = []

    def reader(name: str) -> Callable[..., list[list[Text]]]:
        def read(crops: Sequence[Crop], *, seconds: float, squeezed: bool = True) -> list[list[Text]]:
            asked.extend(name for _ in crops if seconds)
            return [reading_of(("HEAD", 95.0)) for _ in crops]

        return read

    monkeypatch.setattr(ocr, "read_each", reader("first"))
    monkeypatch.setattr(line_reader, "read_each", reader("second"))
    crops = [text_detection.crop_of(Text(18, 12, 70, 16, 0, 0), picture) for picture in (grain, ground)]
    assert rereading.read_each(crops, seconds=30.0) == [reading_of(("HEAD", 95.0))] * 2
    assert asked == ["first", "second"]


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("EL561cm36w2d", 1),
        ("63.18c/s", 1),
        ("12.03.1988", 0),
        ("Okafor", 0),
        ("25.58", 0),
        ("4711x", 0),
    ],
)
def test_what_is_nearly_a_measurement_is_shown_to_the_network_once_more(
    monkeypatch: pytest.MonkeyPatch, said: str, again: int
) -> None:
    asked: list[bool] = []

    def second(crops: Sequence[Crop], *, seconds: float, squeezed: bool = True) -> list[list[Text]]:
        asked.extend(squeezed for _ in crops)
        return [reading_of((said, 60.0 if squeezed else 95.0)) for _ in crops]

    monkeypatch.setattr(ocr, "read_each", lambda crops, *, seconds: [[] for _ in crops])
    monkeypatch.setattr(line_reader, "read_each", second)
    crop = text_detection.crop_of(Text(4, 4, 40, 12, 0, 0), np.zeros((20, 60, 3), np.uint8))
    (found,) = rereading.read_each([crop], seconds=30.0)
    assert asked == [True, *[False] * again]
    assert [word.words for word in found] == [said]
