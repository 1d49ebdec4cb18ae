"""A pytest plug-in: `--requirements` writes the table of requirement, test and result into docs/requirements.md."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "requirements.md"
NUMBERS = [f"R{number}" for number in range(1, 56)]
HEAD = """# Requirements and the tests that show them

Written by `script/test --requirements`. A requirement is met where all of its tests passed; one without a test is
not claimed.

| requirement | test | result |
|---|---|---|
"""

Results = Mapping[str, Iterable[tuple[str, str]]]


def table(results: Results) -> str:
    """Return the page for results of the form requirement -> (test, outcome)."""
    rows = []
    for number in NUMBERS:
        shown = sorted(results.get(number, ()))
        rows += [f"| {number} | `{test}` | {outcome} |" for test, outcome in shown] or [
            f"| {number} | - | no test yet |"
        ]
    return HEAD + "\n".join(rows) + "\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="write docs/requirements.md")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in item.iter_markers("requirement"):
            for number in marker.args:
                if number not in NUMBERS:
                    raise pytest.UsageError(f"{item.nodeid}: there is no requirement {number!r}")
                item.user_properties.append(("requirement", number))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--requirements"):
        return
    results: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, number in getattr(report, "user_properties", ()):
                if name == "requirement":
                    results[str(number)].add((re.sub(r"\[.*\]$", "", report.nodeid), outcome))
    PAGE.write_text(table(results))
    terminalreporter.write_line(f"wrote {PAGE.name}: {len(results)} of {len(NUMBERS)} requirements have a test")
