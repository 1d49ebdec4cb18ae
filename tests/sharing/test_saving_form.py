"""A choice is read whole or not at all."""

from uuid import uuid4

import pytest
from django.http import QueryDict

from sharing.saving_form import SavingForm


def test_keys_shape_and_films_are_read() -> None:
    one, two = uuid4(), uuid4()
    form = SavingForm(QueryDict(f"picture={one}&picture={two}&picture={one}&shape=story&moving=loop"))
    assert form.is_valid()
    assert form.cleaned_data == {"picture": {one, two}, "shape": "story", "moving": "loop"}


def test_nothing_stands_for_everything() -> None:
    form = SavingForm(QueryDict(""))
    assert form.is_valid()
    assert form.cleaned_data["picture"] == frozenset()


@pytest.mark.parametrize("asked", ["picture=7", "shape=round", "moving=quick", "picture=%00"])
def test_anything_else_is_no_choice(asked: str) -> None:
    assert not SavingForm(QueryDict(asked)).is_valid()
