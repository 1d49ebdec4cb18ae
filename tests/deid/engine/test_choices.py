"""Files with a brand, a policy or a secret are read strictly, and what is odd in them is refused."""

import json
from pathlib import Path

import pytest

from deid.engine import choices
from deid.engine.disclosure import Dates, Disclosure, Purpose
from deid.engine.policy import KeptText, Policy


def test_a_brand_comes_from_json_or_toml(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"name": "Harbour", "line": "With love", "ink": "#ffffff"}')
    (tmp_path / "b.toml").write_text('name = "Harbour"\nline = "With love"\nink = "#ffffff"\n')
    assert choices.brand(tmp_path / "b.json") == choices.brand(tmp_path / "b.toml")
    assert choices.brand(tmp_path / "b.json").background == "#123047"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"line": "no name"}, "has a name"),
        ({"name": "Harbour", "motto": "odd"}, "has a name"),
        ({"name": "Harbour", "line": 3}, "are texts"),
        (["Harbour"], "names and values"),
        ({"name": "Harbour", "ink": "no colour"}, "colou?r"),
    ],
    ids=["nameless", "odd", "number", "list", "colour"],
)
def test_an_odd_brand_is_refused(tmp_path: Path, values: object, reason: str) -> None:
    (tmp_path / "brand.json").write_text(json.dumps(values))
    with pytest.raises(ValueError, match=reason):
        choices.brand(tmp_path / "brand.json")


def test_a_policy_names_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('text = "measurements"\nalso_covered = ["Harbour Clinic"]\n')
    policy = choices.policy(tmp_path / "policy.toml")
    assert policy.text is KeptText.MEASUREMENTS
    assert policy.also_covered == ("Harbour Clinic",)
    assert policy.gestational_age


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"text": "all of it"}', "text is one of"),
        ('{"leniency": 3}', "no such choice"),
        ("not JSON", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["value", "key", "text", "deep"],
)
def test_an_odd_policy_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "policy.json").write_text(text)
    with pytest.raises(ValueError, match=reason):
        choices.policy(tmp_path / "policy.json")


def test_a_secret_is_taken_without_the_space_round_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b" 0123456789abcdef\n")
    assert choices.secret(tmp_path / "secret") == b"0123456789abcdef"
    (tmp_path / "secret").write_bytes(b"  short            \n")
    with pytest.raises(ValueError, match="shorter than 16 bytes"):
        choices.secret(tmp_path / "secret")


def test_a_policy_names_a_purpose(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[disclosure]\npurpose = "consultation"\ndates = "kept"\n')
    policy = choices.policy(tmp_path / "policy.toml")
    assert policy.disclosure == Disclosure(Purpose.CONSULTATION, dates=Dates.KEPT)
    with pytest.raises(ValueError, match="give one of the two"):
        choices.for_purpose(policy, "research")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_purpose_brings_what_is_usual(purpose: Purpose) -> None:
    policy = choices.for_purpose(Policy(text=KeptText.NOTHING), purpose.value)
    assert policy.disclosure == Disclosure.usual(purpose)
    assert policy.text is KeptText.NOTHING
