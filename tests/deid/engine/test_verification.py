"""No output leaves with an identifier of the source in its bytes."""

import numpy as np
import pytest
from pydicom import Dataset

from deid.engine import identifiers, png, verification
from deid.engine.findings import Outputs

LEAK = b"..Mustermann.."
PICTURE = png.encoded(np.zeros((60, 80, 3), np.uint8))


@pytest.fixture
def known() -> identifiers.Identifiers:
    source = Dataset()
    source.PatientName = "Mustermann^Erika"
    return identifiers.of(source)


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    "outputs",
    [
        Outputs(dicom=LEAK),
        Outputs(still=LEAK),
        Outputs(still_jpeg=LEAK),
        Outputs(thumbnail=LEAK),
        Outputs(film=LEAK),
    ],
    ids=["dicom", "still", "still_jpeg", "thumbnail", "film"],
)
def test_identifier_in_any_output_is_found(known: identifiers.Identifiers, outputs: Outputs) -> None:
    assert verification.identifier_left(outputs, known)


def test_clean_and_missing_outputs_pass(known: identifiers.Identifiers) -> None:
    assert not verification.identifier_left(Outputs(), known)
    assert not verification.identifier_left(Outputs(still=PICTURE), known)


def test_reviewers_own_pictures_are_not_searched(known: identifiers.Identifiers) -> None:
    assert not verification.identifier_left(Outputs(source_still=LEAK), known)
