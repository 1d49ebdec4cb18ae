"""Neither query strings nor requests reach a log line."""

import logging
from contextlib import suppress

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from ultrasound_portal.logs import NOWHERE, RequestLineFilter


def record(name: str, message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "x.py", 1, message, args, None)


def test_query_strings_are_cut_from_djangos_lines() -> None:
    line = record("django.request", "%s: %s", "Not Found", "/v/?token=secret&name=anna")
    line.request = object()
    assert RequestLineFilter().filter(line)
    assert line.getMessage() == "Not Found: /v/"
    assert not hasattr(line, "request")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/desk/study/Quillenstrand/", NOWHERE),
        ("/Oddbjorga Quillenstrand", NOWHERE),
        ("/desk/", "/desk/"),
        ("/desk/study/6a47155a-9baf-4402-af79-2cf5228efcf4/", "/desk/study/6a47155a-9baf-4402-af79-2cf5228efcf4/"),
    ],
)
def test_an_address_that_leads_nowhere_is_not_repeated(path: str, told: str) -> None:
    request = RequestFactory().get("/")
    request.path = path
    with suppress(Resolver404):
        request.resolver_match = resolve(path)
    line = record("django.request", "%s: %s", "Not Found", path)
    line.request = request
    RequestLineFilter().filter(line)
    assert line.getMessage() == f"Not Found: {told}"


def test_other_lines_stay_as_they_are() -> None:
    line = record("deid.services", "why? %s", "because")
    assert RequestLineFilter().filter(line)
    assert line.getMessage() == "why? because"
