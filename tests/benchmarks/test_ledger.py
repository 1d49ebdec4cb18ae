"""The measurement takes the middle of its rounds, and fills what it says."""

import pytest

from benchmarks import ledger
from consent.models import Grant


def test_the_median_leaves_the_first_call_out(monkeypatch) -> None:
    clock = iter([0.0, 5.0, 5.0, 6.0, 6.0, 9.0])
    monkeypatch.setattr(ledger.time, "perf_counter", lambda: next(clock))
    calls = iter([9, 1, 2, 3])
    assert ledger.median_of(lambda: next(calls), rounds=3) == (3.0, 3)


@pytest.mark.django_db
def test_it_fills_as_many_answers_as_it_says() -> None:
    ledger.fill(40)
    assert Grant.objects.count() == 40
