"""Every reason that can be stored has its words."""

import pytest

from deid.engine.errors import HoldReason, RejectReason
from deid.engine.geometry import Why
from deid.services.proof import SecondLook
from deid.states import Failure, Refusal
from deid.views.wording import SECOND_LOOK, WHY, explain, short

REASONS = [*RejectReason, *HoldReason, *Refusal, *Failure]


@pytest.mark.parametrize("reason", [reason.value for reason in REASONS])
def test_every_reason_has_a_sentence_and_a_short_form(reason: str) -> None:
    assert explain(reason).endswith(".")
    assert short(reason)
    assert "_" not in short(reason)


def test_no_reason_has_no_words() -> None:
    assert (explain(""), short("")) == ("", "")


def test_every_kind_of_box_has_words() -> None:
    assert set(WHY) == set(Why)


def test_every_word_of_the_second_look_is_a_sentence() -> None:
    assert set(SECOND_LOOK) == set(SecondLook)
    assert all(sentence.endswith(".") for sentence in SECOND_LOOK.values())
