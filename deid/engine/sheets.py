"""A sheet of a share format: a calm ground in the clinic's colours, the whole picture as a card, and who it is from.

The picture is scaled as a whole and never cut. Its corners are rounded no further than into its own black margin.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import segno
from PIL import Image, ImageColor, ImageDraw

from deid.engine import branding
from deid.engine.brand import USUAL_HEIGHT, Brand
from deid.engine.formats import Sheet

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, ...]

# as shares of the sheet's shorter side: the signature at the usual height of a strip, the gap over it, the corners
_SIGNATURE = 0.125
_GAP = 0.042
_ROUND = 0.022
# the edge of the card: so many pixels on a sheet of 1080, in the ground's colour mixed with so much of the ink
_EDGE, _EDGE_INK = 2, 0.16
_WHITE, _SOFT_BLACK = (255, 255, 255), (38, 38, 40)
_PAPER_CONTRAST = 4.5
# sizes of type as shares of the signature's height, largest first, for one, two and three lines
_SIZES = {1: (0.40,), 2: (0.36, 0.23), 3: (0.31, 0.20, 0.20)}
_LEADING = 1.32
# how much of its tile a logo takes on paper
_TILE = 0.74
# the code keeps the quiet zone of four modules that ISO/IEC 18004 asks for
_QUIET = 4


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A sheet ready for pictures of one size; `ground` is `uint8` (rows, columns, 3), `x` to `h` the card in pixels.

    `corners` is how much of the card shows in its top left corner, 0 to 1 (radius, radius, 1); the others mirror it.
    """

    ground: Pixels
    x: int
    y: int
    w: int
    h: int
    corners: npt.NDArray[np.float32]

    def picture_of(self, cut: Pixels) -> Pixels:
        """Return the sheet with a picture on it; `cut` is `uint8` (rows, columns, 3)."""
        result = self.ground.copy()
        way = cv2.INTER_CUBIC if self.w >= cut.shape[1] else cv2.INTER_AREA
        card = np.asarray(cv2.resize(cut, (self.w, self.h), interpolation=way), dtype=np.uint8)
        place = result[self.y : self.y + self.h, self.x : self.x + self.w]
        under = place.copy()
        place[:] = card
        size = self.corners.shape[0]
        for rows, columns, share in _corners(self.corners, self.h, self.w, size):
            mixed = share * card[rows, columns] + (1 - share) * under[rows, columns]
            place[rows, columns] = mixed.round().astype(np.uint8)
        return result

    def cut_of(self, picture: Pixels) -> Pixels:
        """Return the card of a finished sheet."""
        return picture[self.y : self.y + self.h, self.x : self.x + self.w]


def lay(sheet: Sheet, brand: Brand, cut: tuple[int, int]) -> Laid:
    """Lay out a sheet for pictures of `cut` rows and columns; raises ValueError for colours or a logo as `branding`."""
    rows, columns = cut
    short = min(sheet.width, sheet.height)
    signature = round(_SIGNATURE * short * brand.height / USUAL_HEIGHT)
    gap = round(_GAP * short)
    wide, high = sheet.room
    scale = min(wide / columns, (high - signature - gap) / rows)
    w, h = _even(columns * scale), _even(rows * scale)
    free = high - h - gap - signature
    first = sheet.above + free // 2
    x = (sheet.width - w) // 2
    y, sign = (first + signature + gap, first) if brand.top else (first, first + h + gap)
    back, ink = _colours(brand, paper=sheet.paper)
    ground = Image.new("RGB", (sheet.width, sheet.height), back)
    radius = _radius(short, min(w, h))
    edge = max(1, round(_EDGE * short / 1080))
    around = (x - edge, y - edge, x + w + edge - 1, y + h + edge - 1)
    ImageDraw.Draw(ground).rounded_rectangle(around, radius + edge, fill=_mixed(back, ink, _EDGE_INK))
    _sign(ground, brand, (sheet.side, sign, wide, signature), ink=ink, paper=sheet.paper)
    return Laid(np.asarray(ground, dtype=np.uint8).copy(), x, y, w, h, _rounding(radius))


def _colours(brand: Brand, *, paper: bool) -> tuple[Colour, Colour]:
    """Return ground and ink; on paper the ground is white, and the clinic's own colour writes where it can be read."""
    back, ink = ImageColor.getrgb(brand.background)[:3], ImageColor.getrgb(brand.ink)[:3]
    if not paper:
        return back, ink
    return _WHITE, next((one for one in (back, ink) if _contrast_to_white(one) >= _PAPER_CONTRAST), _SOFT_BLACK)


def _contrast_to_white(colour: Colour) -> float:
    """Return the contrast ratio to white, from 1 to 21 (WCAG 2.2, definitions of contrast ratio and luminance)."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in colour)
    ]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _sign(ground: Image.Image, brand: Brand, place: tuple[int, int, int, int], *, ink: Colour, paper: bool) -> None:
    """Write logo, lines and code as one group in the middle of `place` (x, y, width, height)."""
    x, y, width, height = place
    pen = ImageDraw.Draw(ground)
    mark = _mark(brand, (round(width * 0.3), round(height * 0.86)), paper=paper)
    code = _code(_address(brand.web), height) if brand.qr and brand.web else None
    space = round(height * 0.22)
    beside = sum(part.width + space for part in (mark, code) if part is not None)
    lines = _lines(brand)
    sizes = [round(height * share) for share in _SIZES[len(lines)]]
    sized = zip(lines, sizes, strict=True)
    fitted = [_fitted(pen, line, size, room=width - beside, bold=at == 0) for at, (line, size) in enumerate(sized)]
    text = max(round(pen.textlength(line, font=face)) for line, face in fitted)
    left = x + (width - beside - text) // 2
    if mark is not None:
        ground.paste(mark, (left, y + (height - mark.height) // 2), mark)
        left += mark.width + space
    middle = y + height / 2 - sum(sizes) * _LEADING / 2
    for (line, face), size in zip(fitted, sizes, strict=True):
        anchor, at = ("mm", left + text // 2) if mark is None and code is None else ("lm", left)
        pen.text((at, middle + size * _LEADING / 2), line, font=face, fill=ink, anchor=anchor)
        middle += size * _LEADING
    if code is not None:
        ground.paste(code, (left + text + space, y + (height - code.height) // 2))


def _mark(brand: Brand, room: tuple[int, int], *, paper: bool) -> Image.Image | None:
    """Return the logo in RGBA; on paper one that was made for the clinic's colour brings that colour along."""
    logo = brand.paper_logo if paper and brand.paper_logo is not None else brand.logo
    if logo is None:
        return None
    if not paper or brand.paper_logo is not None:
        return branding.logo_of(logo, room)
    inner = branding.logo_of(logo, (round(room[0] * _TILE), round(room[1] * _TILE)))
    size = (round(inner.width / _TILE), round(inner.height / _TILE))
    tile = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(tile).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), min(size) // 6, fill=brand.background)
    tile.alpha_composite(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return tile


def _lines(brand: Brand) -> list[str]:
    """Return name, line, and address with handle, each on one line, where there is any."""
    contact = "  ·  ".join(part for part in (" ".join(brand.web.split()), " ".join(brand.handle.split())) if part)
    return [line for line in (" ".join(brand.name.split()), " ".join(brand.line.split()), contact) if line]


def _fitted(pen: ImageDraw.ImageDraw, line: str, size: int, *, room: int, bold: bool) -> tuple[str, branding.Font]:
    """Return a line with its face, smaller and then shortened until it fits."""
    least = max(8, round(size * 0.6))
    while size > least and pen.textlength(line, font=branding.font(size, bold=bold)) > room:
        size -= 1
    face = branding.font(size, bold=bold)
    while len(line) > 1 and pen.textlength(line, font=face) > room:
        line = line[:-2].rstrip() + "…" if len(line) > 2 else line[:1]
    return line, face


def _address(web: str) -> str:
    """Return a web address as a telephone opens it."""
    return web if web.startswith(("http://", "https://")) else f"https://{web}"


def _code(text: str, side: int) -> Image.Image:
    """Return a QR code on white, as large as whole pixels for its modules allow within `side`."""
    matrix = segno.make(text, error="m", micro=False).matrix
    modules = np.pad(np.array([list(row) for row in matrix], np.uint8), _QUIET)
    each = max(1, side // modules.shape[0])
    pixels = np.where(np.kron(modules, np.ones((each, each), np.uint8)) > 0, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert("RGB")


def _radius(short: int, side: int) -> int:
    """Return the corners' radius for a card whose shorter side is `side`, in pixels.

    An arc takes 0.3 of its radius from either side of a corner; every cut has a margin of black of 0.02 and more.
    """
    return max(2, min(round(_ROUND * short), int(0.02 * side / 0.3)))


def _rounding(radius: int) -> npt.NDArray[np.float32]:
    """Return how much of the card shows in its top left corner."""
    many = 4
    large = Image.new("L", (radius * many * 2, radius * many * 2), 0)
    ImageDraw.Draw(large).ellipse((0, 0, radius * many * 2 - 1, radius * many * 2 - 1), fill=255)
    small = large.resize((radius * 2, radius * 2), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)[:radius, :radius, np.newaxis] / np.float32(255)


def _corners(
    share: npt.NDArray[np.float32], height: int, width: int, size: int
) -> list[tuple[slice, slice, npt.NDArray[np.float32]]]:
    top, bottom = slice(0, size), slice(height - size, height)
    left, right = slice(0, size), slice(width - size, width)
    return [
        (top, left, share),
        (top, right, share[:, ::-1]),
        (bottom, left, share[::-1]),
        (bottom, right, share[::-1, ::-1]),
    ]


def _mixed(one: Colour, two: Colour, share: float) -> Colour:
    return tuple(round(a * (1 - share) + b * share) for a, b in zip(one, two, strict=True))


def _even(length: float) -> int:
    return int(length) // 2 * 2
