"""The engine's own score of a small planted set, and the page that tells it."""

from itertools import islice

import pytest

from benchmarks import headers
from benchmarks.planting import planted
from benchmarks.scoring import BEST_PUBLISHED, Action, Result, score
from deid.engine.cage import Cage


@pytest.mark.requirement("R32")
def test_the_engine_meets_the_bar() -> None:
    cage = Cage(size=1)
    try:
        results, undelivered = headers.run(islice(planted(1), 2), cage)
    finally:
        cage.close()
    assert undelivered == []
    assert [result for result in results if not result.passed] == []
    assert score(results) >= BEST_PUBLISHED


def test_the_page_tells_what_failed() -> None:
    results = [Result(Action.TEXT_REMOVED, "StudyID", False), Result(Action.TAG_RETAINED, "Modality", True)]
    lines = list(headers.page(results, ["patient 7"]))
    assert "| HIPAA Safe Harbor | 70 | text_removed | 1 | 0 | 0.00 |" in lines
    assert "Weighted score 30.000 %: misses the bar of 99.93 %, the best published in the challenge." in lines
    assert "- not clean, so not delivered: 1, the first of them patient 7" in lines
    assert "- failed: text_removed of StudyID, 1 times" in lines
