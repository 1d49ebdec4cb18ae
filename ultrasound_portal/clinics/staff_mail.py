"""Mail to staff: plain text that names no patient."""

import logging
from email.utils import parseaddr
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send(*, to: list[str], subject: str, body: str) -> bool:
    """Send one mail to each address by itself; say whether all of them left. Mail that is off leaves nothing."""
    if settings.PORTAL_EMAIL == "off":
        return False
    sent = [_sent(EmailMessage(subject=subject, body=body, to=[address])) for address in to]
    return all(sent)


def _sent(mail: EmailMessage) -> bool:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    # Django's own Message-ID would name the machine
    mail.extra_headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{uuid4()}@{domain}>"}
    try:
        return mail.send() == 1
    except (SMTPException, OSError) as fault:
        logger.warning("a mail to staff did not leave (%s)", type(fault).__name__)
        return False
