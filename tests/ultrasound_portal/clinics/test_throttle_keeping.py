"""The tables of wrong tries hold digests and nothing that a visitor sent, and so does the log."""

import logging

import pytest
from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory
from django.urls import get_resolver

from tests.factories.clinics import PASSWORD, make_member
from ultrasound_portal.clinics import throttle, throttle_keeping

pytestmark = pytest.mark.django_db
EMAIL, ADDRESS, AGENT = "ada.vornbeck@example.org", "192.0.2.71", "Quillenstrand/1.0"


@pytest.mark.requirement("R39")
@pytest.mark.parametrize("password", ["wrong Thessaly", PASSWORD], ids=["wrong", "right"])
def test_nothing_that_was_sent_is_kept_or_logged(caplog: pytest.LogCaptureFixture, password: str) -> None:
    make_member(email=EMAIL)
    with caplog.at_level(logging.DEBUG):
        for _ in range(6):
            Client().post(
                "/sign-in/?next=/desk/Oddbjorga/",
                {"email": EMAIL, "password": password, "next": "/desk/Ellingsen/", "Philippina": "Philippina"},
                REMOTE_ADDR=ADDRESS,
                headers={"User-Agent": AGENT, "Accept": "text/Quillenstrand"},
            )
    kept = [list(table.objects.values()) for table in (AccessAttempt, AccessFailureLog, AccessLog)]
    assert [len(rows) for rows in kept] == [0 if password == PASSWORD else 1, 0, 0]
    assert not AccessAttemptExpiration.objects.exists()
    for planted in (EMAIL, "vornbeck", ADDRESS, AGENT, "Thessaly", "Oddbjorga", "Ellingsen", "Philippina", "desk"):
        assert planted.casefold() not in str(kept).casefold()
        assert planted not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("axes"))


def test_a_request_itself_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(TypeError, match="never as the request itself"):
        authenticate(RequestFactory().post("/sign-in/"), username=EMAIL, password="wrong")
    assert not AccessAttempt.objects.exists()


def test_a_digest_has_a_key_and_its_own_scope() -> None:
    here = RequestFactory().get("/", REMOTE_ADDR=ADDRESS)
    kinds = (throttle.by_password(here, EMAIL), throttle.by_passkey(here), throttle.by_code(make_member().user.pk))
    assert len({throttle_keeping.who(one, {}) for one in kinds}) == 3
    assert kinds[0].META["REMOTE_ADDR"] == kinds[1].META["REMOTE_ADDR"] != kinds[2].META["REMOTE_ADDR"]
    assert throttle_keeping.who(here, {}) == ""


def test_axes_brings_no_page() -> None:
    assert not [route for route in get_resolver().reverse_dict if "axes" in str(route)]
