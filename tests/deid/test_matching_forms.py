"""Who a patient is, as a person fills it in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deid.matching_forms import PatientForm

FILLED = {"family_name": " Testwoman ", "given_name": "Anna", "record_number": "MRN 77001", "birth_date": "1990-07-04"}


def test_what_is_filled_in_is_an_identity_as_files_have_it() -> None:
    form = PatientForm(FILLED)
    assert form.is_valid()
    identity = form.identity()
    assert (identity.name, identity.record_number, identity.birth_date) == ("Testwoman^Anna", "MRN 77001", "19900704")


def test_a_birth_date_may_be_unknown() -> None:
    form = PatientForm(FILLED | {"birth_date": ""})
    assert form.is_valid()
    assert form.identity().birth_date == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"family_name": ""},
        {"record_number": " "},
        {"given_name": "Anna^Maria"},
        {"family_name": "x" * 61},
        {"birth_date": "soon"},
        {"birth_date": (timezone.localdate() + timedelta(days=2)).isoformat()},
    ],
    ids=["no name", "no number", "caret", "long", "no day", "to come"],
)
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    assert not PatientForm(FILLED | wrong).is_valid()
