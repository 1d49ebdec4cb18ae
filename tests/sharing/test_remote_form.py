"""What staff and the patient type around a sitting from afar."""

import pytest
from django.utils import timezone

from consent.models import Purpose
from sharing.models.invitation import LONGEST, USUAL
from sharing.remote_form import InvitationForm, RemoteForm

pytestmark = pytest.mark.django_db


def test_a_name_stands_under_a_no_as_well() -> None:
    form = RemoteForm({"shown": "a"}, wordings=[], present={}, shown="a")
    assert form.errors["name"] == ["Type your name, as your signature."]


def test_answers_to_something_else_are_refused() -> None:
    form = RemoteForm({"shown": "b", "name": "Anna"}, wordings=[], present={}, shown="a")
    assert "have changed" in form.errors["shown"][0]


def test_an_invitation_asks_nothing_by_itself_and_ends_within_a_month() -> None:
    form = InvitationForm(None, purposes=list(Purpose.objects.all()), language="")
    assert not form["ask"].value()
    assert form["language"].value() == "en"
    assert form["until"].value() == timezone.localdate(timezone.now() + USUAL)
    late = InvitationForm(
        {"ask": ["own_copy"], "language": "es", "until": (timezone.localdate() + LONGEST).isoformat()},
        purposes=list(Purpose.objects.all()),
        language="es",
    )
    assert "within 30 days" in late.errors["until"][0]
    assert len(late.recipient_fields) == 4
