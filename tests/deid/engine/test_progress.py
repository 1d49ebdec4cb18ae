"""How far a long run is, in numbers only: one changing line on a terminal, lines in a log."""

import io
import time

import pytest

from deid.engine.progress import Progress, spoken


class Terminal(io.StringIO):
    """A stream that says of itself that somebody watches it."""

    def isatty(self) -> bool:
        return True


def test_the_last_line_counts_everything() -> None:
    stream = io.StringIO()
    with Progress(4, stream) as progress:
        progress.count("clean", earlier=True)
        progress.count("clean")
        progress.count("held")
        progress.count("rejected")
    assert stream.getvalue() == "4/4 done, 1 held, 1 rejected, 1 from an earlier run\n"


def test_a_log_gets_a_line_every_few_seconds() -> None:
    stream = io.StringIO()
    with Progress(2, stream, every=0.02) as progress:
        until = time.monotonic() + 10
        while stream.getvalue().count("\n") < 3 and time.monotonic() < until:
            time.sleep(0.01)
        progress.count("clean")
    lines = stream.getvalue().splitlines()
    assert lines[0] == "0/2 done, 0 held, 0 rejected"
    assert len(lines) >= 4
    assert "\r" not in stream.getvalue()


def test_a_terminal_gets_one_line_that_changes() -> None:
    stream = Terminal()
    with Progress(1, stream, every=0.02) as progress:
        time.sleep(0.1)
        progress.count("clean")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("\r\x1b[K1/1 done, 0 held, 0 rejected\n")


def test_a_narrow_terminal_gets_a_line_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    stream = Terminal()
    with Progress(1, stream):
        pass
    assert stream.getvalue() == "\r\x1b[K0/1 done, 0\n"


def test_rate_and_time_left_follow_the_inputs_done_in_this_run(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    progress = Progress(100, io.StringIO())
    for _ in range(50):
        progress.count("clean", earlier=True)
    assert "left" not in progress.line()
    for _ in range(10):
        moment += 4.0
        progress.count("clean")
    assert progress.line() == "60/100 done, 0 held, 0 rejected, 50 from an earlier run, 15.0 a minute, 2 min 40 s left"
    for _ in range(20):
        moment += 0.01
        progress.count("clean")
    assert progress.line().endswith("44.8 a minute, 27 s left")


def test_a_quick_run_counts_by_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    progress = Progress(400, io.StringIO())
    for _ in range(200):
        moment += 0.25
        progress.count("clean")
    assert progress.line() == "200/400 done, 0 held, 0 rejected, 4.0 a second, 50 s left"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (190.0, "3 min 10 s"),
        (3600.0, "1 h 00 min"),
        (9e4, "25 h 00 min"),
    ],
)
def test_times_are_told_in_two_units(seconds: float, expected: str) -> None:
    assert spoken(seconds) == expected
