"""What a machine prints around the picture: whose it is, where and when it was taken, and how."""

from datetime import timedelta

from PIL import Image, ImageDraw

from deid.phantoms.dress import DRESSES, Dress, picture_box, text_size
from deid.phantoms.ink import Colour, Pen, grey_ramp
from deid.phantoms.spec import FRAMES_PER_SECOND, Kind, Layout, Spec, Subject, Transducer

_SETTINGS = ("Freq 5.0 MHz", "Gn 4", "DR 62", "FR 31 Hz", "Map 7/2", "P 90 %")
_VOLUME = ("Qual high", "Th 38", "Mix 60/40", "Light 35", "V 64 deg")


def dress_screen(pen: Pen, spec: Spec) -> None:
    """Print the header bar, the column of settings, the grey bar and what was typed over the picture."""
    dress = DRESSES[spec.layout]
    _header(pen, spec, dress)
    _settings(pen, spec, dress)
    _grey_bar(pen, spec, dress)
    _typed(pen, spec, dress)


def _header(pen: Pen, spec: Spec, dress: Dress) -> None:
    width, height = spec.width, round(spec.height * dress.header)
    size, small = text_size(spec, 0.0225), text_size(spec, 0.0185)
    pen.block((0, 0, width - 1, height - 1), dress.band)
    pen.line([(0, height), (width, height)], dress.accent)
    pen.picture(_mark(round(height * 0.72), _mark_colour(dress)), (round(height * 0.14),) * 2)
    left, middle, edge = height * 1.05, width * 0.36, width - height * 0.2
    first, second = height * 0.1, height * 0.56

    def write(at: tuple[float, float], text: str, kind: Kind, *, large: bool = False, anchor: str = "la") -> int:
        colour = dress.dim if kind is Kind.MARK else dress.ink
        letters = size if large else small
        return pen.write(at, text, kind=kind, size=letters, colour=colour, style=dress.style, anchor=anchor)

    write((left, first), spec.hospital, Kind.HOSPITAL)
    write((left, second), dress.machine, Kind.MARK)
    person = spec.person
    write((middle, first), person.printed_name, Kind.NAME, large=True)
    end = write((middle, second), f"ID {person.record_number}", Kind.ID)
    write((end + small, second), f"DOB {person.printed_birth_date}", Kind.BIRTH_DATE)
    write((edge, first), f"GA {spec.gestation}   MI 0.9  TIb 0.2", Kind.SETTING, anchor="ra")
    _clock(pen, spec, dress, (edge, second))


def _clock(pen: Pen, spec: Spec, dress: Dress, at: tuple[float, float]) -> None:
    for first in range(0, spec.frames, FRAMES_PER_SECOND):
        now = spec.taken + timedelta(seconds=first // FRAMES_PER_SECOND)
        pen.write(
            at,
            now.strftime("%d.%m.%Y %H:%M:%S"),
            kind=Kind.DATE,
            size=text_size(spec, 0.0185),
            colour=dress.ink,
            style=dress.style,
            anchor="ra",
            frames=(first, min(first + FRAMES_PER_SECOND, spec.frames) - 1),
        )


def _settings(pen: Pen, spec: Spec, dress: Dress) -> None:
    size = text_size(spec, 0.0165)
    top = spec.height * (dress.header + 0.03)
    probe = "C2-6 OB" if spec.transducer is Transducer.CONVEX else "L4-12 OB"
    lines = (probe, *(_VOLUME if spec.subject is Subject.SURFACE else _SETTINGS))
    for number, text in enumerate(lines):
        at = (spec.width * 0.012, top + number * size * 1.45)
        pen.write(at, text, kind=Kind.SETTING, size=size, colour=dress.soft, style=dress.plain)


def _grey_bar(pen: Pen, spec: Spec, dress: Dress) -> None:
    width, height = max(4, round(spec.width * 0.012)), round(spec.height * 0.2)
    ramp = Image.fromarray(grey_ramp(width, height)).convert("RGBA")
    corner = (spec.width - width - round(spec.width * 0.012), round(spec.height * (dress.header + 0.03)))
    pen.picture(ramp, corner)


def _typed(pen: Pen, spec: Spec, dress: Dress) -> None:
    left, top, width, height = picture_box(spec)
    size, middle = text_size(spec), left + width * 0.5
    name = spec.person.printed_name
    if spec.note:
        at = (middle, top + height * 0.86)
        style, colour = dress.plain, dress.accent
        pen.write(at, spec.note, kind=Kind.NOTE, size=size, colour=colour, style=style, anchor="mm", shadow=True)
    if spec.flash is not None:
        at = (middle, top + height * 0.7)
        pen.write(at, name, kind=Kind.NAME, size=size, style=dress.plain, anchor="mm", frames=spec.flash)
    if spec.layout is Layout.FJORD:
        at = (middle, top + height * 0.24)
        pen.write(at, name, kind=Kind.NAME, size=size, style=dress.plain, anchor="mm")


def _mark_colour(dress: Dress) -> Colour:
    return (46, 122, 116) if sum(dress.band) > 380 else dress.accent


def _mark(size: int, colour: Colour) -> Image.Image:
    big = Image.new("RGBA", (size * 4, size * 4), (*colour, 0))
    draw = ImageDraw.Draw(big)
    edge = size * 4 - 1
    for share in (0.0, 0.26):
        inset = edge * share
        box = (inset, inset, edge - inset, edge - inset)
        draw.arc(box, 200, 520, fill=(*colour, 255), width=max(2, size // 3))
    return big.resize((size, size), Image.Resampling.LANCZOS)
