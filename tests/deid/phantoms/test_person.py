"""Invented patients."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from deid.phantoms.person import Person, invent_person


@given(st.integers(0, 10_000))
def test_a_seed_always_invents_the_same_complete_person(seed: int) -> None:
    person = invent_person(seed)
    assert person == invent_person(seed)
    assert person.family
    assert person.given
    assert person.record_number
    assert date.fromisoformat(person.birth_date).year >= 1979


def test_seeds_differ() -> None:
    assert len({invent_person(seed) for seed in range(60)}) == 60


def test_the_name_is_printed_as_machines_print_it() -> None:
    person = Person("Dunmore^Carmen", "11-222222", "19920318")
    assert person.printed_name == "DUNMORE, Carmen"
    assert person.printed_birth_date == "18.03.1992"


def test_a_family_name_alone_has_no_comma() -> None:
    assert Person("Dunmore", "11-222222", "19920318").printed_name == "DUNMORE"
