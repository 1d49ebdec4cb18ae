"""Every fault has a page that says what to do next, and nothing about why."""

import errno

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from ultrasound_portal import errors
from ultrasound_portal.clinics.access import public
from ultrasound_portal.vault.errors import KeyUnavailable, StoreUnavailable


@public
def refuse(request):
    raise PermissionDenied("the inner reason")


@public
def fail(request):
    raise RuntimeError("the inner reason")


@public
def lose(request):
    raise OperationalError("database is locked: the inner reason")


@public
def part(request):
    raise InterfaceError("connection already closed: the inner reason")


@public
def fill(request):
    raise OSError(errno.ENOSPC, "No space left on device: the inner reason")


@public
def lock(request):
    raise KeyUnavailable("the key service: the inner reason")


@public
def unplug(request):
    raise StoreUnavailable("the object store: the inner reason")


urlpatterns = [path(view.__name__, view) for view in (refuse, fail, lose, part, fill, lock, unplug)]
handler403, handler404, handler500 = errors.forbidden, errors.not_found, errors.broken


PAGES = [
    ("/refuse", 403),
    ("/fail", 500),
    ("/nowhere", 404),
    ("/lose", 503),
    ("/part", 503),
    ("/fill", 503),
    ("/lock", 503),
    ("/unplug", 503),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("where", "status"), PAGES)
def test_pages_keep_the_reason_to_themselves(where: str, status: int) -> None:
    answer = Client(raise_request_exception=False).get(where)
    assert answer.status_code == status
    assert b"<h1" in answer.content
    assert b"inner reason" not in answer.content


class AsksFirst:
    """A middleware that uses the database before any view does."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, *_):
        raise OperationalError("connection refused: the inner reason")


@pytest.mark.urls(__name__)
def test_a_database_that_is_away_before_the_view_is_reached(settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.AsksFirst"]
    answer = Client(raise_request_exception=False).get("/refuse")
    assert answer.status_code == 503
    assert b"inner reason" not in answer.content


def test_the_pages_of_the_handlers() -> None:
    request = RequestFactory().get("/")
    assert errors.bad_request(request, ValueError()).status_code == 400
    assert errors.unavailable(request).status_code == 503
    assert b"<h1" in errors.unavailable(request).content


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "a@example.org", "password": "x"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content
