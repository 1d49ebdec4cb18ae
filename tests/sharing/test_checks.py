"""Senders that would hurt or not work are told at the start."""

from pytest_django import Settings

from sharing.checks import check_messages_leave_sealed, check_senders_can_be_made

FILES = "sharing.senders.files.FileSender"


def test_files_are_for_the_demo(settings: Settings) -> None:
    assert check_messages_leave_sealed() == []
    settings.MESSAGE_SENDERS = {"email": FILES, "sms": ""}
    assert [found.id for found in check_messages_leave_sealed()] == ["sharing.W001"]
    settings.DEMO = True
    assert check_messages_leave_sealed() == []


def test_a_gateway_without_address_is_told(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "", "sms": "sharing.senders.gateway.GatewaySender"}
    assert [found.id for found in check_senders_can_be_made()] == ["sharing.E001"]
    settings.SMS_GATEWAY_URL = "https://gateway.example/"
    assert check_senders_can_be_made() == []


def test_a_mail_server_elsewhere_needs_tls(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.mail.MailSender", "sms": ""}
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.example", False
    assert [found.id for found in check_senders_can_be_made()] == ["sharing.E002"]
    settings.EMAIL_USE_TLS = True
    assert check_senders_can_be_made() == []
