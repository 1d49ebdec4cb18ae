"""Sends text messages through a gateway that takes JSON over HTTPS, which most providers and their bridges do."""

import http.client
import json
import ssl
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sharing.messages import Text
from sharing.senders.sender import SECONDS, NotSent
from ultrasound_portal import env

FOR_NOW = frozenset({408, 425, 429})


class GatewaySender:
    """Posts `{"to", "from", "text"}` with a bearer token; the Idempotency-Key is the message's key.

    A redirection is not followed, since it would carry the token elsewhere.
    """

    def __init__(self) -> None:
        parts = urlsplit(settings.SMS_GATEWAY_URL)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured("PORTAL_SMS_URL must be https://host/path.")
        if parts.scheme == "http" and not env.is_loopback(parts.hostname):
            raise ImproperlyConfigured("PORTAL_SMS_URL must be https but for a gateway on this machine.")
        self._host, self._port, self._tls = parts.hostname, parts.port, parts.scheme == "https"
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"

    def send(self, *, key: UUID, to: str, text: Text) -> None:
        """Send one text message."""
        body = json.dumps({"to": to, "from": settings.SMS_GATEWAY_FROM, "text": text.body}).encode()
        headers = {
            "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(key),
        }
        connection = self._connection()
        try:
            connection.request("POST", self._path, body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            raise NotSent(final=False) from None
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise NotSent(final=400 <= status < 500 and status not in FOR_NOW)

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=SECONDS, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
