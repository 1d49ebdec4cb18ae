"""A forgotten password is replaced by mail, once and soon; nobody learns who has an account, and sessions end."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests.factories.clinics import PASSWORD, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import passwords
from ultrasound_portal.clinics.models import Membership, PasswordReset, Proof, SignIn
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EMAIL, ADDRESS, FRESH = "ada@example.org", "https://portal.example/sign-in/password/", "seven herons over the weir"


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.PORTAL_EMAIL = "smtp"


@pytest.fixture
def ada() -> Membership:
    return make_member(email=EMAIL)


def ask(email: str = EMAIL) -> Job:
    passwords.ask(email, ADDRESS)
    return Job.objects.get(state=JobState.QUEUED)


def secret_of(mails: list[EmailMessage]) -> str:
    found = re.search(rf"{ADDRESS}#(\S+)", str(mails[-1].body))
    assert found
    return found[1]


def mailed(mails: list[EmailMessage]) -> str:
    passwords.send(ask().pk)
    return secret_of(mails)


@pytest.mark.requirement("R39")
def test_asking_is_the_same_work_for_an_address_that_nobody_has(ada: Membership) -> None:
    shapes = []
    for email in (EMAIL, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            passwords.ask(email, ADDRESS)
        shapes.append([re.sub(r"'[^']*'(::\w+)?|NULL|\d+", "?", one["sql"]) for one in queries.captured_queries])
    assert shapes[0] == shapes[1]
    entries = Entry.objects.filter(event=Event.PASSWORD_ASKED)
    assert {(entry.actor, entry.clinic_id, entry.object_kind) for entry in entries} == {
        ("system:door", None, "password_reset")
    }
    assert "nobody@" not in str(list(PasswordReset.objects.values()))


def test_nothing_is_sent_to_nobody_to_the_demo_or_to_who_left(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    passwords.send(ask("nobody@example.org").pk)
    for change in ({"is_demo": True}, {"is_demo": False, "is_active": False}):
        type(ada.user).objects.filter(pk=ada.user.pk).update(**change)
        passwords.send(ask().pk)
    assert mailoutbox == []
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_the_mail_names_nobody_and_its_secret_is_kept_as_a_hash(
    ada: Membership, mailoutbox: list[EmailMessage]
) -> None:
    secret = mailed(mailoutbox)
    assert mailoutbox[0].to == [EMAIL]
    assert ada.user.display_name not in str(mailoutbox[0].body)
    assert ada.clinic.name not in str(mailoutbox[0].body)
    assert secret not in str(list(PasswordReset.objects.values()))
    assert Entry.objects.get(event=Event.PASSWORD_MAILED).object_id == ada.user.pk
    found = passwords.by_secret(f" {secret} ")
    assert found is not None
    assert found.user == ada.user
    assert passwords.by_secret(secret[:-1]) is None


def test_a_new_password_ends_every_session_and_every_other_mail(
    ada: Membership, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks
) -> None:
    SignIn.objects.create(user=ada.user, proof=Proof.CODE, device="Firefox")
    former, latter = mailed(mailoutbox), mailed(mailoutbox)
    reset = passwords.by_secret(latter)
    assert reset is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert passwords.take(reset, FRESH)
    ada.user.refresh_from_db()
    assert check_password(FRESH, ada.user.password)
    assert not SignIn.objects.exists()
    assert passwords.by_secret(former) is None
    assert not passwords.take(reset, PASSWORD)
    entry = Entry.objects.get(event=Event.PASSWORD_CHANGED)
    assert (entry.actor, entry.clinic_id, entry.object_id) == ("system:door", ada.clinic_id, ada.user.pk)
    assert mailoutbox[-1].subject == passwords.CHANGED_SUBJECT


def test_a_weak_password_leaves_everything_as_it_was(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    secret = mailed(mailoutbox)
    reset = passwords.by_secret(secret)
    assert reset is not None
    with pytest.raises(ValidationError):
        passwords.take(reset, "short")
    assert passwords.by_secret(secret) == reset


def test_a_mail_ends_after_half_an_hour(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    secret = mailed(mailoutbox)
    PasswordReset.objects.update(ends_at=timezone.now())
    assert passwords.by_secret(secret) is None


def test_a_mail_that_was_not_sent_yet_opens_nothing(ada: Membership) -> None:
    ask()
    assert passwords.by_secret("") is None
    assert passwords.by_key(PasswordReset.objects.get().pk) is None


def test_at_most_three_mails_an_hour_go_to_one_person(ada: Membership, mailoutbox: list[EmailMessage]) -> None:
    for _ in range(passwords.MOST + 2):
        passwords.send(ask().pk)
    assert len(mailoutbox) == passwords.MOST
    PasswordReset.objects.update(asked_at=timezone.now() - passwords.WITHIN)
    passwords.send(ask().pk)
    assert len(mailoutbox) == passwords.MOST + 1


def test_a_mail_server_that_is_away_is_asked_again_until_the_mail_would_be_too_late(
    ada: Membership, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    job = ask()
    passwords.send(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error_class) == (JobState.QUEUED, 0, "NotMailed")
    settings.EMAIL_BACKEND = backend
    passwords.send(job.pk)
    assert passwords.by_secret(secret_of(mailoutbox)) is not None
    passwords.send(job.pk)
    assert len(mailoutbox) == 1


def test_what_is_over_is_removed(ada: Membership) -> None:
    ask()
    passwords.clear()
    assert PasswordReset.objects.count() == 1
    PasswordReset.objects.update(ends_at=timezone.now() - passwords.WITHIN - timedelta(seconds=1))
    passwords.clear()
    assert not PasswordReset.objects.exists()
