"""The files that are measured: painted screens and cines, the same every time, and the public files of pydicom."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pydicom
from pydicom.encaps import encapsulate, generate_frames

from deid.phantoms.dicom import Packing, Wrapping
from deid.phantoms.dicom import to_dicom as phantom_to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.person import invent_person
from deid.phantoms.spec import Layout, Spec, Subject, Transducer
from deid.training import screens, wrapping
from tests import samples

_PAINTED_FRAMES = 30


@dataclass(frozen=True, slots=True, repr=False)
class Input:
    """One file; `kind` is crowded still, usual still, painted cine, long cine, real still or real cine."""

    kind: str
    name: str
    data: bytes


def crowded_stills(count: int) -> Iterator[Input]:
    """Paint screens crowded with text, as the network's exam has them; every other has regions."""
    for seed in range(count):
        screen = screens.paint(seed, held_out=True)
        yield Input("crowded still", f"screen {seed}", wrapping.to_dicom(screen, regions=seed % 2 == 0))


def usual_stills(count: int) -> Iterator[Input]:
    """Paint screens of 1024 x 768 with as much text as the machines print: the studies of the demo, as JPEG."""
    subjects = [subject for subject in Subject if subject is not Subject.REPORT]
    for seed in range(count):
        person = invent_person(seed)
        spec = Spec(
            person=person,
            seed=seed,
            subject=subjects[seed % len(subjects)],
            layout=list(Layout)[seed % len(Layout)],
            transducer=list(Transducer)[seed % len(Transducer)],
        )
        yield Input("usual still", f"phantom {seed}", phantom_to_dicom(paint(spec), person, Wrapping(Packing.JPEG)))


def painted_cines(count: int) -> Iterator[Input]:
    """Paint cines of 30 frames of 1024 x 768 as JPEG, with a name that flashes in every other one."""
    for seed in range(count):
        yield Input("painted cine", f"cine {seed}", _cine(seed, flash=(5, 9) if seed % 2 else None))


def long_cines() -> Iterator[Input]:
    """Give the cine of which the memory is measured, with fewer frames."""
    yield Input("long cine", "cine 0 four times", long_cine(4 * _PAINTED_FRAMES))


def real() -> Iterator[Input]:
    """Read the public ultrasound files that come with pydicom and pydicom-data."""
    for path in samples.ultrasound():
        data = path.read_bytes()
        frames = int(pydicom.dcmread(path, stop_before_pixels=True).get("NumberOfFrames", 1) or 1)
        yield Input("real still" if frames == 1 else "real cine", path.stem, data)


def long_cine(frames: int) -> bytes:
    """Return a cine of 1024 x 768 as JPEG; its frames are those of a painted one again and again."""
    dataset = pydicom.dcmread(io.BytesIO(_cine(0, flash=None)))
    coded = list(generate_frames(dataset.PixelData, number_of_frames=_PAINTED_FRAMES))
    dataset.PixelData = encapsulate([coded[index % len(coded)] for index in range(frames)])
    dataset["PixelData"].is_undefined_length = True
    dataset.NumberOfFrames = frames
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _cine(seed: int, *, flash: tuple[int, int] | None) -> bytes:
    person = invent_person(seed)
    phantom = paint(Spec(person=person, seed=seed, frames=_PAINTED_FRAMES, flash=flash))
    return phantom_to_dicom(phantom, person, Wrapping(packing=Packing.JPEG))
