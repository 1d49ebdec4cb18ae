"""Reasons travel; nothing else does."""

import pytest

from sharing.errors import ClosedReason, LinkClosed, LinkRefusal, LinkRefused


@pytest.mark.parametrize("reason", ClosedReason)
def test_a_closed_door_says_its_reason_to_the_trail_only(reason: ClosedReason) -> None:
    closed = LinkClosed(reason)
    assert (str(closed), closed.reason, closed.gate) == (reason.value, reason, "")


@pytest.mark.parametrize("reason", LinkRefusal)
def test_every_refusal_names_a_way_out(reason: LinkRefusal) -> None:
    assert LinkRefused(reason).reason is reason
    assert reason.label.count(".") >= 1
    assert len(reason.label) > 20
