"""Figures become rows, and bars become words."""

from dataclasses import replace

import pytest

from benchmarks import tables
from benchmarks.floor import Floor
from benchmarks.measuring import Measured

STILL = Measured(
    kind="painted still",
    name="screen 0",
    rows=480,
    columns=640,
    frames=1,
    status="clean",
    floor=Floor(decode=0.002, master=0.001, stills=0.007, film=0.0, views=0.01, zlib=0.006),
    engine=0.040,
    stages={"decode": 0.004, "text": 0.030},
)
CINE = replace(STILL, kind="painted cine", frames=10, engine=0.3, floor=Floor(0.05, 0.05, 0.01, 0.09, 0.05, 0.01))


def test_a_row_for_each_kind() -> None:
    rows = list(tables.summary([STILL, replace(STILL, engine=0.020), replace(STILL, engine=0.100), CINE]))
    assert rows[2] == "| painted still | 3 | 1 | 10.0 | 40.0 | 4.00 x | 10.00 x |"
    assert rows[3] == "| painted cine | 1 | 10 | 20.0 | 30.0 | 1.50 x | 1.50 x |"


def test_stages_add_up_to_the_request() -> None:
    rows = list(tables.stages("painted still", [STILL]))
    assert rows[2:] == [
        "| decode | 4.00 | 4.00 | 0.40 x | 0.40 x |",
        "| text | 30.00 | 30.00 | 3.00 x | 3.00 x |",
        "| rest | 6.00 | 6.00 | 0.60 x | 0.60 x |",
    ]


def test_the_floor_is_told_by_its_parts() -> None:
    assert list(tables.floors([CINE]))[2] == "| painted cine | 5.00 | 5.00 | 1.00 | 9.00 | 5.00 |"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.020, "meets both bars"), (0.040, "meets the first bar"), (0.060, "misses the first bar")],
)
def test_bars_are_compared_in_words(seconds: float, expected: str) -> None:
    verdict, zlib, views = tables.verdicts([replace(STILL, engine=seconds)], memory=None, rates={})
    assert expected in verdict
    assert zlib.endswith(f"PNG with zlib: {seconds / 0.016:.2f} x")
    assert views.endswith(f"all that is written, the reviewer's views too: {seconds / 0.020:.2f} x")


def test_a_run_says_memory_and_speed() -> None:
    lines = list(tables.verdicts([CINE], memory=512.3, rates={1: 2.0, 2: 3.9}))
    assert "1.50 x decode + encode" in lines[0]
    assert "film alone, without master and stills: 2.14 x" in lines[3]
    assert lines[4].endswith("512 MiB: meets the first bar (at most 600 MB), not the second (300 MB)")
    assert lines[6] == "- `--jobs 2`: 3.90 stills a second, 1.95 times that of one job"


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (9, 9), (10, 9), (11, 10), (100, 90)])
def test_nine_of_ten_do_not_exceed_the_p90(count: int, expected: int) -> None:
    assert tables.p90(range(1, count + 1)) == expected
