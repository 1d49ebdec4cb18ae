"""What machines print."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deid.training import texts
from deid.training.people import invent
from deid.training.texts import IDENTIFYING, Kind

SEEDS = st.integers(0, 100_000)


@given(SEEDS, st.booleans())
def test_texts_are_of_a_lines_length(seed: int, held_out: bool) -> None:
    rng = np.random.default_rng(seed)
    who = invent(rng, held_out=held_out)
    said = [
        texts.measurement(rng),
        texts.anatomy(rng, held_out=held_out),
        texts.setting(rng, held_out=held_out),
        texts.note(rng, who, held_out=held_out)[0],
        texts.other(rng),
        texts.nonsense(rng),
    ]
    assert all(1 <= len(text) <= 60 for text in said)
    assert not any("{" in text for text in said)


@given(SEEDS, st.booleans())
def test_a_named_note_holds_a_name(seed: int, held_out: bool) -> None:
    rng = np.random.default_rng(seed)
    who = invent(rng, held_out=held_out)
    text, named = texts.note(rng, who, held_out=held_out)
    people = [part for name in (who.name, *who.staff) for part in name.split("^")]
    assert not named or any(part in text for part in people)


def test_measurements_and_notes_do_not_identify_by_kind() -> None:
    assert not {Kind.MEASUREMENT, Kind.ANATOMY, Kind.SETTING, Kind.NOTE, Kind.OTHER} & IDENTIFYING
