"""Clinics, people, roles and brands are made with their entries on the trail."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from tests.factories.clinics import PASSWORD, make_clinic, make_user
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.errors import BrandFault, BrandRefused
from ultrasound_portal.clinics.models import BrandKit, Clinic
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import (
    add_member,
    create_clinic,
    create_user,
    current_brand,
    publish_brand_kit,
)
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db
GOOD = {"name": "Hillside Scans", "line": "", "background": "#1f4e5f", "ink": "#ffffff", "logo": None}


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, format="PNG")
    return out.getvalue()


def test_a_clinic_begins_with_a_brand() -> None:
    clinic = create_clinic(" Hillside Scans ", " 01632 960000 ")
    brand = current_brand(clinic)
    assert (clinic.name, clinic.contact) == ("Hillside Scans", "01632 960000")
    assert (brand.version, brand.name, brand.logo_id) == (1, "Hillside Scans", None)


@pytest.mark.parametrize(("name", "contact"), [("", "01632"), ("Hillside", "  ")])
@pytest.mark.requirement("R15")
def test_a_clinic_needs_a_name_and_a_contact(name: str, contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        create_clinic(name, contact)
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
@pytest.mark.requirement("R38")
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        create_user("ada@example.org", "Ada Marsh", weak)


def test_a_long_plain_phrase_is_a_password() -> None:
    assert create_user("ada@example.org", " Ada Marsh ", PASSWORD).display_name == "Ada Marsh"


def test_a_new_member_is_recorded() -> None:
    clinic, user, by = make_clinic(), make_user(), make_user()
    add_member(user, clinic, Role.SONOGRAPHER, by)
    entry = Entry.objects.get(event=Event.MEMBER_ADDED)
    assert (entry.actor, entry.object_id, entry.clinic_id) == (f"user:{by.pk}", user.pk, clinic.pk)
    assert entry.detail == {"roles": "sonographer"}


def test_versions_are_added_and_a_logo_stays() -> None:
    clinic, by = make_clinic(), make_user()
    second = publish_brand_kit(clinic, **{**GOOD, "logo": logo()}, by=by)
    third = publish_brand_kit(clinic, **{**GOOD, "background": " #000000 "}, by=by)
    assert [second.version, third.version] == [2, 3]
    assert third.logo_id == second.logo_id
    assert SealedObject.objects.get(pk=third.logo_id).kind == "logo"
    assert current_brand(clinic) == third
    assert third.background == "#000000"
    entries = Entry.objects.filter(event=Event.BRAND_PUBLISHED).order_by("seq")
    assert [(entry.detail["version"], entry.actor) for entry in entries] == [
        (1, "system:setup"),
        (2, f"user:{by.pk}"),
        (3, f"user:{by.pk}"),
    ]


def test_clinics_count_their_own_versions() -> None:
    one, two = make_clinic(), make_clinic()
    publish_brand_kit(one, **GOOD, by=None)
    assert publish_brand_kit(two, **GOOD, by=None).version == 2


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": " "}, BrandFault.NAME),
        ({"name": "x" * 61}, BrandFault.NAME),
        ({"line": "x" * 81}, BrandFault.LINE),
        ({"ink": "white"}, BrandFault.COLOUR),
        ({"background": "#fffffe"}, BrandFault.CONTRAST),
        ({"logo": b"<svg/>"}, BrandFault.LOGO_KIND),
    ],
    ids=str,
)
def test_a_bad_brand_is_refused_whole(change: dict[str, object], fault: BrandFault) -> None:
    clinic = make_clinic()
    with pytest.raises(BrandRefused) as refusal:
        publish_brand_kit(clinic, **{**GOOD, **change}, by=None)
    assert refusal.value.fault is fault
    assert BrandKit.objects.count() == 1
