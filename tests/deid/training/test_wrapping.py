"""A painted screen as a DICOM file."""

import io

import numpy as np
import pydicom
import pytest

from deid.engine import intake
from deid.training import screens, wrapping

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.mark.parametrize("regions", [True, False], ids=["declared", "undeclared"])
def test_the_file_carries_pixels_identity_and_regions(regions: bool) -> None:
    screen = screens.paint(5, held_out=True)
    data = wrapping.to_dicom(screen, regions=regions)
    assert intake.peek(data)
    file = pydicom.dcmread(io.BytesIO(data))
    assert np.array_equal(file.pixel_array, screen.pixels)
    assert str(file.PatientName) == screen.identity.name
    assert file.PatientID == screen.identity.record_number
    assert [region.RegionSpatialFormat for region in file.get("SequenceOfUltrasoundRegions", [])] == (
        [part[4] for part in screen.parts] if regions else []
    )
