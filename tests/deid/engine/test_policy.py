"""The policy is data: it survives JSON, its keys are a closed set, and no choice keeps what identifies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.disclosure import STRICTEST, Disclosure, Purpose
from deid.engine.geometry import Box, Why
from deid.engine.policy import MAX_WORDS, KeptText, Policy

BOX = Box(1, 2, 3, 4, 0, 5, Why.MANUAL)
POLICIES = st.builds(
    Policy,
    extra_boxes=st.just(()) | st.just((BOX,)),
    lifted=st.just(()) | st.just((BOX,)),
    text=st.sampled_from(KeptText),
    gestational_age=st.booleans(),
    also_kept=st.lists(st.sampled_from(["Doppler", "Nabel", "4D-Live"]), max_size=3).map(tuple),
    also_covered=st.lists(st.sampled_from(["St Anna", "Nordklinik"]), max_size=3).map(tuple),
    max_pixels=st.integers(0, 2**40),
    ocr_seconds=st.floats(0, 1e6),
    disclosure=st.sampled_from([Disclosure.usual(purpose) for purpose in Purpose]),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def test_default_policy_keeps_the_list_and_is_bounded() -> None:
    policy = Policy()

    assert policy.text is KeptText.MEASUREMENTS_AND_ANATOMY
    assert policy.extra_boxes == policy.also_kept == policy.also_covered == ()
    assert policy.disclosure == STRICTEST
    assert policy.max_pixels > 0
    assert policy.ocr_seconds > 0


@given(POLICIES)
def test_a_policy_survives_json(policy: Policy) -> None:
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


def test_a_clinic_gives_only_what_it_chose() -> None:
    assert Policy.from_dict({"text": "nothing"}) == Policy(text=KeptText.NOTHING)
    assert Policy.from_dict({}) == Policy()


@given(st.sampled_from([*Policy().to_dict(), "identifiers"]), ANYTHING)
def test_any_value_is_taken_as_it_is_or_refused(name: str, value: object) -> None:
    try:
        policy = Policy.from_dict({name: value})
    except ValueError:
        return
    assert policy.to_dict()[name] == value


@pytest.mark.parametrize(
    "values",
    [
        {"keep_everything": True},
        {"text": "everything"},
        {"text": ["nothing"]},
        {"gestational_age": 1},
        {"also_kept": "Doppler"},
        {"also_kept": [3]},
        {"extra_boxes": 3},
        {"extra_boxes": [3]},
        {"extra_boxes": [{"x": 1}]},
        {"max_pixels": True},
        {"ocr_seconds": "20"},
        ["text"],
    ],
    ids=str,
)
def test_keys_and_types_are_a_closed_set(values: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Policy.from_dict(values)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "two words",
        " Nabel",
        "1234",
        "AB123",
        "x" * 25,
        "boy",
        "Girl!",
        "B0Y",
        "its_a_boy",
        "Mädchen",
        "maedchen",
        "NIÑA",
        "garçon",
        "female",
        "femaie",
        "♀♀ab",
        "March",
        "März",
        "Aug",
    ],
)
def test_words_that_no_clinic_can_keep(word: str) -> None:
    with pytest.raises(ValueError) as refusal:
        Policy(also_kept=(word,))
    assert len(word) < 3 or word not in str(refusal.value)


@pytest.mark.parametrize("words", ["", "a", "--", " St Anna", "St  Anna", "x" * 61, "a\nb"])
def test_names_that_no_clinic_can_cover(words: str) -> None:
    with pytest.raises(ValueError):
        Policy(also_covered=(words,))


@pytest.mark.parametrize("field", ["also_kept", "also_covered"])
def test_lists_are_bounded(field: str) -> None:
    words = [f"word{'x' * (number % 19)}" for number in range(MAX_WORDS)]
    assert getattr(Policy.from_dict({field: words}), field) == tuple(words)
    with pytest.raises(ValueError):
        Policy.from_dict({field: [*words, "more"]})
