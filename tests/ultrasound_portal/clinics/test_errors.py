"""A refused brand says what is wrong in a sentence for the person who tries."""

import pytest

from ultrasound_portal.clinics.errors import BrandFault, BrandRefused


@pytest.mark.parametrize("fault", BrandFault)
def test_every_fault_is_a_sentence(fault: BrandFault) -> None:
    assert fault.value.endswith(".")
    assert BrandRefused(fault).fault is fault
    assert str(BrandRefused(fault)) == fault.name
