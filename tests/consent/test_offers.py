"""A clinic asks only for what it offers, in words that are in force."""

import pytest

from consent.errors import ConsentRefused, RefusalReason
from consent.models import Purpose
from consent.offers import live_wording, offer, offered_purposes, withhold
from tests.consent.cast import a_clinic
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


def codes(clinic: Clinic) -> list[str]:
    return [purpose.pk for purpose in offered_purposes(clinic)]


@pytest.mark.requirement("R13")
def test_social_media_is_absent_until_a_clinic_switches_it_on(clinic: Clinic) -> None:
    assert codes(clinic) == ["own_copy", "family", "medical_record", "consult", "teaching"]
    offer(Purpose.objects.get(pk="social_media"), clinic)
    assert codes(clinic)[:3] == ["own_copy", "family", "social_media"]


def test_a_clinic_switches_a_purpose_off_and_on_again(clinic: Clinic) -> None:
    for code in ("teaching", "social_media"):
        purpose = Purpose.objects.get(pk=code)
        offer(purpose, clinic)
        assert withhold(purpose, clinic)
        assert not withhold(purpose, clinic)
        assert code not in codes(clinic)
        assert offer(purpose, clinic)
        assert code in codes(clinic)


@pytest.mark.requirement("R13")
def test_one_clinic_switches_on_for_itself_only(clinic: Clinic) -> None:
    offer(Purpose.objects.get(pk="social_media"), a_clinic("Hillside Ultrasound"))
    assert "social_media" not in codes(clinic)


def test_switching_on_twice_changes_nothing(clinic: Clinic) -> None:
    purpose = Purpose.objects.get(pk="social_media")
    assert offer(purpose, clinic)
    assert not offer(purpose, clinic)
    assert codes(clinic).count("social_media") == 1


def test_every_first_purpose_has_a_wording_in_force() -> None:
    assert [live_wording(purpose.pk).version for purpose in Purpose.objects.all()] == [2, 2, 2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("purpose", "language"), [("own_copy", "cy"), ("thesis", "en")])
def test_a_missing_wording_blocks_and_no_other_takes_its_place(purpose: str, language: str) -> None:
    with pytest.raises(ConsentRefused) as refused:
        live_wording(purpose, language)
    assert refused.value.reason is RefusalReason.NO_WORDING
