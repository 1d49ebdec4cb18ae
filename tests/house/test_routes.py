"""Every route declares who may use it."""

from collections.abc import Iterable

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path


def undeclared(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    """Name the routes whose view carries no access rule."""
    found = []
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += undeclared(entry.url_patterns, route)
        elif not getattr(entry.callback, "access_rule", ""):
            found.append(route)
    return found


@pytest.mark.requirement("R48")
def test_every_route_declares_its_rule() -> None:
    assert undeclared(get_resolver().url_patterns) == []


def test_a_route_without_rule_is_seen() -> None:
    def open_door(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert undeclared([path("door/", open_door)]) == ["door/"]
