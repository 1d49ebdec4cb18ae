"""What is typed in a sitting from afar."""

import pytest
from django.utils import timezone

from consent.models import Grant
from consent.states import GrantDecision
from sharing.remote_form import RemoteForm, SigningForm
from tests.factories.sharing import Scene

pytestmark = pytest.mark.django_db


def test_a_name_stands_under_a_no_as_well() -> None:
    form = RemoteForm({"shown": "a"}, wordings=[], present={}, shown="a")
    assert form.errors["name"] == ["Type your name, as your signature."]


def test_answers_to_something_else_are_refused() -> None:
    form = RemoteForm({"shown": "b", "name": "Anna"}, wordings=[], present={}, shown="a")
    assert "have changed" in form.errors["shown"][0]


def signing(grant: Grant, **said: str) -> SigningForm:
    data = {"shown": "a", "name": "Kim", **said} if said else None
    return SigningForm(data, waiting=[grant], shown="a", mails=False)


def test_a_second_person_is_asked_for_an_answer_and_a_name_alone(scene: Scene) -> None:
    form = signing(scene.grant)
    assert set(form.fields) == {"name", "drawing", "shown", "answer_own_copy"}
    (card,) = form.cards()
    assert (card.grant, card.named, card.answer.value()) == (scene.grant, "", None)


@pytest.mark.parametrize("decision", GrantDecision)
def test_a_yes_ends_with_the_one_it_is_put_under(scene: Scene, decision: GrantDecision) -> None:
    form = signing(scene.grant, answer_own_copy=decision.value)
    assert form.is_valid()
    end = scene.grant.valid_until if decision is GrantDecision.PERMIT else None
    assert [(answer.decision, answer.valid_until) for answer in form.answers()] == [(decision, end)]
    if end:
        sooner = timezone.now()
        assert form.answers(sooner)[0].valid_until == sooner


def test_saying_nothing_is_no_answer(scene: Scene) -> None:
    assert not signing(scene.grant, answer_own_copy="later").is_valid()
