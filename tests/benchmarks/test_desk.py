"""The desk is measured on pages that answer, and their queries are counted."""

from itertools import count

import pytest

from benchmarks import desk


def test_the_median_and_the_queries_of_the_last_answer_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 9.0, 9.0, 10.0, 10.0, 12.0])
    monkeypatch.setattr(desk.time, "perf_counter", lambda: next(clock))
    asked = count(step=5)
    assert desk.measure(lambda: 200, 3, queries=lambda: next(asked)) == {"seconds": 2.0, "queries": 5}


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_studies(django_assert_max_num_queries: object) -> None:
    """A page is asked once before, so that what is asked for once in a process does not count."""
    pages = desk.fill(30, 2, 300)
    for ask in pages.values():
        assert ask() == 200
        with django_assert_max_num_queries(32):
            ask()
