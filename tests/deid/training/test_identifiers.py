"""The forms of identifiers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.training import identifiers
from deid.training.people import Identity

WHO = Identity("Moravec^Hana", "4471902", "19840307", "20210519", "US55012", "Elmwood Hospital", ("Tan^Ida", "Bo^Wu"))
SEEDS = st.integers(0, 100_000)


@given(SEEDS)
def test_a_name_holds_a_part_of_the_name(seed: int) -> None:
    said = identifiers.name(np.random.default_rng(seed), WHO).lower()
    assert "morav" in said or "hana" in said


@given(SEEDS)
def test_a_date_holds_its_day_and_its_year(seed: int) -> None:
    said = identifiers.date(np.random.default_rng(seed), "20210519")
    assert "19" in said
    assert "21" in said


@given(SEEDS)
def test_a_birth_date_is_the_patients(seed: int) -> None:
    said = identifiers.birth(np.random.default_rng(seed), WHO)
    assert "84" in said
    assert "7" in said


@given(SEEDS)
def test_a_record_is_a_number_of_the_patient_or_of_the_examination(seed: int) -> None:
    said = identifiers.record(np.random.default_rng(seed), WHO)
    assert WHO.record_number in said or WHO.accession in said


@given(SEEDS)
def test_a_time_holds_hours_and_minutes(seed: int) -> None:
    assert identifiers.moment(np.random.default_rng(seed)).count(":") in (1, 2)


@pytest.mark.parametrize("family", ["王", "박", "タナカ"], ids=["chinese", "korean", "japanese"])
def test_joined_scripts_are_printed_without_latin_words(family: str) -> None:
    who = Identity(f"{family}^芳", "1", "19840307", "20210519", "2", "H", ("Tan^Ida",))
    assert not any(identifiers.name(np.random.default_rng(seed), who).isascii() for seed in range(30))


@given(SEEDS)
def test_staff_and_hospital_are_never_empty(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert identifiers.staff(rng, WHO)
    assert identifiers.hospital(rng, WHO).lower() in WHO.hospital.lower()
    assert identifiers.study(rng, WHO)
