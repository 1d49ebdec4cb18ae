"""Every purpose has its options, none can be given more than it allows, and the default is the strictest."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.disclosure import STRICTEST, Dates, Disclosure, Purpose

FLAGS = ("linked", "descriptors", "characteristics")


@pytest.mark.parametrize("purpose", [Purpose.OWN_COPY, Purpose.FAMILY, Purpose.SOCIAL_MEDIA])
@pytest.mark.parametrize(
    "more",
    [{"dates": Dates.SHIFTED}, {"dates": Dates.KEPT}, *({flag: True} for flag in FLAGS)],
    ids=["shifted", "kept", *FLAGS],
)
def test_pictures_for_people_tell_nothing_more(purpose: Purpose, more: dict[str, object]) -> None:
    assert Disclosure.usual(purpose) == Disclosure(purpose)
    with pytest.raises(ValueError):
        Disclosure(purpose, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", [Purpose.TEACHING, Purpose.RESEARCH])
def test_teaching_and_research_have_shifted_dates_and_stable_codes(purpose: Purpose) -> None:
    usual = Disclosure.usual(purpose)
    assert usual.dates is Dates.SHIFTED
    assert usual.linked
    with pytest.raises(ValueError):
        Disclosure(purpose, dates=Dates.KEPT)


def test_consultation_has_what_the_grant_names() -> None:
    assert Disclosure.usual(Purpose.CONSULTATION) == Disclosure(Purpose.CONSULTATION)
    named = Disclosure(Purpose.CONSULTATION, dates=Dates.KEPT, characteristics=True)
    assert named.dates is Dates.KEPT
    assert not named.descriptors


def test_the_default_is_the_strictest() -> None:
    assert Disclosure() == STRICTEST
    assert STRICTEST.dates is Dates.REMOVED
    assert not any(getattr(STRICTEST, flag) for flag in FLAGS)


@given(st.sampled_from(Purpose))
def test_a_choice_survives_json(purpose: Purpose) -> None:
    usual = Disclosure.usual(purpose)
    assert Disclosure.from_dict(json.loads(json.dumps(usual.to_dict()))) == usual
    assert Disclosure.from_dict({"purpose": purpose.value}) == usual


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"purpose": "publication"},
        {"purpose": ["research"]},
        {"purpose": "research", "dates": "all"},
        {"purpose": "research", "dates": None},
        {"purpose": "research", "linked": 1},
        {"purpose": "own_copy", "descriptors": True},
        {"purpose": "research", "institution": True},
        None,
        [],
    ],
    ids=str,
)
def test_what_cannot_be_chosen_is_refused(values: object) -> None:
    with pytest.raises(ValueError):
        Disclosure.from_dict(values)  # type: ignore[arg-type]


def test_the_page_tells_what_is_usual() -> None:
    page = (Path(__file__).parents[3] / "docs" / "headers.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "|" in line]
    told = {row[0].strip("`"): row[1:] for row in rows if row[0].strip("`") in tuple(Purpose)}
    assert set(told) == set(Purpose)
    for purpose, (dates, *flags) in told.items():
        usual = Disclosure.usual(Purpose(purpose))
        assert dates.split("`")[1] == usual.dates
        assert [flag.startswith("yes") for flag in flags] == [getattr(usual, name) for name in FLAGS]
