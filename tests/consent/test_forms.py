"""The desk's forms about consent."""

import uuid

import pytest

from consent.forms import LedgerFilter, WithdrawalForm
from consent.states import WithdrawalChannel

pytestmark = pytest.mark.django_db


def test_an_empty_filter_asks_for_everything() -> None:
    form = LedgerFilter({})
    assert form.is_valid()
    assert not any(form.cleaned_data.values())


@pytest.mark.parametrize("asked", [{"purpose": "all"}, {"state": "open"}, {"patient": "Willow"}])
def test_a_filter_that_makes_no_sense_is_refused(asked: dict[str, str]) -> None:
    assert not LedgerFilter(asked).is_valid()


def test_a_filter_takes_the_portals_own_key_of_a_patient() -> None:
    key = uuid.uuid4()
    form = LedgerFilter({"patient": str(key), "purpose": "family", "state": "withdrawn"})
    assert form.is_valid()
    assert form.cleaned_data["patient"] == key


@pytest.mark.requirement("R17")
def test_withdrawing_asks_how_it_was_said_and_never_why() -> None:
    assert WithdrawalForm({"channel": WithdrawalChannel.PHONE}).is_valid()
    assert not WithdrawalForm({"reason": "changed my mind"}).is_valid()


def test_staff_cannot_speak_for_the_patients_own_page() -> None:
    assert not WithdrawalForm({"channel": WithdrawalChannel.LINK}).is_valid()
    assert not WithdrawalForm({"channel": WithdrawalChannel.CORRECTION}).is_valid()


def test_a_reason_has_an_end() -> None:
    assert not WithdrawalForm({"channel": WithdrawalChannel.PHONE, "reason": "x" * 501}).is_valid()
