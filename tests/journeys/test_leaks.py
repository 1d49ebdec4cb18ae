"""The search finds what is planted, so that finding nothing means something."""

import pytest

from tests.journeys.leaks import dates, forms, leaks


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16-le", "utf-16-be"])
def test_a_planted_identifier_is_found(encoding: str) -> None:
    planted = b"\x00" * 7 + "WINTERBERG".encode(encoding) + b"\xff"
    assert encoding in leaks(planted, {"Winterberg"})
    assert leaks(b"\x00 nothing here", {"Winterberg"}) == []


def test_dates_and_names_are_searched_in_their_forms() -> None:
    assert {"19900312", "12.03.1990", "03/12/1990", "12 March 1990", "March 12, 1990"} <= set(dates("19900312"))
    assert {"Winterberg", "Ada"} <= set(forms("PN", "Winterberg^Ada"))
    assert list(forms("UI", "1.2.840.10008.1.2")) == []
