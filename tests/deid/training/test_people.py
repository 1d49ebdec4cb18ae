"""Invented people."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deid.training.people import digits, invent, number

SEEDS = st.integers(0, 100_000)


@given(SEEDS, st.booleans())
def test_an_identity_is_what_a_header_carries(seed: int, held_out: bool) -> None:
    who = invent(np.random.default_rng(seed), held_out=held_out)
    assert who.name == f"{who.family}^{who.given}"
    assert who.family
    assert who.given
    assert date.fromisoformat(who.birth_date) < date(2009, 1, 1)
    assert date.fromisoformat(who.study_date)
    assert who.accession
    assert who.hospital
    assert len(who.staff) == 3


@given(SEEDS, st.integers(1, 12))
def test_digits_have_the_asked_length(seed: int, count: int) -> None:
    text = digits(np.random.default_rng(seed), count)
    assert len(text) == count
    assert text.isdigit()
    assert text[0] != "0"


@given(SEEDS)
def test_a_number_holds_digits(seed: int) -> None:
    assert any(sign.isdigit() for sign in number(np.random.default_rng(seed)))
