"""The cards of a sitting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.answers import NamedRecipient
from consent.services import live_wording
from consent.states import GrantDecision
from sharing.card_form import CardForm

pytestmark = pytest.mark.django_db


def cards(data: dict[str, str] | None, *codes: str, named: dict[str, NamedRecipient] | None = None) -> CardForm:
    wordings = [live_wording(code) for code in codes]
    return CardForm({"shown": "x", **data} if data else None, wordings=wordings, present={}, shown="x", named=named)


def test_a_card_asks_what_its_purpose_needs_and_no_more() -> None:
    own, consult, posting = cards(None, "own_copy", "consult", "social_media").cards()
    assert (own.recipient, own.permanence, own.named) == (None, None, "")
    assert consult.recipient is not None
    assert posting.permanence is not None


def test_who_was_named_before_is_shown_and_not_asked() -> None:
    linden = NamedRecipient("Dr Linden", "known")
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    form = cards({"answer_consult": "permit", "until_consult": until}, "consult", named={"consult": linden})
    assert form.is_valid()
    (card,) = form.cards()
    assert (card.named, card.recipient) == ("Dr Linden", None)
    (answer,) = form.answers()
    assert (answer.recipient, answer.decision) == (linden, GrantDecision.PERMIT)


def test_what_is_decided_later_leaves_no_answer() -> None:
    form = cards({"answer_own_copy": "later", "answer_family": "deny"}, "own_copy", "family")
    assert form.is_valid()
    assert [answer.purpose.pk for answer in form.answers()] == ["family"]
    assert [wording.purpose_id for wording in form.later()] == ["own_copy"]


def test_no_answer_at_all_is_no_answer() -> None:
    assert "Choose yes or no for at least one" in cards({"answer_own_copy": "later"}, "own_copy").non_field_errors()[0]
