"""The search finds what is planted, so that finding nothing means something."""

import json
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.journeys.leaks import dates, forms, leaks, traces


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16-le", "utf-16-be"])
def test_a_planted_identifier_is_found(encoding: str) -> None:
    planted = b"\x00" * 7 + "WINTERBERG".encode(encoding) + b"\xff"
    assert encoding in leaks(planted, {"Winterberg"})
    assert leaks(b"\x00 nothing here", {"Winterberg"}) == []


def test_dates_and_names_are_searched_in_their_forms() -> None:
    assert {"19900312", "12.03.1990", "03/12/1990", "12 March 1990", "March 12, 1990"} <= set(dates("19900312"))
    assert {"Winterberg", "Ada"} <= set(forms("PN", "Winterberg^Ada"))
    assert list(forms("UI", "1.2.840.10008.1.2")) == []


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz"])
@pytest.mark.parametrize(
    "write", [bytes.hex, lambda data: data.hex().upper(), lambda data: b64encode(data).decode(), quote]
)
def test_a_value_written_otherwise_is_found(before: bytes, write: Callable[[bytes], str]) -> None:
    planted = write(before + "Qvyxlendörf Zubrilka".encode() + b" and more")
    assert traces(planted.encode(), {"Qvyxlendörf Zubrilka"}) - {"latin-1"}
    assert traces(write(b"nothing of that kind in here, for sure").encode(), {"Qvyxlendörf Zubrilka"}) == set()


def test_a_value_inside_json_is_found() -> None:
    assert traces(json.dumps({"x": "Qvyxlendörf"}).encode(), {"Qvyxlendörf"}) == {"JSON"}
