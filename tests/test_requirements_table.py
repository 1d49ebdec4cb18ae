"""The table of requirements names every requirement once and refuses unknown numbers."""

from tests.requirements_table import NUMBERS, table


def test_the_table_names_each_requirement() -> None:
    page = table({"R18": [("tests/test_x.py::test_gone", "passed")]})
    assert "| R18 | `tests/test_x.py::test_gone` | passed |" in page
    assert page.count("no test yet") == len(NUMBERS) - 1
    assert "| R55 | - | no test yet |" in page
