"""A view is open to whom it says, and another clinic's things are as absent as things that never were."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.factories.clinics import make_clinic, make_member, make_user
from ultrasound_portal.clinics.access import (
    TOO_LATE,
    Capability,
    StaffRequest,
    actor_of,
    in_clinic_or_404,
    membership_of,
    public,
    requires,
)
from ultrasound_portal.clinics.models import BrandKit, Role
from ultrasound_portal.urls import urlpatterns as portal_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@requires(Capability.RELEASE)
def release(request: StaffRequest, word: str) -> HttpResponse:
    """Answer with who is asking."""
    return HttpResponse(f"{word} {request.clinic.name} {request.membership.role} {actor_of(request)}")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [*portal_patterns, path("t/release/<str:word>/", release), path("t/open/", open_to_all)]


def signed_in(client: Client, role: Role = Role.CLINICIAN) -> Client:
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
    answer = signed_in(client, Role.SONOGRAPHER).get("/t/release/hello/")
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
    second = make_member(make_clinic("Riverbank"), Role.ADMINISTRATOR)
    second.user = member.user
    second.save()
    client.force_login(member.user)
    assert b"Hillside" in client.get("/t/release/hello/").content
    session = client.session
    session["clinic_id"] = str(second.clinic_id)
    session.save()
    assert b"Riverbank Scans administrator".replace(b" Scans", b"") in client.get("/t/release/hello/").content
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


def test_views_say_their_rule() -> None:
    assert release.access_rule == Capability.RELEASE
    assert open_to_all.access_rule == "public"
    assert release.__doc__ == "Answer with who is asking."


def test_an_anonymous_request_has_no_membership(client: Client) -> None:
    assert membership_of(client.get("/t/open/").wsgi_request) is None
