"""Key-encryption keys that never leave a transit engine of HashiCorp Vault, or of OpenBao, which has the same API.

The endpoints are those of the transit secrets engine (developer.hashicorp.com/vault/api-docs/secret/transit): read key,
encrypt, decrypt, rotate, config and trim. What an object is bound to goes along as `associated_data`.
"""

import hashlib
import http.client
import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import env
from ultrasound_portal.vault.errors import KeyUnavailable, NotRotatable, Tampered
from ultrasound_portal.vault.wrapping import Bare, Wrapped

SECONDS = 5.0
AT_ONCE = 500
_KIND = "transit"
_AWAY = "The key service did not answer as it should. Objects stay closed until it does."

Json = dict[str, Any]  # Any: what the service answers


class TransitKeys:
    """The versions of one key of a transit engine; see `ultrasound_portal.vault.wrapping.Wrapper`."""

    def __init__(self, *, url: str, mount: str, key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured("PORTAL_TRANSIT_URL must be https://host:port.")
        if parts.scheme == "http" and not env.is_loopback(parts.hostname):
            raise ImproperlyConfigured("PORTAL_TRANSIT_URL must be https but for a service on this machine.")
        self._host, self._port, self._tls = parts.hostname, parts.port, parts.scheme == "https"
        self._mount, self._key = mount, key
        digest = hashlib.sha256(f"{mount}|{key}".encode()).hexdigest()[:8]
        self._prefix = f"{_KIND}:{digest}:v"

    def current_id(self) -> str:
        """Return the id of the newest version."""
        return f"{self._prefix}{self._state()['latest_version']}"

    def ids(self) -> frozenset[str]:
        """Return the ids of the versions that may still decrypt."""
        state = self._state()
        versions = range(max(1, int(state["min_decryption_version"])), int(state["latest_version"]) + 1)
        return frozenset(f"{self._prefix}{version}" for version in versions)

    def wrap_all(self, items: list[Bare]) -> list[tuple[str, bytes]]:
        """Return for each data key the version's id and the ciphertext, `vault:v<version>:<base64>`."""
        wrapped: list[tuple[str, bytes]] = []
        for start in range(0, len(items), AT_ONCE):
            batch = [
                {"plaintext": _text(item.data_key), "associated_data": _text(item.context)}
                for item in items[start : start + AT_ONCE]
            ]
            for result in self._ask("POST", f"encrypt/{self._key}", {"batch_input": batch})["batch_results"]:
                if not result.get("ciphertext"):
                    raise KeyUnavailable(_AWAY)
                sealed = str(result["ciphertext"])
                wrapped.append((f"{self._prefix}{_version(sealed)}", sealed.encode()))
        return wrapped

    def unwrap_all(self, items: list[Wrapped]) -> list[bytes]:
        """Return the data keys in order, many to a request."""
        keys: list[bytes] = []
        for start in range(0, len(items), AT_ONCE):
            keys += self._unwrap_some(items[start : start + AT_ONCE])
        return keys

    def rotate(self) -> str:
        """Have the service make the next version."""
        self._ask("POST", f"keys/{self._key}/rotate", {})
        return self.current_id()

    def retire(self, kek_id: str) -> None:
        """Have the service destroy a version and all before it; the caller has made sure that nothing needs them."""
        if not kek_id.startswith(self._prefix):
            raise NotRotatable("This version belongs to another key of the service.")
        first = int(kek_id.removeprefix(self._prefix)) + 1
        bounds = {"min_decryption_version": first, "min_encryption_version": first}
        self._ask("POST", f"keys/{self._key}/config", bounds)
        self._ask("POST", f"keys/{self._key}/trim", {"min_available_version": first})

    def _unwrap_some(self, items: list[Wrapped]) -> list[bytes]:
        for item in items:
            if not item.kek_id.startswith(self._prefix):
                raise KeyUnavailable("An object is wrapped with a key that the key service was not told of.")
            if item.kek_id != f"{self._prefix}{_version(item.wrapped.decode('ascii', 'replace'))}":
                raise Tampered("a wrapped key does not belong to its row")
        batch = [{"ciphertext": item.wrapped.decode("ascii"), "associated_data": _text(item.context)} for item in items]
        answer = self._ask("POST", f"decrypt/{self._key}", {"batch_input": batch})
        return [_opened(result) for result in answer["batch_results"]]

    def _state(self) -> Json:
        return self._ask("GET", f"keys/{self._key}")

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Json:
        """Return the `data` of an answer; raises KeyUnavailable. A batch in which one fails is answered with 400."""
        connection = (
            http.client.HTTPSConnection(self._host, self._port, timeout=SECONDS, context=ssl.create_default_context())
            if self._tls
            else http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        )
        try:
            connection.request(
                method,
                f"/v1/{self._mount}/{path}",
                body=None if body is None else json.dumps(body),
                headers={"X-Vault-Token": env.secret("PORTAL_TRANSIT_TOKEN"), "X-Vault-Request": "true"},
            )
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            raise KeyUnavailable(_AWAY) from None
        finally:
            connection.close()
        data: Json = told.get("data") or {} if isinstance(told, dict) else {}
        if answer.status >= 300 and "batch_results" not in data:
            raise KeyUnavailable(f"{_AWAY} It said {answer.status}.")
        return data


def is_transit(kek_id: str) -> bool:
    """Say whether an id is one of a key of this kind."""
    return kek_id.startswith(f"{_KIND}:")


def configured() -> TransitKeys | None:
    """Return the service that the environment names, if it names one."""
    url = env.text("PORTAL_TRANSIT_URL", "")
    if not url:
        return None
    return TransitKeys(
        url=url,
        mount=env.text("PORTAL_TRANSIT_MOUNT", "transit"),
        key=env.text("PORTAL_TRANSIT_KEY", "ultrasound-portal"),
    )


def _opened(result: Json) -> bytes:
    """Return one data key of a batch; a version that may not decrypt any more is a key that is away."""
    fault = str(result.get("error", ""))
    if "version" in fault:
        raise KeyUnavailable("An object is wrapped with a version of the key that was destroyed.")
    if fault or "plaintext" not in result:
        raise Tampered("a wrapped key does not belong to its object")
    return b64decode(result["plaintext"])


def _version(sealed: str) -> str:
    """Return the version in `vault:v<version>:<base64>`; raises Tampered."""
    parts = sealed.split(":", 2)
    if len(parts) != 3 or parts[0] != "vault" or not parts[1][1:].isdigit():
        raise Tampered("a wrapped key is not one of the key service")
    return parts[1][1:]


def _text(data: bytes) -> str:
    return b64encode(data).decode()
