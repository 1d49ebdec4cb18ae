"""A person who is signed in shows once more that it is she; what she was about to send is not lost."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.factories.clinics import PASSWORD, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import proofs
from ultrasound_portal.clinics.models import Membership, SignIn
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
BRAND = "/desk/brand/"
FORM = {"name": "Riverbank & Sons", "line": "", "background": "#1f4e5f", "ink": "#ffffff", "act": "publish"}


@pytest.fixture
def ada(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    SignIn.objects.update(active_at=timezone.now() - timedelta(hours=0, minutes=59))
    return member


def versions(member: Membership) -> int:
    return member.clinic.brand_kits.count()


def test_a_form_sent_from_a_locked_desk_is_kept_and_goes_on_with_the_password(client: Client, ada: Membership) -> None:
    asked = client.post(BRAND, FORM)
    assert asked.status_code == 403
    page = asked.content.decode()
    assert 'name="name" value="Riverbank &amp; Sons"' in page
    assert 'action="/desk/brand/"' in page
    assert versions(ada) == 1
    done = client.post(BRAND, {**FORM, proofs.PASSWORD: PASSWORD})
    assert done.status_code == 302
    assert versions(ada) == 2
    assert Entry.objects.get(event=Event.PROOF_GIVEN).detail == {"was_locked": True}
    assert client.get(BRAND).status_code == 200


def test_a_wrong_password_does_nothing_and_is_on_the_trail(client: Client, ada: Membership) -> None:
    answer = client.post(BRAND, {**FORM, proofs.PASSWORD: "wrong"})
    assert answer.status_code == 403
    assert proofs.WRONG in answer.content.decode()
    assert b'value="wrong"' not in answer.content
    assert versions(ada) == 1
    assert Entry.objects.get(event=Event.PROOF_REFUSED).outcome == "refused"


@pytest.mark.requirement("R39")
def test_guessing_at_a_locked_desk_is_slowed_down(client: Client, ada: Membership) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = client.post(BRAND, {**FORM, proofs.PASSWORD: "wrong"})
    answer = client.post(BRAND, {**FORM, proofs.PASSWORD: PASSWORD})
    for page in (last.content.decode(), answer.content.decode()):
        assert "try again in 15 minutes" in page
        assert 'name="name" value="Riverbank &amp; Sons"' in page
    assert versions(ada) == 1
    assert Entry.objects.get(event=Event.TRIES_SLOWED).actor == f"user:{ada.user.pk}"


def test_the_passkey_of_nobody_is_no_proof(client: Client, ada: Membership) -> None:
    assert client.post(BRAND, {**FORM, proofs.PASSKEY: "{}"}).status_code == 403
    assert versions(ada) == 1


def test_several_values_of_one_name_are_all_kept(client: Client, ada: Membership) -> None:
    page = client.post(BRAND, {**FORM, "tick": ["one", "two"]}).content.decode()
    assert page.count('name="tick"') == 2
