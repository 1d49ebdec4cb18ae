"""Administrators see their strip, try a new one out, and publish it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories.clinics import make_clinic, make_member
from ultrasound_portal.clinics.models import BrandKit, Membership, Role

pytestmark = pytest.mark.django_db
NEW = {"name": "Hillside", "line": "hillside.example", "background": "#223344", "ink": "#ffffff"}


@pytest.fixture
def admin(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    return member


def a_logo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, format="PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")


def test_it_works(client: Client, admin: Membership) -> None:
    page = client.get("/desk/brand/").content.decode()
    assert "version 1" in page
    assert 'fill="#1f4e5f"' in page
    assert "The portal" in page


def test_trying_out_publishes_nothing(client: Client, admin: Membership) -> None:
    answer = client.post("/desk/brand/", {**NEW, "act": "preview"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing is published yet" in page
    assert 'fill="#223344"' in page
    assert BrandKit.objects.count() == 1


def test_publishing_adds_a_version(client: Client, admin: Membership) -> None:
    answer = client.post("/desk/brand/", {**NEW, "act": "publish", "logo": a_logo()}, follow=True)
    page = answer.content.decode()
    assert "Version 2 is published" in page
    assert "A logo stands at its left end" in page
    kit = BrandKit.objects.get(version=2)
    assert (kit.name, kit.line, kit.created_by) == ("Hillside", "hillside.example", admin.user)
    assert kit.logo_id is not None
    assert admin.user.display_name in page


@pytest.mark.parametrize("act", ["preview", "publish"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"ink": "#223345"}, "too alike"), ({"ink": "white"}, "six digits"), ({"name": ""}, "required")],
)
def test_a_fault_is_said_and_nothing_changes(
    client: Client, admin: Membership, act: str, change: dict[str, str], sentence: str
) -> None:
    answer = client.post("/desk/brand/", {**NEW, **change, "act": act})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert BrandKit.objects.count() == 1


def test_a_hostile_logo_is_refused(client: Client, admin: Membership) -> None:
    svg = SimpleUploadedFile("logo.svg", b"<svg><script/></svg>", content_type="image/svg+xml")
    answer = client.post("/desk/brand/", {**NEW, "act": "publish", "logo": svg})
    assert answer.status_code == 400
    assert "PNG or JPEG" in answer.content.decode()


def test_markup_in_a_name_is_shown_as_text(client: Client, admin: Membership) -> None:
    page = client.post("/desk/brand/", {**NEW, "name": "<script>x</script>", "act": "preview"}).content.decode()
    assert "<script>x" not in page


def test_other_roles_are_refused(client: Client) -> None:
    client.force_login(make_member(role=Role.CLINICIAN).user)
    assert client.get("/desk/brand/").status_code == 403
    assert client.post("/desk/brand/", NEW).status_code == 403
    assert client.get("/desk/brand/logo/").status_code == 403


def test_the_logo_is_shown_as_it_is_kept(client: Client, admin: Membership) -> None:
    assert client.get("/desk/brand/logo/").status_code == 404
    client.post("/desk/brand/", {**NEW, "act": "publish", "logo": a_logo()})
    answer = client.get("/desk/brand/logo/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.content)) as logo:
        assert logo.size == (20, 20)
    assert reverse("clinics:logo") in client.get("/desk/brand/").content.decode()


def test_another_clinics_logo_is_not_shown(client: Client, admin: Membership) -> None:
    client.post("/desk/brand/", {**NEW, "act": "publish", "logo": a_logo()})
    client.force_login(make_member(make_clinic("Riverbank"), Role.ADMINISTRATOR).user)
    assert client.get("/desk/brand/logo/").status_code == 404


def test_trying_out_a_logo_says_that_the_page_does_not_keep_it(client: Client, admin: Membership) -> None:
    page = client.post("/desk/brand/", {**NEW, "act": "preview", "logo": a_logo()}).content.decode()
    assert "Choose the logo file again" in page
    assert "Choose the logo file again" not in client.post("/desk/brand/", {**NEW, "act": "preview"}).content.decode()


def test_place_address_handle_and_both_logos_are_kept(client: Client, admin: Membership) -> None:
    more = {"web": "hillside.example", "handle": "@hillside", "qr": "on", "place": "bottom", "height": "10"}
    client.post("/desk/brand/", {**NEW, **more, "act": "publish", "logo": a_logo(), "paper_logo": a_logo()})
    kit = BrandKit.objects.get(version=2)
    assert (kit.web, kit.handle, kit.qr, kit.top, kit.height) == ("hillside.example", "@hillside", True, False, 10)
    assert kit.logo_id
    assert kit.paper_logo_id
    assert kit.logo_id != kit.paper_logo_id
    client.post("/desk/brand/", {**NEW, "act": "publish"})
    later = BrandKit.objects.get(version=3)
    assert (later.logo_id, later.paper_logo_id) == (kit.logo_id, kit.paper_logo_id)
    assert (later.top, later.height, later.qr) == (True, 8, False)


def test_an_address_that_is_none_is_refused_with_the_reason(client: Client, admin: Membership) -> None:
    answer = client.post("/desk/brand/", {**NEW, "web": "javascript:alert(1)", "act": "publish"})
    assert answer.status_code == 400
    assert "Write the web address as people type it" in answer.content.decode()


@pytest.mark.requirement("R33")
def test_a_brand_that_tells_the_place_says_so(client: Client, admin: Membership) -> None:
    plain = {**NEW, "name": "Your scan", "line": "", "act": "preview"}
    assert "tells where the scan was made" not in client.post("/desk/brand/", plain).content.decode()
    assert (
        "tells where the scan was made"
        in client.post("/desk/brand/", plain | {"web": "hillside.example"}).content.decode()
    )


def test_every_format_is_to_be_seen_as_it_would_be(client: Client, admin: Membership) -> None:
    page = client.post("/desk/brand/", {**NEW, "place": "bottom", "act": "preview"}).content.decode()
    for wanted in ("original", "square", "portrait", "story", "print"):
        assert f"/desk/brand/sample/{wanted}.jpg?name=Hillside" in page
    assert "place=bottom" in page
