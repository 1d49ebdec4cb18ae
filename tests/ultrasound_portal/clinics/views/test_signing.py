"""Staff sign in with address and password; wrong tries look alike, are slowed down and recorded."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories.clinics import PASSWORD, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import throttle
from ultrasound_portal.clinics.models import Membership

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"


@pytest.fixture
def ada() -> Membership:
    return make_member(email=EMAIL)


def try_in(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_it_works(client: Client, ada: Membership) -> None:
    answer = try_in(client, email=" ADA@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ada.user.pk)
    entry = Entry.objects.get(event=Event.SIGNED_IN)
    assert (entry.actor, entry.clinic_id) == (f"user:{ada.user.pk}", ada.clinic_id)


def test_the_page_of_the_form(client: Client) -> None:
    answer = client.get("/sign-in/")
    assert answer.status_code == 200
    assert b'name="password"' in answer.content
    assert b"demo" not in answer.content


def test_a_wrong_password_keeps_the_address_and_asks_for_the_password(client: Client, ada: Membership) -> None:
    page = try_in(client, password="wrong").content.decode()
    fields = {
        kind: field for field in re.findall(r"<input [^>]*>", page) for kind in re.findall(r'type="(\w+)"', field)
    }
    assert f'value="{EMAIL}"' in fields["email"]
    assert "autofocus" not in fields["email"]
    assert "autofocus" in fields["password"]
    assert "wrong" not in fields["password"]
    assert "autofocus" in re.findall(r"<input [^>]*email[^>]*>", client.get("/sign-in/").content.decode())[0]


def test_the_demo_says_that_it_is_one(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    assert b"demo" in client.get("/sign-in/").content


def test_whoever_is_in_is_sent_on(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    assert client.get("/sign-in/").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/desk/brand/", "/desk/brand/"),
        ("https://evil.example.org/", "/"),
        ("//evil.example.org/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_goes_back_to_pages_of_ours_only(client: Client, ada: Membership, target: str, place: str) -> None:
    assert try_in(client, next=target).headers["Location"] == place


def test_a_wrong_address_and_a_wrong_password_look_the_same(client: Client, ada: Membership) -> None:
    wrong = try_in(client, password="not the right one")
    unknown = try_in(client, email="nobody@example.org")
    assert wrong.status_code == unknown.status_code == 400
    blank = [
        page.content.decode().replace(EMAIL, "").replace("nobody@example.org", "").split("csrfmiddlewaretoken")[0]
        for page in (wrong, unknown)
    ]
    assert blank[0] == blank[1]
    failures = Entry.objects.filter(event=Event.SIGN_IN_FAILED).order_by("seq")
    assert [(entry.object_id, entry.clinic_id, entry.outcome) for entry in failures] == [
        (ada.user.pk, ada.clinic_id, "refused"),
        (None, None, "refused"),
    ]
    assert EMAIL not in str(list(Entry.objects.values()))


def test_an_incomplete_form_is_shown_again(client: Client) -> None:
    answer = try_in(client, email="no address")
    assert answer.status_code == 400
    assert not Entry.objects.exists()


@pytest.mark.requirement("R39")
def test_after_five_wrong_tries_even_the_right_password_waits(client: Client, ada: Membership) -> None:
    for _ in range(throttle.TRIES_PER_USER):
        try_in(client, password="not the right one")
    answer = try_in(client)
    assert answer.status_code == 429
    assert b"Wait a few minutes" in answer.content
    assert (
        client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9").headers["Location"]
        == "/"
    )


def test_a_forwarded_address_is_not_believed(client: Client, ada: Membership) -> None:
    for number in range(throttle.TRIES_PER_USER):
        client.post(
            "/sign-in/",
            {"email": EMAIL, "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
    assert try_in(client).status_code == 429


def test_a_person_who_left_cannot_sign_in(client: Client, ada: Membership) -> None:
    ada.user.is_active = False
    ada.user.save()
    assert try_in(client).status_code == 400


def test_the_session_is_a_new_one_after_signing_in(client: Client, ada: Membership) -> None:
    session = client.session
    session["kept"] = True
    session.save()
    before = session.session_key
    try_in(client)
    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_clears_the_browser(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    answer = client.post("/sign-out/")
    assert answer.headers["Location"] == "/sign-in/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session
    assert Entry.objects.get(event=Event.SIGNED_OUT).actor == f"user:{ada.user.pk}"


def test_signing_out_is_a_post_and_harmless_for_strangers(client: Client) -> None:
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert not Entry.objects.exists()
