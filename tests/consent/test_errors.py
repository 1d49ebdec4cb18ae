"""Reasons of consent explain themselves."""

import pytest

from consent.errors import EXPLANATIONS, ConsentRefused, RefusalReason


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_has_a_sentence_with_a_way_out(reason: RefusalReason) -> None:
    explanation = ConsentRefused(reason).explanation
    assert explanation == EXPLANATIONS[reason]
    assert explanation.count(".") >= 2 or reason is RefusalReason.PERMANENCE_NOT_ACKNOWLEDGED
    assert explanation.endswith(".")


def test_the_exception_carries_its_reason_and_nothing_else() -> None:
    refused = ConsentRefused(RefusalReason.NO_END)
    assert refused.reason is RefusalReason.NO_END
    assert refused.args == ("no_end",)
