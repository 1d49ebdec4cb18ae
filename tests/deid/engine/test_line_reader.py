"""The second reader reads faint print, says how sure it is of each word, and holds what it cannot read."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.engine import line_reader, text_detection
from deid.engine.errors import Held, HoldReason
from deid.engine.ocr import Crop
from deid.engine.reading import Text

WQY = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"


def crop(words: str, *, ink: int = 250, ground: tuple[int, int] = (20, 60), font: str | None = None) -> Crop:
    noise = np.random.default_rng(5).integers(*ground, (60, 300, 3)).astype(np.uint8)
    page = Image.fromarray(noise)
    face = ImageFont.truetype(font, 16) if font else ImageFont.load_default(16)
    ImageDraw.Draw(page).text((40, 20), words, fill=(ink, ink, ink), font=face)
    left, top, right, bottom = (int(edge) for edge in ImageDraw.Draw(page).textbbox((40, 20), words, font=face))
    line = Text(left - 2, top - 2, right - left + 4, bottom - top + 4, 2, 5)
    return text_detection.crop_of(line, np.asarray(page).copy())


def read(*crops: Crop) -> list[list[Text]]:
    return line_reader.read_each(crops, seconds=30.0)


def test_words_stand_where_they_are_printed_with_the_frames_of_their_line() -> None:
    cut = crop("BPD 4.12 cm")
    (words,) = read(cut)
    assert [word.words for word in words] == ["BPD", "4.12", "cm"]
    assert all(word.confidence > 90.0 for word in words)
    assert {(word.first_frame, word.last_frame) for word in words} == {(2, 5)}
    assert abs(words[0].x - 40) <= 6
    assert abs(words[-1].x + words[-1].w - (cut.line.x + cut.line.w)) <= 10
    assert all(cut.line.y <= word.y and 8 <= word.h <= 18 for word in words)


def test_print_that_is_hardly_brighter_than_its_ground_is_read() -> None:
    (words,) = read(crop("Placenta 12.4 mm", ink=150, ground=(30, 120)))
    assert [word.words for word in words] == ["Placenta", "12.4", "mm"]


def test_each_line_is_read_by_itself() -> None:
    assert [[word.words for word in words] for words in read(crop("RT KIDNEY"), crop("OKAFOR"))] == [
        ["RT", "KIDNEY"],
        ["OKAFOR"],
    ]
    assert read() == []


def test_a_line_without_colour_is_not_read_and_grain_alone_says_nothing() -> None:
    bare = Crop(line=Text(0, 0, 20, 12, 0, 0), image=np.zeros((20, 40), np.uint8), x=0, y=0)
    assert read(bare) == [[]]
    (words,) = read(crop(" "))
    assert all(word.confidence < 90.0 for word in words)


def test_letters_of_other_scripts_are_none_of_ours() -> None:
    (words,) = read(crop("\u738b\u5c0f\u82b3", font=WQY))
    assert not any(sign.isascii() and sign.isalnum() for word in words for sign in word.words)


def test_a_line_that_is_wider_than_the_network_reads_is_read_narrower() -> None:
    wide: npt.NDArray[np.uint8] = np.zeros((8, 900, 3), np.uint8)
    assert read(Crop(line=Text(0, 0, 900, 8, 0, 0), image=wide[..., 0], x=0, y=0, window=wide)) == [[]]


@pytest.mark.requirement("R36")
def test_a_reader_without_time_holds() -> None:
    with pytest.raises(Held) as held:
        line_reader.read_each([crop("SMITH")], seconds=-1.0)
    assert held.value.reason is HoldReason.OCR_FAILED


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    ("name", "value"),
    [("_PACKAGE", "no_such_package"), ("_WEIGHTS", "missing.onnx"), ("_DIGEST", "00"), ("_WEIGHTS", "config.yaml")],
    ids=["no package", "no file", "other weights", "no network"],
)
def test_without_usable_weights_everything_is_held(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_reader, name, value)
    line_reader._reader.cache_clear()
    with pytest.raises(Held) as held:
        read(crop("SMITH"))
    assert held.value.reason is HoldReason.OCR_MISSING
    line_reader._reader.cache_clear()
