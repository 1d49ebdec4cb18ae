"""An outcome is clean without a reason or held with one, never in between."""

import pytest

from deid.engine.errors import HoldReason
from deid.engine.findings import Flag, Outcome, Outputs, Status


def outcome(status: Status, reason: HoldReason | None) -> Outcome:
    return Outcome(status=status, reason=reason, boxes=(), outputs=Outputs(), seconds={}, rows=1, columns=1, frames=1)


def test_held_outcome_carries_its_reason() -> None:
    assert outcome(Status.HELD, HoldReason.TEXT_LEFT).reason is HoldReason.TEXT_LEFT


def test_an_outcome_without_flags_has_an_empty_set() -> None:
    assert outcome(Status.CLEAN, None).flags == frozenset()
    assert Flag("fetal_sex") is Flag.FETAL_SEX


@pytest.mark.parametrize(("status", "reason"), [(Status.HELD, None), (Status.CLEAN, HoldReason.AREA_UNCERTAIN)])
def test_half_outcome_is_refused(status: Status, reason: HoldReason | None) -> None:
    with pytest.raises(ValueError):
        outcome(status, reason)
