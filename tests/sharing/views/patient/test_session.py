"""The visitor's cookie and the page of every closed door."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from sharing.views.patient import session

pytestmark = pytest.mark.django_db


def test_the_cookie_is_secure_where_the_portal_is() -> None:
    response = HttpResponse()
    with override_settings(SESSION_COOKIE_SECURE=True):
        session.begin(response, "value")
    cookie = response.cookies[session.VISIT.cookie]
    assert cookie["secure"]
    assert cookie["max-age"] == 2 * 3600


def test_a_view_behind_the_door_says_so() -> None:
    @session.session_required
    def view(request: session.VisitRequest) -> HttpResponse:
        return HttpResponse(request.visit.link.purpose_code)

    assert view.access_rule == "open link"  # type: ignore[attr-defined]
    assert view(RequestFactory().get("/v/pictures/")).status_code == 404


def test_the_end_takes_the_cookie_back() -> None:
    response = HttpResponse()
    session.end(response)
    assert response.cookies[session.VISIT.cookie]["max-age"] == 0
    assert response.cookies[session.VISIT.cookie]["path"] == "/v/"
