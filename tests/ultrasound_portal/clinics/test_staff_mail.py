"""Mail to staff leaves where mail is set up, and a mail server that fails stops nothing."""

import pytest
from django.core import mail
from pytest_django import Settings

from ultrasound_portal.clinics import staff_mail


def test_each_address_gets_a_mail_of_its_own(settings: Settings, mailoutbox: list[mail.EmailMessage]) -> None:
    settings.PORTAL_EMAIL = "smtp"
    assert staff_mail.send(to=["ada@example.org", "bea@example.org"], subject="Hello", body="Words")
    assert [one.to for one in mailoutbox] == [["ada@example.org"], ["bea@example.org"]]
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert mailoutbox[0].extra_headers["Message-ID"].endswith("@localhost>")


def test_mail_that_is_off_sends_nothing(settings: Settings, mailoutbox: list[mail.EmailMessage]) -> None:
    settings.PORTAL_EMAIL = "off"
    assert not staff_mail.send(to=["ada@example.org"], subject="Hello", body="Words")
    assert mailoutbox == []


def test_a_server_that_is_away_is_told_without_the_address(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PORTAL_EMAIL = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    assert not staff_mail.send(to=["ada@example.org"], subject="Hello", body="Words")
    assert "ConnectionRefusedError" in caplog.text
    assert "ada@" not in caplog.text
