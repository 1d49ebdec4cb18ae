"""Staff sign in with password and second factor; wrong tries look alike, are slowed down and recorded."""

import re

import pytest
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories.clinics import PASSWORD, code_of, give_code_app, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.models import Membership, SignIn

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"


@pytest.fixture
def ada() -> Membership:
    return make_member(email=EMAIL)


@pytest.fixture
def secret(ada: Membership) -> str:
    return give_code_app(ada.user)


def try_in(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def show(client: Client, code: str):
    return client.post("/sign-in/second/", {"code": code})


@pytest.mark.requirement("R37")
def test_it_works(client: Client, ada: Membership, secret: str) -> None:
    answer = try_in(client, email=" ADA@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/second/")
    assert client.get("/sign-in/second/").status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/").headers["Location"] == "/sign-in/?next=/desk/"
    answer = show(client, code_of(secret))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ada.user.pk)
    entry = Entry.objects.get(event=Event.SIGNED_IN)
    assert (entry.actor, entry.clinic_id, entry.detail) == (f"user:{ada.user.pk}", ada.clinic_id, {"with": "code"})
    assert client.get("/desk/").status_code == 200


def test_a_code_is_good_once(client: Client, ada: Membership, secret: str) -> None:
    code = code_of(secret)
    try_in(client)
    assert show(client, code).status_code == 302
    client.post("/sign-out/")
    try_in(client)
    answer = show(client, code)
    assert answer.status_code == 400
    assert b"used before" in answer.content
    assert Entry.objects.get(event=Event.SECOND_FACTOR_REFUSED).object_id == ada.user.pk
    assert show(client, code_of(secret, steps=1)).status_code == 302


def test_a_recovery_code_signs_in_once(client: Client, ada: Membership, secret: str) -> None:
    spare = second_factors.make_recovery_codes(ada.user)[3]
    try_in(client)
    assert show(client, f"{spare[:5]} {spare[5:]}").status_code == 302
    assert Entry.objects.get(event=Event.SIGNED_IN).detail == {"with": "recovery"}
    client.post("/sign-out/")
    try_in(client)
    assert show(client, spare).status_code == 400
    assert second_factors.codes_left(ada.user) == 9


@pytest.mark.requirement("R39")
def test_wrong_codes_are_slowed_down_whatever_the_address(client: Client, ada: Membership, secret: str) -> None:
    try_in(client)
    answers = [
        client.post("/sign-in/second/", {"code": "1"}, REMOTE_ADDR=f"192.0.2.{number}")
        for number in range(configured.AXES_FAILURE_LIMIT)
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 429]
    assert b"try again in 15 minutes" in answers[-1].content
    assert show(client, code_of(secret)).status_code == 429
    assert Entry.objects.get(event=Event.TRIES_SLOWED).object_id == ada.user.pk
    AccessAttempt.objects.update(attempt_time=timezone.now() - configured.AXES_COOLOFF_TIME)
    assert show(client, code_of(secret)).status_code == 302


def test_the_second_step_waits_ten_minutes(client: Client, ada: Membership, secret: str) -> None:
    try_in(client)
    session = client.session
    session["entering"] = {**session["entering"], "at": session["entering"]["at"] - 601}
    session.save()
    assert show(client, code_of(secret)).headers["Location"] == "/sign-in/"
    assert b"ten minutes" in client.get("/sign-in/").content


def test_a_changed_password_ends_the_second_step(client: Client, ada: Membership, secret: str) -> None:
    try_in(client)
    ada.user.set_password("another quiet river")
    ada.user.save()
    assert show(client, code_of(secret)).headers["Location"] == "/sign-in/"


@pytest.mark.requirement("R37")
def test_whoever_has_no_second_factor_sets_one_up_first(client: Client, ada: Membership) -> None:
    assert try_in(client).headers["Location"] == "/sign-in/set-up/"
    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/set-up/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("demo", "bind", "here", "let_in"),
    [
        (True, "127.0.0.1", "127.0.0.1", True),
        (True, "127.0.0.1", "192.0.2.7", False),
        (True, "0.0.0.0", "127.0.0.1", False),
        (False, "127.0.0.1", "127.0.0.1", False),
    ],
)
@pytest.mark.requirement("R37")
def test_the_demos_people_need_no_factor_in_a_demo_on_this_machine_and_get_in_nowhere_else(
    client: Client, ada: Membership, settings: Settings, demo: bool, bind: str, here: str, let_in: bool
) -> None:
    settings.DEMO, settings.PORTAL_BIND = demo, bind
    ada.user.is_demo = True
    ada.user.save()
    answer = client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}, REMOTE_ADDR=here)
    assert answer.status_code == (302 if let_in else 400)
    assert client.get("/desk/", REMOTE_ADDR=here).status_code == (200 if let_in else 302)


@pytest.mark.requirement("R37")
def test_a_demo_session_ends_with_the_demo(client: Client, ada: Membership, settings: Settings) -> None:
    settings.DEMO = True
    ada.user.is_demo = True
    ada.user.save()
    try_in(client)
    assert client.get("/desk/").status_code == 200
    settings.DEMO = False
    assert client.get("/desk/").headers["Location"] == "/sign-in/?next=/desk/"


def test_a_real_account_gets_no_exemption_in_a_demo(client: Client, ada: Membership, settings: Settings) -> None:
    settings.DEMO = True
    assert try_in(client).headers["Location"] == "/sign-in/set-up/"


def test_a_demo_account_with_a_factor_is_asked_for_it(
    client: Client, ada: Membership, secret: str, settings: Settings
) -> None:
    settings.DEMO = True
    ada.user.is_demo = True
    ada.user.save()
    assert try_in(client).headers["Location"] == "/sign-in/second/"


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 3}', '{"response": {"userHandle": "AAAA"}}'])
def test_an_odd_passkey_opens_nothing(client: Client, ada: Membership, answer: str) -> None:
    assert "challenge" in client.post("/sign-in/passkey/question/").json()["publicKey"]
    page = client.post("/sign-in/passkey/", {"credential": answer})
    assert page.status_code == 400
    assert b"does not open the portal" in page.content
    assert Entry.objects.filter(event=Event.SIGN_IN_FAILED).count() == 1


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
def test_it_goes_back_to_pages_of_ours_only(
    client: Client, ada: Membership, secret: str, target: str, place: str
) -> None:
    try_in(client, next=target)
    assert show(client, code_of(secret)).headers["Location"] == place


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


@pytest.mark.requirement("R39")
def test_an_address_that_nobody_has_is_slowed_down_like_one_that_somebody_has(client: Client, ada: Membership) -> None:
    pages = [
        [try_in(client, email=email, password="wrong") for _ in range(configured.AXES_FAILURE_LIMIT + 1)]
        for email in (EMAIL, "nobody@example.org")
    ]
    assert [one.status_code for one in pages[0]] == [one.status_code for one in pages[1]]


@pytest.mark.requirement("R39")
def test_wrong_passkeys_are_slowed_down_too(client: Client, ada: Membership) -> None:
    answers = [
        client.post("/sign-in/passkey/", {"credential": "{}"}).status_code
        for _ in range(configured.AXES_FAILURE_LIMIT + 1)
    ]
    assert answers == [400, 400, 400, 400, 429, 429]


def test_an_incomplete_form_is_shown_again(client: Client) -> None:
    answer = try_in(client, email="no address")
    assert answer.status_code == 400
    assert not Entry.objects.exists()


@pytest.mark.requirement("R39")
def test_after_five_wrong_tries_even_the_right_password_waits(client: Client, ada: Membership) -> None:
    answers = [try_in(client, password="not the right one") for _ in range(configured.AXES_FAILURE_LIMIT)]
    answers += [try_in(client), try_in(client)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 429, 429, 429]
    assert b"try again in 15 minutes" in answers[-1].content
    assert Entry.objects.filter(event=Event.SIGN_IN_FAILED).count() == 5
    assert Entry.objects.get(event=Event.TRIES_SLOWED).object_id == ada.user.pk
    assert (
        client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9").headers["Location"]
        == "/sign-in/set-up/"
    )


def test_a_forwarded_address_is_not_believed(client: Client, ada: Membership) -> None:
    for number in range(configured.AXES_FAILURE_LIMIT):
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


def test_the_session_is_a_new_one_after_each_step(client: Client, ada: Membership, secret: str) -> None:
    session = client.session
    session["kept"] = True
    session.save()
    keys = {session.session_key}
    try_in(client)
    keys.add(client.session.session_key)
    show(client, code_of(secret))
    assert len({*keys, client.session.session_key}) == 3


def test_signing_out_ends_the_session_and_clears_the_browser(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    answer = client.post("/sign-out/")
    assert answer.headers["Location"] == "/sign-in/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session
    assert not SignIn.objects.exists()
    assert Entry.objects.get(event=Event.SIGNED_OUT).actor == f"user:{ada.user.pk}"


def test_signing_out_is_a_post_and_harmless_for_strangers(client: Client) -> None:
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert not Entry.objects.exists()
