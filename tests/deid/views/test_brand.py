"""The brand is seen in every format before it counts, and its way into released pictures can be followed."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from deid.services import samples
from tests.factories.clinics import make_member
from tests.factories.renders import place_renders
from tests.factories.sharing import make_scene
from ultrasound_portal.clinics.models import BrandKit, Membership
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db
PAGE = "/desk/brand/samples/"
TRIED = {
    "name": "Hillside",
    "line": "with care",
    "background": "#224422",
    "ink": "#ffffff",
    "web": "hillside.example",
    "handle": "@hillside",
    "qr": "on",
    "place": "bottom",
    "height": "10",
}


@pytest.fixture
def admin(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    return member


def try_out(client: Client, *, part: bool = False, **changes: object) -> str:
    headers = {"HX-Request": "true"} if part else {}
    answer = client.post(PAGE, TRIED | changes, headers=headers)
    assert answer["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def samples_of(page: str) -> list[Image.Image]:
    coded = re.findall(r"data:image/jpeg;base64,([^\"]+)", page)
    return [Image.open(io.BytesIO(b64decode(one))).convert("RGB") for one in coded]


def a_logo(colour: tuple[int, int, int] = (200, 0, 0)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, format="PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")


def reds(picture: Image.Image) -> int:
    pixels = np.asarray(picture).astype(int)
    return int((np.abs(pixels - (200, 0, 0)).max(axis=2) < 40).sum())


def test_what_is_tried_out_is_seen_in_every_format_and_kept_nowhere(client: Client, admin: Membership) -> None:
    stored = SealedObject.objects.count()
    bare, dressed = (samples_of(try_out(client, part=True, **more)) for more in ({}, {"logo": a_logo()}))
    assert len(bare) == len(dressed) == 5
    assert not any(map(reds, bare))
    assert all(map(reds, dressed))
    assert max(abs(a - b) for a, b in zip(bare[1].getpixel((5, 5)), (0x22, 0x44, 0x22), strict=True)) < 6
    assert (BrandKit.objects.count(), SealedObject.objects.count()) == (1, stored)


def test_without_script_the_samples_are_a_page_that_may_show_them(client: Client, admin: Membership) -> None:
    assert 'formtarget="_blank"' in client.get("/desk/brand/").content.decode()
    assert "nothing is published yet" in try_out(client)
    present = client.get(PAGE)
    assert "The present version" in present.content.decode()
    assert "img-src 'self' blob: data:" in present["Content-Security-Policy"]
    assert client.head(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Name on the strip: This field is required"),
        ({"ink": "#224423"}, "too alike to read"),
        ({"web": "javascript:x"}, "Write the web address"),
        ({"height": "99"}, "Height: Select a valid choice"),
        ({"logo": SimpleUploadedFile("l.png", b"<!doctype html>", "image/png")}, "must be a PNG or JPEG"),
    ],
    ids=["no name", "contrast", "address", "height", "logo"],
)
def test_what_cannot_be_published_cannot_be_seen(
    client: Client, admin: Membership, changes: dict[str, object], sentence: str
) -> None:
    page = try_out(client, part=True, **changes)
    assert sentence in page
    assert samples_of(page) == []
    assert client.post(PAGE, TRIED | {"name": ""}).status_code == 400


def test_a_child_that_breaks_is_told(client: Client, admin: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "SECONDS", 0.0)
    assert "could not draw" in try_out(client, part=True)


@pytest.mark.requirement("R33")
def test_a_brand_that_tells_the_place_says_so(client: Client, admin: Membership) -> None:
    quiet = {"name": "Your scan", "line": "", "web": "", "handle": "", "qr": ""}
    assert "tells where the scan was made" not in try_out(client, part=True, **quiet)
    assert "tells where the scan was made" in try_out(client, part=True, **quiet | {"web": "hillside.example"})


def test_the_way_of_a_new_brand_can_be_followed(client: Client) -> None:
    scene = make_scene(pictures=2)
    user = make_member(role=Role.SONOGRAPHER).user
    add_member(user, scene.clinic, Role.ADMINISTRATOR, None)
    session = client
    session.force_login(user)
    browser = session.session
    browser["clinic_id"] = str(scene.clinic.pk)
    browser.save()
    address = reverse("deid:brand_progress")
    assert b"No released picture" in session.get(address).content
    place_renders(scene.instances[0])
    place_renders(scene.instances[1], version=7)
    page = session.get(address).content.decode()
    assert "1 of 2 released pictures" in page
    assert "every 2s" in page


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.CLINICIAN])
def test_other_roles_do_not_get_in(client: Client, role: Role) -> None:
    client.force_login(make_member(role=role).user)
    for address in (reverse("deid:brand_progress"), PAGE):
        assert client.get(address, TRIED).status_code == 403
