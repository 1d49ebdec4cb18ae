"""A view is open to whom it says, and another clinic's things are as absent as things that never were."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from tests.factories.clinics import EVERY_RIGHT, PASSWORD, make_clinic, make_member, make_user
from ultrasound_portal.clinics.access import (
    TOO_LATE,
    Capability,
    EnteringRequest,
    StaffRequest,
    actor_of,
    entering,
    in_clinic_or_404,
    membership_of,
    public,
    requires,
    signed_in,
)
from ultrasound_portal.clinics.models import BrandKit, SignIn
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.sign_ins import FRESH
from ultrasound_portal.urls import urlpatterns as portal_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@requires(Capability.RELEASE)
def release(request: StaffRequest, word: str) -> HttpResponse:
    """Answer with who is asking."""
    return HttpResponse(f"{word} {request.clinic.name} {request.membership.roles} {actor_of(request)}")


@requires(Capability.RELEASE, proved_within=FRESH)
def signs(request: StaffRequest) -> HttpResponse:
    return HttpResponse("signed")


@requires(Capability.RELEASE, proved_within=FRESH, even_to_read=True)
def takes_away(request: StaffRequest) -> HttpResponse:
    return HttpResponse("taken")


@requires(Capability.RELEASE, while_locked=True)
def goes_on(request: StaffRequest) -> HttpResponse:
    return HttpResponse("gone on")


@signed_in()
def of_everybody(request: StaffRequest) -> HttpResponse:
    return HttpResponse(str(request.membership))


@entering
def half_way(request: EnteringRequest) -> HttpResponse:
    return HttpResponse(str(request.person.pk))


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [*portal_patterns, path("t/release/<str:word>/", release), path("t/open/", open_to_all)]
urlpatterns += [path("t/signs/", signs), path("t/takes/", takes_away), path("t/on/", goes_on)]
urlpatterns += [path("t/all/", of_everybody), path("t/half/", half_way)]


def signed_in_client(client: Client, role: Role = Role.CLINICIAN) -> Client:
    client.force_login(make_member(role=role).user)
    return client


def test_it_works(client: Client) -> None:
    member = make_member()
    client.force_login(member.user)
    assert client.get("/t/release/hello/").content.decode() == (f"hello Hillside Scans clinician user:{member.user.pk}")


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client: Client) -> None:
    answer = client.get("/t/release/hello/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/t/release/hello/")
    assert client.get("/t/open/").status_code == 200


def test_a_form_that_came_too_late_leads_back_to_its_page_and_says_so(client: Client) -> None:
    sent_from = {"Referer": "http://testserver/t/release/hello/?page=2"}
    answer = client.post("/t/release/hello/", headers=sent_from)
    assert answer.headers["Location"] == "/sign-in/?next=/t/release/hello/"
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [TOO_LATE]


def test_a_form_from_nowhere_leads_to_the_start(client: Client) -> None:
    assert client.post("/t/release/hello/").headers["Location"] == "/sign-in/?next=/"


def test_a_role_without_the_capability_sees_a_page_that_says_so(client: Client) -> None:
    answer = signed_in_client(client, Role.SONOGRAPHER).get("/t/release/hello/")
    assert answer.status_code == 403
    assert b"administrator" in answer.content
    assert b"hello Hillside" not in answer.content


def test_a_person_without_a_clinic_is_refused(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/t/release/hello/").status_code == 403


def test_a_person_who_left_is_asked_to_sign_in(client: Client) -> None:
    member = make_member()
    client.force_login(member.user)
    member.user.is_active = False
    member.user.save()
    assert client.get("/t/release/hello/").status_code == 302


def test_the_session_keeps_the_chosen_clinic(client: Client) -> None:
    member = make_member()
    second = make_member(make_clinic("Riverbank"), EVERY_RIGHT)
    second.user = member.user
    second.save()
    client.force_login(member.user)
    assert b"Hillside" in client.get("/t/release/hello/").content
    session = client.session
    session["clinic_id"] = str(second.clinic_id)
    session.save()
    assert b"Riverbank clinician,administrator" in client.get("/t/release/hello/").content
    session["clinic_id"] = str(make_clinic("Elsewhere").pk)
    session.save()
    assert b"Hillside" in client.get("/t/release/hello/").content


@pytest.mark.requirement("R42")
def test_another_clinics_object_is_not_there() -> None:
    member = make_member()
    request = HttpRequest()
    request.clinic = member.clinic
    own = member.clinic.brand_kits.get()
    assert in_clinic_or_404(BrandKit, request, own.pk) == own
    for pk in (make_clinic().brand_kits.get().pk, uuid4()):
        with pytest.raises(Http404):
            in_clinic_or_404(BrandKit, request, pk)


def test_what_is_signed_for_asks_for_a_fresh_proof_and_reading_does_not(client: Client) -> None:
    signed_in_client(client)
    assert client.post("/t/signs/").content == b"signed"
    SignIn.objects.update(proved_at=timezone.now() - FRESH - timedelta(minutes=1))
    assert client.get("/t/signs/").content == b"signed"
    assert client.post("/t/signs/").status_code == 403
    assert client.post("/t/signs/", headers={"Sec-Fetch-Mode": "cors"}).content == b""
    assert client.get("/t/takes/").headers["Location"] == "/desk/locked/?next=%2Ft%2Ftakes%2F"
    assert client.post("/t/signs/", {"proof_password": PASSWORD}).content == b"signed"
    assert client.get("/t/takes/").content == b"taken"


def test_a_locked_desk_shows_nothing_but_what_goes_on_behind_it(client: Client) -> None:
    signed_in_client(client)
    SignIn.objects.update(locked_at=timezone.now())
    assert client.get("/t/all/").headers["Location"] == "/desk/locked/?next=%2Ft%2Fall%2F"
    assert client.get("/t/on/").content == b"gone on"


def test_everybody_who_is_signed_in_has_an_account(client: Client) -> None:
    assert client.get("/t/all/").headers["Location"] == "/sign-in/?next=/t/all/"
    client.force_login(make_user())
    assert client.get("/t/all/").content == b"None"


def test_half_way_in_is_a_place_of_its_own(client: Client) -> None:
    assert client.get("/t/half/").headers["Location"] == "/sign-in/"
    user = make_user(email="ada@example.org")
    client.post("/sign-in/", {"email": "ada@example.org", "password": PASSWORD})
    assert client.get("/t/half/").content.decode() == str(user.pk)
    assert client.get("/t/all/").status_code == 302


def test_views_say_their_rule() -> None:
    assert release.access_rule == Capability.RELEASE
    assert (of_everybody.access_rule, half_way.access_rule) == ("signed_in", "entering")
    assert open_to_all.access_rule == "public"
    assert release.__doc__ == "Answer with who is asking."


def test_an_anonymous_request_has_no_membership(client: Client) -> None:
    assert membership_of(client.get("/t/open/").wsgi_request) is None
