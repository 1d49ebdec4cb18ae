"""The limits of the reports of use."""

import pytest

from ultrasound_portal.clinics.usage_forms import UsageForm

USUAL = {"days": "30", "opens": "07:00", "closes": "20:00", "more_than": "100", "at_least": "3"}


def test_it_works() -> None:
    assert UsageForm(USUAL).is_valid()


@pytest.mark.parametrize("field", sorted(USUAL))
def test_what_makes_no_sense_is_said(field: str) -> None:
    assert set(UsageForm({**USUAL, field: "-x"}).errors) == {field}
