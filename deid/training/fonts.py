"""The type of painted screens: families of Debian's packages, parted between training and exams."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from deid.training.chance import pick

_ROOT = Path("/usr/share/fonts")
_LARGEST_STRIKE = 64
_SCRIPTS = ("ARABIC", "HEBREW", "DEVANAGARI", "THAI", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "CYRILLIC", "GREEK")
BUILT_IN = -1
EUROPEAN = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_LATIN = frozenset({"LATIN"})
_JAPANESE = frozenset({"HIRAGANA", "KATAKANA", "CJK"})


class FontMissing(Exception):
    """A font that painting needs is not installed; the message names the Debian package that holds it."""


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a family: an outline file, the strikes of a bitmap face, or (`plotter`) a face built into a library.

    `reach` is the first code point beyond the Latin letters that it has.
    """

    files: tuple[str, ...]
    package: str
    held_out: bool = False
    scripts: frozenset[str] = _LATIN
    plotter: int | None = None
    reach: int = 0x180


def _outlines(package: str, *files: str, held_out: bool = False, scripts: frozenset[str] = _LATIN) -> list[Face]:
    return [Face((file,), package, held_out, scripts) for file in files]


def _strikes(package: str, pattern: str, *sizes: str, held_out: bool = False, reach: int = 0x180) -> Face:
    return Face(tuple(f"X11/{pattern.format(size)}.pcf.gz" for size in sizes), package, held_out, reach=reach)


_DEJAVU = "truetype/dejavu/DejaVuSans"
_LIBERATION = "truetype/liberation/Liberation"
_URW = "opentype/urw-base35/"
_OPEN = "truetype/open-sans/OpenSans-"
_LATO = "truetype/lato/Lato-"
_NOTO = "truetype/noto/Noto"
_ROBOTO = "truetype/roboto/unhinted/Roboto"

OUTLINES = (
    *_outlines("fonts-dejavu-core", f"{_DEJAVU}.ttf", f"{_DEJAVU}-Bold.ttf", scripts=EUROPEAN),
    *_outlines("fonts-dejavu-core", f"{_DEJAVU}Mono.ttf", f"{_DEJAVU}Mono-Bold.ttf", scripts=EUROPEAN),
    *_outlines("fonts-dejavu-extra", f"{_DEJAVU}Condensed.ttf", f"{_DEJAVU}Condensed-Bold.ttf", scripts=EUROPEAN),
    *_outlines("fonts-liberation", f"{_LIBERATION}Sans-Regular.ttf", f"{_LIBERATION}Sans-Bold.ttf", scripts=EUROPEAN),
    *_outlines("fonts-liberation", f"{_LIBERATION}SansNarrow-Regular.ttf", f"{_LIBERATION}Sans-Italic.ttf"),
    *_outlines("fonts-liberation", f"{_LIBERATION}Mono-Regular.ttf", f"{_LIBERATION}Serif-Regular.ttf"),
    *_outlines("fonts-freefont-ttf", "truetype/freefont/FreeSans.ttf", "truetype/freefont/FreeSansBold.ttf"),
    *_outlines("fonts-noto-core", f"{_NOTO}Sans-Regular.ttf", f"{_NOTO}Sans-Bold.ttf", scripts=EUROPEAN),
    *_outlines("fonts-roboto-unhinted", f"{_ROBOTO}TTF/Roboto-Regular.ttf", f"{_ROBOTO}TTF/Roboto-Light.ttf"),
    *_outlines("fonts-roboto-unhinted", f"{_ROBOTO}TTF/Roboto-Medium.ttf", f"{_ROBOTO}Condensed-Regular.ttf"),
    *_outlines("fonts-urw-base35", f"{_URW}NimbusSans-Regular.otf", f"{_URW}NimbusSansNarrow-Bold.otf"),
    *_outlines("fonts-croscore", "truetype/croscore/Arimo-Regular.ttf", "truetype/croscore/Cousine-Regular.ttf"),
    *_outlines("fonts-hack-ttf", "truetype/hack/Hack-Regular.ttf", "truetype/hack/Hack-Bold.ttf"),
    *_outlines("fonts-inconsolata", "truetype/inconsolata/Inconsolata.otf"),
    *_outlines("fonts-comfortaa", "truetype/comfortaa/Comfortaa-Regular.ttf"),
    *_outlines("fonts-terminus", "truetype/terminus/TerminusTTF-4.46.0.ttf"),
    *_outlines(
        "fonts-open-sans",
        *(f"{_OPEN}{cut}.ttf" for cut in ("Regular", "Semibold", "Bold", "CondLight", "CondBold")),
        held_out=True,
        scripts=EUROPEAN,
    ),
    *_outlines("fonts-lato", *(f"{_LATO}{cut}.ttf" for cut in ("Regular", "Medium", "Bold", "Light")), held_out=True),
    *_outlines("fonts-cantarell", "opentype/cantarell/Cantarell-Regular.otf", held_out=True),
    *_outlines("fonts-cantarell", "opentype/cantarell/Cantarell-Bold.otf", held_out=True),
    *_outlines("fonts-firacode", "truetype/firacode/FiraCode-Regular.ttf", held_out=True),
    *_outlines("fonts-urw-base35", f"{_URW}URWGothic-Book.otf", f"{_URW}URWGothic-Demi.otf", held_out=True),
    *_outlines("fonts-urw-base35", f"{_URW}NimbusMonoPS-Bold.otf", held_out=True),
    *_outlines("fonts-vlgothic", "truetype/vlgothic/VL-PGothic-Regular.ttf", held_out=True),
)
BITMAPS = (
    _strikes("xfonts-75dpi", "75dpi/helvR{}", "08", "10", "12", "14", "18", "24"),
    _strikes("xfonts-75dpi", "75dpi/helvB{}", "08", "10", "12", "14", "18", "24"),
    _strikes("xfonts-100dpi", "100dpi/helvR{}", "08", "10", "12", "14", "18"),
    _strikes("xfonts-75dpi", "75dpi/charR{}", "10", "12", "14", "18", reach=0x100),
    _strikes("xfonts-base", "misc/{}", "6x10", "6x13", "7x14", "9x15", "10x20"),
    _strikes("xfonts-base", "misc/{}", "6x12", "7x13B", "8x13B", "9x15B", "9x18"),
    _strikes("xfonts-terminus", "misc/ter-u{}n_unicode", "12", "14", "16", "18", "20", "22", "24"),
    _strikes("xfonts-terminus", "misc/ter-u{}b_unicode", "14", "16", "18", "20", "22", "24"),
    _strikes("xfonts-75dpi", "75dpi/luRS{}", "08", "10", "12", "14", "18", "24", held_out=True),
    _strikes("xfonts-100dpi", "100dpi/lutRS{}", "08", "10", "12", "14", "18", held_out=True),
    _strikes("xfonts-75dpi", "75dpi/courB{}", "10", "12", "14", "18", "24", held_out=True),
    _strikes("xfonts-base", "misc/{}", "clR6x10", "clR7x14", "clR8x16", held_out=True, reach=0x80),
    Face(("opentype/unifont/unifont.otf",), "fonts-unifont", held_out=True),
)
PLOTTED = tuple(
    Face((), "", held_out, plotter=plotter, reach=0x80)
    for plotter, held_out in (
        (cv2.FONT_HERSHEY_SIMPLEX, False),
        (cv2.FONT_HERSHEY_DUPLEX, False),
        (cv2.FONT_HERSHEY_COMPLEX_SMALL, False),
        (BUILT_IN, False),
        (cv2.FONT_HERSHEY_PLAIN, True),
        (cv2.FONT_HERSHEY_TRIPLEX, True),
    )
)
_FOREIGN = (
    *_outlines("fonts-noto-core", f"{_NOTO}SansArabic-Regular.ttf", scripts=frozenset({"ARABIC"})),
    *_outlines("fonts-noto-core", f"{_NOTO}KufiArabic-Regular.ttf", held_out=True, scripts=frozenset({"ARABIC"})),
    *_outlines("fonts-noto-core", f"{_NOTO}SansHebrew-Regular.ttf", scripts=frozenset({"HEBREW"})),
    *_outlines("fonts-noto-core", f"{_NOTO}SerifHebrew-Regular.ttf", held_out=True, scripts=frozenset({"HEBREW"})),
    *_outlines("fonts-noto-core", f"{_NOTO}SansDevanagari-Regular.ttf", scripts=frozenset({"DEVANAGARI"})),
    *_outlines(
        "fonts-noto-core", f"{_NOTO}SerifDevanagari-Regular.ttf", held_out=True, scripts=frozenset({"DEVANAGARI"})
    ),
    *_outlines("fonts-noto-core", f"{_NOTO}SansThai-Regular.ttf", scripts=frozenset({"THAI"})),
    *_outlines("fonts-noto-core", f"{_NOTO}SerifThai-Regular.ttf", held_out=True, scripts=frozenset({"THAI"})),
    *_outlines("fonts-wqy-microhei", "truetype/wqy/wqy-microhei.ttc", scripts=frozenset({"CJK"})),
    *_outlines("fonts-unifont", "opentype/unifont/unifont.otf", held_out=True, scripts=frozenset({"CJK"})),
    *_outlines("fonts-unifont", "opentype/unifont/unifont_jp.otf", held_out=True, scripts=_JAPANESE),
    *_outlines("fonts-vlgothic", "truetype/vlgothic/VL-Gothic-Regular.ttf", scripts=_JAPANESE),
    *_outlines("fonts-nanum", "truetype/nanum/NanumGothic.ttf", scripts=frozenset({"HANGUL"})),
    *_outlines("fonts-nanum", "truetype/nanum/NanumMyeongjo.ttf", held_out=True, scripts=frozenset({"HANGUL"})),
)
FACES = (*OUTLINES, *BITMAPS, *PLOTTED, *_FOREIGN)


@dataclass(frozen=True, slots=True)
class Strike:
    """A face at one size: the font and the height of its capitals in pixels."""

    font: ImageFont.FreeTypeFont
    cap: float


def scripts_of(text: str) -> frozenset[str]:
    """Return the scripts of a text's letters, LATIN where it has none."""
    names = (unicodedata.name(sign, "") for sign in text if ord(sign) > 0x24F)
    return frozenset(script for name in names for script in _SCRIPTS if name.startswith(script)) or _LATIN


def face_for(rng: Generator, wanted: Face, text: str) -> Face:
    """Return `wanted`, or a face of the same split that has the letters of `text` where `wanted` lacks them."""
    if all(ord(sign) < wanted.reach for sign in text):
        return wanted
    needed = scripts_of(text)
    split = [face for face in (*OUTLINES, *_FOREIGN) if face.held_out == wanted.held_out and needed <= face.scripts]
    return pick(rng, [face for face in split if needed == face.scripts] or split)


def is_shaped(text: str) -> bool:
    """Whether the letters of a text join or stack, so that it must be set as a whole."""
    return bool(scripts_of(text) & {"ARABIC", "DEVANAGARI", "THAI", "HEBREW"})


@lru_cache(maxsize=1024)
def strike(face: Face, cap: int) -> Strike:
    """Return the font of an outline or bitmap face whose capitals come nearest to `cap` pixels.

    Raises FontMissing, which names the Debian package, where the file is not installed.
    """
    if face.files[0].endswith(".pcf.gz"):
        return min((_bitmap(file, face.package) for file in face.files), key=lambda found: abs(found.cap - cap))
    reference = _measured(_load(face.files[0], face.package, 100))
    size = max(5, round(cap * 100 / reference.cap))
    return _measured(_load(face.files[0], face.package, size))


@lru_cache(maxsize=256)
def _bitmap(file: str, package: str) -> Strike:
    for size in range(4, _LARGEST_STRIKE):
        try:
            return _measured(_load(file, package, size))
        except OSError as failure:
            if "invalid pixel size" not in str(failure):
                raise
    raise FontMissing(f"a bitmap font has no usable size: install {package} again")


def _load(file: str, package: str, size: int) -> ImageFont.FreeTypeFont:
    path = _ROOT / file
    if not path.exists():
        raise FontMissing(f"a font is missing: install the Debian package {package}")
    return ImageFont.truetype(str(path), size)


def _measured(font: ImageFont.FreeTypeFont) -> Strike:
    left, top, right, bottom = (round(edge) for edge in font.getbbox("H", anchor="ls"))
    image = Image.new("L", (right - left + 2, bottom - top + 2))
    ImageDraw.Draw(image).text((1 - left, 1 - top), "H", fill=255, font=font, anchor="ls")
    inked = np.nonzero((np.asarray(image) > 100).any(axis=1))[0]
    return Strike(font, float(inked[-1] - inked[0] + 1) if len(inked) else float(bottom - top))
