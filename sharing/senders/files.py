"""Writes messages into files of the data folder, for the demo: they hold addresses and codes in clear."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from sharing.messages import Text
from sharing.senders.sender import NotSent
from ultrasound_portal import env

FOLDER = "outbox"


class FileSender:
    """One file for each message, `outbox/<key>.txt`, and its PDF beside it, which their owner alone can read."""

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        """Write one message; one that is there already stays as it is."""
        try:
            if text.pdf:
                env.keep_secret(folder() / f"{key}.pdf", text.pdf)
            env.keep_secret(folder() / f"{key}.txt", f"To: {to}\nSubject: {text.subject}\n\n{text.body}\n".encode())
        except OSError:
            raise NotSent(final=False) from None


def folder() -> Path:
    """Return where the files lie."""
    return Path(settings.PORTAL_DATA) / FOLDER
