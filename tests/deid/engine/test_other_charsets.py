"""A name is read in the character set that its file forgot to declare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import other_charsets


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Müller^Jörg", "latin-1"),
        ("Kovář^Jiří", "iso8859_2"),
        ("Иванова^Анна", "iso8859_5"),
        ("Παπαδοπούλου^Μαρία", "iso8859_7"),
        ("Sørensen^Åse", "utf-8"),
        ("山田^太郎", "gb18030"),
        ("김^희중", "euc_kr"),
        ("山田^太郎", "shift_jis"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "iso2022_jp"),
    ],
    ids=lambda value: value if value.isascii() else "name",
)
def test_the_right_reading_is_among_them(name: str, codec: str) -> None:
    assert name in other_charsets.readings(name.encode(codec))


def test_utf_8_is_no_chance() -> None:
    assert list(other_charsets.readings("Åse".encode())) == ["Åse"]


@given(st.text(st.characters(max_codepoint=127, exclude_characters="\x1b")))
def test_ascii_has_no_other_reading(text: str) -> None:
    assert list(other_charsets.readings(text.encode())) == []


@given(st.binary(max_size=60))
def test_any_bytes_give_printable_text_or_nothing(raw: bytes) -> None:
    assert all(text.isprintable() for text in other_charsets.readings(raw))
