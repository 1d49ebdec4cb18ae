"""The forms ask for what the services take."""

from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.forms import SignInForm, TrailFilter


def test_signing_in_keeps_the_password_as_typed() -> None:
    form = SignInForm({"email": "ada@example.org", "password": " with spaces "})
    assert form.is_valid()
    assert form.cleaned_data["password"] == " with spaces "
    assert 'autocomplete="current-password"' in str(form["password"])


def test_the_trail_is_filtered_by_known_events_only() -> None:
    assert TrailFilter({}).is_valid()
    assert all(TrailFilter({"event": event.value}).is_valid() for event in Event)
    assert not TrailFilter({"event": "anything"}).is_valid()
