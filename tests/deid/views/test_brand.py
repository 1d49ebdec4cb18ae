"""The brand is seen in every format before it counts, and its way into released pictures can be followed."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories.clinics import make_member
from tests.factories.renders import place_renders
from tests.factories.sharing import make_scene
from ultrasound_portal.clinics.models import Membership, Role
from ultrasound_portal.clinics.services import add_member

pytestmark = pytest.mark.django_db
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


def test_it_works(client: Client, admin: Membership) -> None:
    answer = client.get(reverse("deid:brand_sample", args=["square"]), TRIED)
    assert answer["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as picture:
        corner = picture.convert("RGB").getpixel((5, 5))
    assert max(abs(a - b) for a, b in zip(corner, (0x22, 0x44, 0x22), strict=True)) < 6  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [
        ("round", {}),
        ("film", {}),
        ("square", {"name": ""}),
        ("square", {"ink": "#224423"}),
        ("square", {"web": "javascript:x"}),
        ("square", {"height": "99"}),
    ],
    ids=str,
)
def test_what_cannot_be_published_cannot_be_seen(
    client: Client, admin: Membership, wanted: str, changes: dict[str, str]
) -> None:
    assert client.get(reverse("deid:brand_sample", args=[wanted]), TRIED | changes).status_code == 404


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
    for address in (reverse("deid:brand_progress"), reverse("deid:brand_sample", args=["square"])):
        assert client.get(address, TRIED).status_code == 403
