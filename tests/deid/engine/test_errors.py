"""Every reason to refuse or hold is explained with a way out."""

import pytest

from deid.engine.errors import EXPLANATIONS, Held, HoldReason, Rejected, RejectReason


@pytest.mark.parametrize("reason", [*RejectReason, *HoldReason])
def test_every_reason_names_a_way_out(reason: RejectReason | HoldReason) -> None:
    explanation = EXPLANATIONS[reason]

    assert explanation.endswith(".")
    assert explanation.count(".") >= 2


def test_exceptions_carry_the_reason_and_nothing_else() -> None:
    assert Rejected(RejectReason.EMPTY).args == ("empty",)
    assert Held(HoldReason.TEXT_LEFT).reason is HoldReason.TEXT_LEFT
