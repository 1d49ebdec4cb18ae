"""Administrators see their strip, try a new one out, and publish it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories.clinics import make_clinic, make_member
from ultrasound_portal.clinics.models import BrandKit, Membership
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
NEW = {"name": "Hillside", "line": "hillside.example", "background": "#223344", "ink": "#ffffff"}


@pytest.fixture
def admin(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    return member


def a_picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, format="PNG")
    return out.getvalue()


def a_logo() -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", a_picture(20, 20), content_type="image/png")


def test_it_works(client: Client, admin: Membership) -> None:
    page = client.get("/desk/brand/").content.decode()
    assert 'value="#1f4e5f"' in page
    assert "The portal" in page


def test_publishing_adds_a_version(client: Client, admin: Membership) -> None:
    answer = client.post("/desk/brand/", {**NEW, "logo": a_logo()}, follow=True)
    page = answer.content.decode()
    assert "Version 2 is published" in page
    assert "This logo stands at the left end" in page
    kit = BrandKit.objects.get(version=2)
    assert (kit.name, kit.line, kit.created_by) == ("Hillside", "hillside.example", admin.user)
    assert kit.logo_id is not None
    assert admin.user.display_name in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"ink": "#223345"}, "too alike"), ({"ink": "white"}, "six digits"), ({"name": ""}, "required")],
)
def test_a_fault_is_said_and_nothing_changes(
    client: Client, admin: Membership, change: dict[str, str], sentence: str
) -> None:
    answer = client.post("/desk/brand/", {**NEW, **change})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert BrandKit.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg><script/></svg>", "SVG is refused, since it can carry programs"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "must be a PNG or JPEG picture"),
        (a_picture(100_000, 1), "too large"),
    ],
    ids=["svg", "html", "100,000 by 1 pixels"],
)
def test_a_hostile_logo_is_refused_with_the_reason(
    client: Client, admin: Membership, content: bytes, sentence: str
) -> None:
    answer = client.post("/desk/brand/", {**NEW, "logo": SimpleUploadedFile("logo.png", content, "image/png")})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "Choose the logo file again" in page
    assert BrandKit.objects.count() == 1


def test_markup_in_a_name_is_shown_as_text(client: Client, admin: Membership) -> None:
    page = client.post("/desk/brand/", {**NEW, "name": "<script>x</script>"}, follow=True).content.decode()
    assert "<script>x" not in page


def test_other_roles_are_refused(client: Client) -> None:
    client.force_login(make_member(role=Role.CLINICIAN).user)
    assert client.get("/desk/brand/").status_code == 403
    assert client.post("/desk/brand/", NEW).status_code == 403
    assert client.get("/desk/brand/logo/").status_code == 403


def test_the_logo_is_shown_as_it_is_kept(client: Client, admin: Membership) -> None:
    assert client.get("/desk/brand/logo/").status_code == 404
    client.post("/desk/brand/", {**NEW, "logo": a_logo()})
    answer = client.get("/desk/brand/logo/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.content)) as logo:
        assert logo.size == (20, 20)
    assert reverse("clinics:logo") in client.get("/desk/brand/").content.decode()


def test_another_clinics_logo_is_not_shown(client: Client, admin: Membership) -> None:
    client.post("/desk/brand/", {**NEW, "logo": a_logo()})
    client.force_login(make_member(make_clinic("Riverbank"), Role.ADMINISTRATOR).user)
    assert client.get("/desk/brand/logo/").status_code == 404


def test_place_address_handle_and_both_logos_are_kept(client: Client, admin: Membership) -> None:
    more = {"web": "hillside.example", "handle": "@hillside", "qr": "on", "place": "bottom", "height": "10"}
    client.post("/desk/brand/", {**NEW, **more, "logo": a_logo(), "paper_logo": a_logo()})
    kit = BrandKit.objects.get(version=2)
    assert (kit.web, kit.handle, kit.qr, kit.top, kit.height) == ("hillside.example", "@hillside", True, False, 10)
    assert kit.logo_id
    assert kit.paper_logo_id
    assert kit.logo_id != kit.paper_logo_id
    client.post("/desk/brand/", {**NEW})
    later = BrandKit.objects.get(version=3)
    assert (later.logo_id, later.paper_logo_id) == (kit.logo_id, kit.paper_logo_id)
    assert (later.top, later.height, later.qr) == (True, 8, False)


def test_an_address_that_is_none_is_refused_with_the_reason(client: Client, admin: Membership) -> None:
    answer = client.post("/desk/brand/", {**NEW, "web": "javascript:alert(1)"})
    assert answer.status_code == 400
    assert "Write the web address as people type it" in answer.content.decode()
