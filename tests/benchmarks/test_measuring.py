"""An input is measured with its floor, and what the engine does not deliver is named."""

import os

import pytest

from benchmarks import measuring
from benchmarks.inputs import Input
from benchmarks.measuring import Measured, Missed
from deid.engine.cage import Cage
from deid.phantoms.dicom import Packing, Wrapping, to_dicom
from deid.phantoms.painting import paint
from deid.phantoms.spec import Spec, Subject
from deid.phantoms.studies import FIRST


@pytest.mark.parametrize("frames", [1, 3])
def test_a_picture_is_measured_with_its_floor(frames: int) -> None:
    phantom = paint(Spec(FIRST, subject=Subject.ABDOMEN, width=320, height=240, frames=frames))
    inputs = [
        Input("painted", "a", to_dicom(phantom, FIRST, Wrapping(packing=Packing.JPEG))),
        Input("text", "b", b"no"),
    ]
    cage = Cage(size=1)
    try:
        measured, missed = measuring.measure(inputs, cage, repeats=1)
    finally:
        cage.close()
    assert missed == Missed("text", "b", "not_dicom")
    assert isinstance(measured, Measured)
    assert (measured.rows, measured.columns, measured.frames) == (240, 320, frames)
    assert (measured.floor.film > 0) == (frames > 1)
    assert min(measured.floor.decode, measured.floor.master, measured.floor.stills) > 0
    assert measured.ratio == measured.engine / measured.floor.whole
    assert sum(measured.stages.values()) <= measured.engine


def test_one_core_is_given_back() -> None:
    before = os.sched_getaffinity(0)
    with measuring.one_core() as core:
        assert os.sched_getaffinity(0) == {core}
    assert os.sched_getaffinity(0) == before
