"""An incident needs a kind, a moment that has passed, an account, and a word that everything stops."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sharing.incident_forms import MOMENT, IncidentForm, OutcomeForm


def said(**changes: str) -> dict[str, str]:
    known = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime(MOMENT)
    return {"kind": "posted", "known_at": known, "account": "Seen on a wall.", "sure": "on", **changes}


def test_it_works() -> None:
    assert IncidentForm(said()).is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", ""), ("kind", "fire"), ("known_at", "soon"), ("account", "   "), ("sure", ""), ("account", "x" * 2001)],
    ids=["no-kind", "other-kind", "no-moment", "no-account", "not-sure", "too-long"],
)
def test_what_is_missing_is_asked_for(field: str, value: str) -> None:
    form = IncidentForm(said(**{field: value}))
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_a_moment_ahead_is_refused() -> None:
    form = IncidentForm(said(known_at=timezone.localtime(timezone.now() + timedelta(hours=1)).strftime(MOMENT)))
    assert "lies ahead" in form.errors["known_at"][0]


def test_an_outcome_is_chosen() -> None:
    assert "Choose what was decided" in OutcomeForm({"outcome": ""}).errors["outcome"][0]
