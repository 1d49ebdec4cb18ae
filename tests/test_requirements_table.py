"""The table of requirements names every requirement once and refuses unknown numbers."""

from types import SimpleNamespace

import pytest

from tests.requirements_table import NUMBERS, pytest_collection_modifyitems, table


def test_the_table_names_each_requirement() -> None:
    page = table({"R18": [("tests/test_x.py::test_gone", "passed")]})
    assert "| R18 | `tests/test_x.py::test_gone` | passed |" in page
    assert page.count("no test yet") == len(NUMBERS) - 1
    assert "| R55 | - | no test yet |" in page


def test_a_requirement_that_does_not_exist_is_refused() -> None:
    marked = SimpleNamespace(
        nodeid="tests/test_x.py::test_y",
        user_properties=[],
        iter_markers=lambda _name: [pytest.mark.requirement("R56").mark],
    )
    with pytest.raises(pytest.UsageError, match="R56"):
        pytest_collection_modifyitems([marked])
