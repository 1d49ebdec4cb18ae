"""An administrator's limits are whole days in order."""

import pytest

from sharing.limit_forms import LimitsForm


@pytest.mark.parametrize(
    ("usual", "longest", "valid"),
    [("7", "30", True), ("30", "30", True), ("31", "30", False), ("0", "30", False), ("7", "366", False)],
)
def test_limits_are_in_order_and_have_an_end(usual: str, longest: str, valid: bool) -> None:
    assert LimitsForm({"usual_days": usual, "longest_days": longest}).is_valid() is valid


@pytest.mark.parametrize("typed", ["", "never", "7.5", "\u0667x"])
def test_never_is_no_number_of_days(typed: str) -> None:
    assert not LimitsForm({"usual_days": "7", "longest_days": typed}).is_valid()
