"""Sends e-mail through the mail server that the settings name."""

from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from sharing.messages import Text
from sharing.senders.sender import NotSent

PERMANENT = range(500, 600)  # RFC 5321, section 4.2.1
ATTACHED = "answers.pdf"


class MailSender:
    """Hands plain text, and a PDF where there is one, to the server, from the one neutral address of the portal."""

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        """Send one e-mail; a repeated one has the same Message-ID, which names no machine (RFC 5322, 3.6.4)."""
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        headers = {"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"}
        try:
            mail = EmailMessage(subject=text.subject, body=text.body, to=[to], headers=headers)
            if text.pdf:
                mail.attach(ATTACHED, text.pdf, "application/pdf")
            mail.send()
        except SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            raise NotSent(final=all(code in PERMANENT for code in codes)) from None
        except SMTPResponseException as refusal:
            raise NotSent(final=refusal.smtp_code in PERMANENT) from None
        except ValueError:
            raise NotSent(final=True) from None  # an address that is none
        except (SMTPException, OSError):
            raise NotSent(final=False) from None
