"""The demo's two invented studies: pictures that clean well, hard ones, one to be held, and one that tells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import Person
from deid.phantoms.spec import Layout, Spec, Subject

FIRST = Person("Ellingsen^Maren", "48-206117", "19930614", "A40718253")
SECOND = Person("Okafor^Adaeze", "51-730924", "19880227", "A40718377")
_MORNING = datetime(2026, 3, 17, 9, 38, 12)  # noqa: DTZ001 - machines print local time without a zone


def demo_files(hospital: str) -> Iterator[bytes]:
    """Paint both studies, one DICOM file after the other; always the same bytes for the same hospital."""
    for number, (spec, wrapping) in enumerate((*_first(hospital), *_second(hospital)), start=1):
        timed = replace(spec, seed=40 + number, taken=_MORNING + timedelta(minutes=4 * number, seconds=7 * number))
        yield to_dicom(paint(timed), timed.person, replace(wrapping, number=number))


def _first(hospital: str) -> tuple[tuple[Spec, Wrapping], ...]:
    screen = Spec(FIRST, hospital=hospital)
    return (
        (replace(screen, note="Baby Ellingsen"), Wrapping()),
        (replace(screen, width=800, height=600, frames=30), Wrapping(Packing.JPEG)),
        (replace(screen, subject=Subject.SURFACE), Wrapping(Packing.JPEG)),
        (replace(screen, subject=Subject.HEAD), Wrapping()),
        (replace(screen, subject=Subject.REPORT), Wrapping(regions=False)),
    )


def _second(hospital: str) -> tuple[tuple[Spec, Wrapping], ...]:
    screen = Spec(SECOND, hospital=hospital, layout=Layout.MERIDIAN, gestation="22w1d")
    return (
        (replace(screen, subject=Subject.SPINE, width=1280, height=960), Wrapping(Packing.JPEG)),
        (replace(screen, subject=Subject.ABDOMEN), Wrapping(regions=False)),
        (replace(screen, subject=Subject.HEART, layout=Layout.FJORD), Wrapping()),
        (
            replace(screen, subject=Subject.FEMUR, width=800, height=600, note="It's a girl"),
            Wrapping(Packing.MONOCHROME2),
        ),
    )
