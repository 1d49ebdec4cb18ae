"""The words of painted screens."""

import pytest

from deid.training import vocabulary
from deid.training.vocabulary import listed

PAIRS = ("FAMILIES", "GIVEN", "FOREIGN", "PLACES", "HOUSES", "PLANES", "NOTES")


def test_entries_may_hold_spaces_and_run_over_lines() -> None:
    assert listed("RT OVARY | 4CH |\n    FACE") == ("RT OVARY", "4CH", "FACE")


@pytest.mark.parametrize("name", PAIRS)
def test_exams_have_words_of_their_own(name: str) -> None:
    trained, examined = getattr(vocabulary, name), getattr(vocabulary, f"{name}_HELD_OUT")
    assert all(trained)
    assert all(examined)
    assert not set(trained) & set(examined)
