"""A page full of text, as machines save it beside the pictures: never a picture for a patient."""

from deid.phantoms.ink import Colour, Pen
from deid.phantoms.spec import Kind, Spec

_PAPER, _INK, _LINE = (236, 238, 240), (28, 32, 38), (150, 156, 164)
_ROWS = (
    ("BPD", "5.28 cm", "5.31", "5.26", "21w6d", "64 %"),
    ("OFD", "7.08 cm", "7.06", "7.11", "21w5d", "58 %"),
    ("HC", "19.42 cm", "19.40", "19.45", "21w4d", "55 %"),
    ("AC", "17.83 cm", "17.80", "17.86", "22w5d", "71 %"),
    ("FL", "3.56 cm", "3.55", "3.58", "21w2d", "46 %"),
    ("HL", "3.40 cm", "3.41", "3.39", "21w4d", "52 %"),
    ("TCD", "2.20 cm", "2.21", "2.19", "21w3d", "50 %"),
    ("NF", "4.1 mm", "4.1", "4.0", "", ""),
    ("EFW", "412 g", "", "", "21w5d", "57 %"),
    ("FHR", "146 bpm", "", "", "", ""),
)
_COLUMNS = (0.06, 0.2, 0.38, 0.51, 0.64, 0.79)
_HEADS = ("Value", "Mean", "1st", "2nd", "GA", "Pctl")


def print_report(pen: Pen, spec: Spec) -> None:
    """Print the biometry report over the whole screen."""
    width, height = spec.width, spec.height
    pen.block((0, 0, width - 1, height - 1), _PAPER)
    size = max(7, round(min(height, width * 0.75) * 0.022))
    person = spec.person
    lines: tuple[tuple[float, float, str, Kind], ...] = (
        (0.06, 0.05, spec.hospital, Kind.HOSPITAL),
        (0.06, 0.10, f"Patient: {person.printed_name}", Kind.NAME),
        (0.52, 0.10, f"ID: {person.record_number}", Kind.ID),
        (0.06, 0.14, f"Born: {person.printed_birth_date}", Kind.BIRTH_DATE),
        (0.52, 0.14, spec.taken.strftime("Exam: %d.%m.%Y %H:%M"), Kind.DATE),
        (0.06, 0.20, f"OB report, second trimester, GA {spec.gestation}", Kind.SETTING),
    )
    for x, y, text, kind in lines:
        pen.write((width * x, height * y), text, kind=kind, size=size, colour=_INK)
    _table(pen, spec, size, _INK)
    note = "Comment: active fetus, normal fluid, follow up in four weeks"
    pen.write((width * 0.06, height * 0.9), note, kind=Kind.NOTE, size=size, colour=_INK)


def _table(pen: Pen, spec: Spec, size: int, ink: Colour) -> None:
    width, height = spec.width, spec.height
    for number, row in enumerate((_HEADS, *_ROWS)):
        y = height * (0.26 + 0.055 * number)
        for x, text in zip(_COLUMNS, row, strict=True):
            if text:
                kind = Kind.MEASUREMENT if number else Kind.SETTING
                pen.write((width * x, y), text, kind=kind, size=size, colour=ink)
        pen.line([(width * 0.05, y + size * 1.6), (width * 0.95, y + size * 1.6)], _LINE)
