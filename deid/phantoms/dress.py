"""The looks of invented machines: where things stand on the screen, and in which colours."""

from dataclasses import dataclass

import numpy as np

from deid.phantoms.ink import Colour
from deid.phantoms.spec import Layout, Pixels, Spec


@dataclass(frozen=True, slots=True)
class Dress:
    """The look of one layout; `header`, `left`, `right` and `footer` are shares of the screen."""

    machine: str
    style: str
    header: float
    left: float
    right: float
    footer: float
    band: Colour
    ink: Colour
    soft: Colour
    accent: Colour
    tint: tuple[float, float, float]

    @property
    def plain(self) -> str:
        """Return the letter style of small print."""
        return "" if self.style == "-Bold" else self.style

    @property
    def dim(self) -> Colour:
        """Return the header's ink, half faded into its band."""
        r, g, b = ((a + b) // 2 for a, b in zip(self.ink, self.band, strict=True))
        return r, g, b


DRESSES: dict[Layout, Dress] = {
    Layout.HARBOUR: Dress(
        machine="Orbelle 8",
        style="",
        header=0.085,
        left=0.115,
        right=0.10,
        footer=0.03,
        band=(22, 26, 33),
        ink=(238, 240, 243),
        soft=(150, 160, 172),
        accent=(240, 178, 74),
        tint=(1.0, 0.96, 0.89),
    ),
    Layout.MERIDIAN: Dress(
        machine="Talvia M",
        style="Condensed",
        header=0.075,
        left=0.11,
        right=0.08,
        footer=0.03,
        band=(18, 38, 92),
        ink=(255, 255, 255),
        soft=(148, 178, 226),
        accent=(250, 226, 92),
        tint=(0.95, 0.985, 1.0),
    ),
    Layout.FJORD: Dress(
        machine="Norvik",
        style="-Bold",
        header=0.06,
        left=0.115,
        right=0.09,
        footer=0.05,
        band=(206, 211, 214),
        ink=(24, 28, 32),
        soft=(128, 200, 190),
        accent=(120, 226, 160),
        tint=(1.0, 1.0, 1.0),
    ),
}


def picture_box(spec: Spec) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the part of the screen that is left for the picture."""
    dress = DRESSES[spec.layout]
    top = round(spec.height * (dress.header + 0.015))
    bottom = round(spec.height * (1 - dress.footer - 0.01))
    left, right = round(spec.width * dress.left), round(spec.width * (1 - dress.right))
    return left, top, right - left, bottom - top


def text_size(spec: Spec, share: float = 0.0205) -> int:
    """Return a letter size in pixels that is this share of the screen's height, and never illegible."""
    return max(7, round(min(spec.height, spec.width * 0.75) * share))


def tones(layout: Layout) -> Pixels:
    """Return the machine's 256 display colours, shape (256, 3): neutral, cool or warm greys."""
    level = np.arange(256, dtype=np.float32)[:, None] / 255
    table: Pixels = (255 * level ** (1 / np.array(DRESSES[layout].tint, np.float32) ** 2)).astype(np.uint8)
    return table
