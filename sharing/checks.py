"""System checks for senders that would hurt or not work, each with a sentence that says what to do."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from sharing.senders.choosing import sender_for
from sharing.states import Channel
from ultrasound_portal import env

FILES = "sharing.senders.files.FileSender"


@register(Tags.security, deploy=True)
def check_messages_leave_sealed(**_: object) -> list[CheckMessage]:
    """Files of messages hold addresses and codes in clear."""
    if settings.DEMO or FILES not in settings.MESSAGE_SENDERS.values():
        return []
    return [
        Warning(
            "Messages are written to files with their codes in clear.",
            hint="Set PORTAL_EMAIL to smtp or off and PORTAL_SMS to gateway or off; empty the folder outbox.",
            id="sharing.W001",
        )
    ]


@register(Tags.security)
def check_senders_can_be_made(**_: object) -> list[CheckMessage]:
    """A sender that is set up wrong is seen at the start, not by the patient who waits for a code."""
    wrong: list[CheckMessage] = []
    for channel in Channel:
        try:
            sender_for(channel)
        except ImproperlyConfigured as fault:
            wrong.append(Error(str(fault), hint="See docs/operators.md, Messages.", id="sharing.E001"))
    if "sharing.senders.mail.MailSender" in settings.MESSAGE_SENDERS.values() and not (
        settings.EMAIL_USE_TLS or env.is_loopback(settings.EMAIL_HOST)
    ):
        wrong.append(
            Error(
                "Codes would cross the network to the mail server in clear.",
                hint="Set PORTAL_SMTP_STARTTLS=1.",
                id="sharing.E002",
            )
        )
    return wrong
