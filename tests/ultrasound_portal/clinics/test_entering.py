"""Between password and second factor somebody is known to the session and signed in to nothing."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from tests.factories.clinics import make_user
from ultrasound_portal.clinics import entering
from ultrasound_portal.clinics.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def request_of_ada(ada: User) -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    entering.begin(request, ada, "/desk/audit/")
    return request


def test_the_person_and_the_way_on_are_kept(request_of_ada: HttpRequest, ada: User) -> None:
    assert entering.person(request_of_ada) == ada
    assert entering.way_on(request_of_ada) == "/desk/audit/"


def test_nobody_is_entering_at_first() -> None:
    request = HttpRequest()
    request.session = SessionStore()
    assert entering.person(request) is None
    assert entering.way_on(request) == ""


def test_it_lapses(request_of_ada: HttpRequest) -> None:
    request_of_ada.session[entering.KEY]["at"] -= entering.SECONDS + 1
    assert entering.person(request_of_ada) is None


@pytest.mark.parametrize("change", ["password", "left"])
def test_a_changed_password_or_an_account_that_was_closed_ends_it(
    request_of_ada: HttpRequest, ada: User, change: str
) -> None:
    if change == "password":
        ada.set_password("another quiet river")
    ada.is_active = change == "password"
    ada.save()
    assert entering.person(request_of_ada) is None
