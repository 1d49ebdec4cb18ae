"""The associated data names the object, its kind and its clinic, and nothing can be shifted between them."""

from uuid import UUID, uuid4

import pytest

from ultrasound_portal.vault.binding import context_of
from ultrasound_portal.vault.kinds import ObjectKind

ONE, TWO = UUID(int=1), UUID(int=2)


def test_every_part_changes_the_context() -> None:
    contexts = {
        context_of(ONE, ObjectKind.MASTER, TWO),
        context_of(TWO, ObjectKind.MASTER, TWO),
        context_of(ONE, ObjectKind.ORIGINAL, TWO),
        context_of(ONE, ObjectKind.MASTER, ONE),
    }
    assert len(contexts) == 4


def test_the_stored_word_and_the_kind_are_the_same() -> None:
    assert context_of(ONE, "logo", TWO) == context_of(ONE, ObjectKind.LOGO, TWO)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        context_of(uuid4(), "unknown", uuid4())
