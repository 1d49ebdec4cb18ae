"""Filters as they stand in an address, in a saved view, and in words."""

from uuid import UUID, uuid4

import pytest
from django.http import QueryDict

from deid.services.worklists import Wanted
from deid.worklist_forms import FilterForm

MACHINE, PERSON = UUID(int=1), UUID(int=2)


def form(query: str) -> FilterForm:
    return FilterForm(QueryDict(query), machines=[(str(MACHINE), "Orbelle 8")], people=[(str(PERSON), "Ada Marsh")])


def test_choices_become_conditions_words_and_a_query() -> None:
    made = form(f"show=held&since=7&machine={MACHINE}&who={PERSON}&day=2030-01-05&patient={uuid4()}")
    assert made.wanted((), searched=False).since == 7
    assert made.wanted((), searched=False).machine == MACHINE
    assert made.words() == "Held, The last 7 days, Orbelle 8, Ada Marsh"
    assert made.query() == f"show=held&since=7&machine={MACHINE}&who={PERSON}"
    assert made.like(QueryDict("since=1")).words() == "Today"


@pytest.mark.parametrize("query", ["", "show=nonsense", "since=9999", "day=soon", f"machine={PERSON}", "who=x"])
def test_what_is_not_understood_is_no_condition(query: str) -> None:
    assert form(query).wanted((), searched=False) == Wanted()
    assert form(query).query() == ""
