"""Neither query strings nor requests reach a log line."""

import logging

from ultrasound_portal.logs import RequestLineFilter


def record(name: str, message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "x.py", 1, message, args, None)


def test_query_strings_are_cut_from_djangos_lines() -> None:
    line = record("django.request", "%s: %s", "Not Found", "/v/?token=secret&name=anna")
    line.request = object()
    assert RequestLineFilter().filter(line)
    assert line.getMessage() == "Not Found: /v/"
    assert not hasattr(line, "request")


def test_other_lines_stay_as_they_are() -> None:
    line = record("deid.services", "why? %s", "because")
    assert RequestLineFilter().filter(line)
    assert line.getMessage() == "why? because"
