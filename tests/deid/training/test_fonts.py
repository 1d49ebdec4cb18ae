"""Faces: their split, their sizes and the letters they have."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from deid.training import fonts
from deid.training.fonts import BITMAPS, FACES, OUTLINES, Face, FontMissing, face_for, is_shaped, scripts_of, strike
from deid.training.vocabulary import FAMILIES, FAMILIES_HELD_OUT, FOREIGN, FOREIGN_HELD_OUT


def ink(face: Face, text: str) -> np.ndarray:
    image = Image.new("L", (60 + 30 * len(text), 60))
    ImageDraw.Draw(image).text((20, 40), text, fill=255, font=strike(face, 14).font, anchor="ls")
    return np.asarray(image)


def test_no_file_serves_both_splits_in_latin_letters() -> None:
    trained = {file for face in (*OUTLINES, *BITMAPS) if not face.held_out for file in face.files}
    examined = {file for face in (*OUTLINES, *BITMAPS) if face.held_out for file in face.files}
    assert trained
    assert examined
    assert not trained & examined


def test_a_missing_font_names_its_package() -> None:
    with pytest.raises(FontMissing, match="install the Debian package fonts-nowhere"):
        strike(Face(("truetype/nowhere.ttf",), "fonts-nowhere"), 12)


@pytest.mark.usefixtures("typefaces")
@pytest.mark.parametrize("cap", [8, 12, 16, 24])
def test_outlines_come_within_two_pixels_of_the_asked_height(cap: int) -> None:
    assert all(abs(strike(face, cap).cap - cap) <= 2 for face in OUTLINES)


@pytest.mark.usefixtures("typefaces")
def test_bitmaps_take_the_nearest_of_their_strikes() -> None:
    assert {strike(BITMAPS[0], cap).cap for cap in (8, 14)} == {8.0, 14.0}


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Müller 12", {"LATIN"}),
        ("Кузнецова", {"CYRILLIC"}),
        ("山本 さくら", {"CJK", "HIRAGANA"}),
        ("العلي", {"ARABIC"}),
        ("ใจดี", {"THAI"}),
    ],
    ids=["latin", "cyrillic", "japanese", "arabic", "thai"],
)
def test_scripts_of_a_text(text: str, scripts: set[str]) -> None:
    assert scripts_of(text) == scripts


def test_joined_and_stacked_letters_are_shaped() -> None:
    assert is_shaped("शर्मा")
    assert not is_shaped("Ελένη")


@pytest.mark.usefixtures("typefaces")
@pytest.mark.parametrize("held_out", [False, True], ids=["training", "exam"])
def test_every_letter_of_every_name_has_a_shape(held_out: bool) -> None:
    names = (*FAMILIES_HELD_OUT, *FOREIGN_HELD_OUT) if held_out else (*FAMILIES, *FOREIGN)
    rng = np.random.default_rng(1)
    for wanted in [face for face in (*OUTLINES, *BITMAPS) if face.held_out == held_out]:
        for name in names:
            face = face_for(rng, wanted, name.replace("^", " "))
            assert face.held_out == held_out
            nothing, unknown = ink(face, " "), ink(face, "\ue123")
            shapes = [ink(face, letter) for letter in name if letter.isalpha()]
            assert not any(np.array_equal(shape, nothing) or np.array_equal(shape, unknown) for shape in shapes), (
                face.files
            )


def test_each_split_has_plotted_letters() -> None:
    assert {face.held_out for face in FACES if face.plotter is not None} == {False, True}
    assert fonts.BUILT_IN in {face.plotter for face in FACES}
