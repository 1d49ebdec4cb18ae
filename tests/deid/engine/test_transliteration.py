"""Names are spelled as machines with only Latin capitals print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.transliteration import plain, spellings


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Müller", "muller"), ("STRAẞE", "strasse"), ("Łukasik", "lukasik"), ("Bø", "bo"), ("Yıldız", "yildiz")],
)
def test_accents_fall_away(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Müller", "mueller"),
        ("Jörg", "joerg"),
        ("Åse", "aase"),
        ("Sørensen", "soerensen"),
        ("Weiß", "weiss"),
        ("Кузнецова", "kuznetsova"),
        ("Жанна", "zhanna"),
        ("Παπαδοπούλου", "papadopoyloy"),
        ("Smith", "smith"),
    ],
)
def test_names_have_the_spellings_of_other_machines(name: str, printed: str) -> None:
    assert printed in spellings(name)
    assert printed in spellings(name.upper())


@given(st.text(max_size=30))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
