"""What is made for sharing shows the clean picture and the clinic's words, and nothing else."""

import io
from dataclasses import replace

import av
import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from deid.engine import rendering, renders, sheets
from deid.engine.errors import Held, HoldReason
from deid.engine.formats import FILMS, STILLS, Format, Render
from tests.factories.renders import BRAND, master_bytes

MOST = 10**9
OLD_TELEPHONES = {"Constrained Baseline", "Baseline", "Main", "High"}
"""The profiles of H.264 that telephones decode in hardware since 2012; none has more than 8 bits or 4:2:0."""
LEVEL_4_2 = 42  # AVCLevelIndication, ISO/IEC 14496-15, 5.3.3.1


def made(*wanted: Format, frames: int = 1) -> list[Render]:
    return renders.make(master_bytes(frames), wanted, cut=None, brand=BRAND, max_pixels=MOST)


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("wanted", STILLS)
def test_a_still_is_a_bare_jpeg_that_says_it_is_srgb(wanted: Format) -> None:
    (render,) = made(wanted)
    with Image.open(io.BytesIO(render.data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (render.width, render.height))
        assert set(picture.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile"} - (
            set() if wanted is Format.PRINT else {"dpi"}
        )
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)
        if wanted is Format.PRINT:
            assert picture.info["dpi"] == (300, 300)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert made(Format.SQUARE) == made(Format.SQUARE)


@pytest.mark.parametrize("wanted", FILMS)
def test_a_film_plays_everywhere(wanted: Format) -> None:
    (render,) = made(wanted, frames=40)
    with av.open(io.BytesIO(render.data)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.codec_context.profile in OLD_TELEPHONES
        assert (stream.width, stream.height) == (render.width, render.height)
        assert stream.width % 2 == stream.height % 2 == 0
        count = sum(1 for _ in container.decode(stream))
    assert count >= (24 if wanted is Format.LOOP else 40)
    assert render.data.index(b"moov") < render.data.index(b"mdat")
    assert render.data[render.data.index(b"avcC") + 7] <= LEVEL_4_2


def test_of_a_still_there_is_no_film() -> None:
    assert [render.format for render in made(*Format)] == list(STILLS)


def test_only_the_cut_is_shown() -> None:
    whole = renders.make(master_bytes(), [Format.ORIGINAL], cut=None, brand=BRAND, max_pixels=MOST)
    part = renders.make(master_bytes(), [Format.ORIGINAL], cut=(60, 40, 120, 100), brand=BRAND, max_pixels=MOST)
    assert whole[0].width == 240
    assert part[0].width == 120


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("wanted", [Format.SQUARE, Format.FILM_STORY])
def test_text_that_the_clean_picture_does_not_show_is_held_back(
    wanted: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay = sheets.lay

    def scribbled(*asked: object) -> sheets.Laid:
        return Scribbled(lay(*asked))  # type: ignore[arg-type, return-value]

    class Scribbled:
        """A sheet by whose fault a name is written over the picture."""

        def __init__(self, laid: sheets.Laid) -> None:
            self._laid = laid

        def picture_of(self, cut: renders.Pixels) -> renders.Pixels:
            image = Image.fromarray(self._laid.picture_of(cut))
            place = (self._laid.x + 120, self._laid.y + self._laid.h - 160)
            ImageDraw.Draw(image).text(place, "TESTWOMAN ANNA 12.03.1990", fill="white", font_size=44)
            return np.asarray(image)

        def cut_of(self, picture: renders.Pixels) -> renders.Pixels:
            return self._laid.cut_of(picture)

    monkeypatch.setattr(sheets, "lay", scribbled)
    with pytest.raises(Held) as held:
        made(wanted, frames=6)
    assert held.value.reason is HoldReason.TEXT_LEFT


@pytest.mark.requirement("R36")
def test_what_is_not_as_it_was_meant_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    decode = rendering.picture_of

    def spotted(coded: bytes) -> rendering.Pixels:
        return cv2.rectangle(decode(coded).copy(), (900, 20), (930, 50), (255, 255, 255), -1)  # type: ignore[return-value]

    monkeypatch.setattr(rendering, "picture_of", spotted)
    with pytest.raises(Held) as held:
        made(Format.SQUARE)
    assert held.value.reason is HoldReason.RENDER_FAILED


def test_a_brand_that_cannot_be_drawn_is_no_picture() -> None:
    with pytest.raises(ValueError, match="logo"):
        renders.make(master_bytes(), [Format.SQUARE], cut=None, brand=replace(BRAND, logo=b"<html>"), max_pixels=MOST)
