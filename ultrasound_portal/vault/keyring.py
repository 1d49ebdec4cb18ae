"""The keys that wrap data keys and match values: a secret of the environment, or files in the data folder.

Whoever loses `keys/` loses everything sealed; whoever copies it together with the store can read everything.
"""

import hashlib
import hmac
import os
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import env
from ultrasound_portal.vault.errors import KeyUnavailable, Tampered

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPING = "kek"
INDEX = "index"
_ADVICE = "Start the portal once with script/server, or put the keys folder back from its backup."


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key-encryption key; `id` names it without telling anything about it."""

    id: str
    key: bytes = field(repr=False)


def prepare() -> None:
    """Make the key files where there are none yet, mode 0600; keys that come from the environment need none.

    Raises KeyUnavailable where one file is there and the other is not: a fresh key would not fit what is sealed.
    """
    filed = [_path(name) for name in (WRAPPING, INDEX) if not _configured(name)]
    missing = [path for path in filed if not path.exists()]
    if 0 < len(missing) < len(filed):
        raise KeyUnavailable("Half of the portal's keys are missing. Put the keys folder back from its backup.")
    for path in missing:
        env.keep_secret(path, os.urandom(KEY_BYTES))


def current() -> WrappingKey:
    """Return the key that new objects are wrapped with; raises KeyUnavailable."""
    key = _key(WRAPPING)
    return WrappingKey(id=hashlib.sha256(b"ultrasound-portal kek id|" + key).hexdigest()[:16], key=key)


def wrap(data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
    """Return the wrapping key's id and `nonce || AES-256-GCM(data_key)`, bound to the context."""
    kek = current()
    nonce = os.urandom(NONCE_BYTES)
    return kek.id, nonce + AESGCM(kek.key).encrypt(nonce, data_key, context)


def unwrap(wrapped: bytes, *, kek_id: str, context: bytes) -> bytes:
    """Return the data key; raises KeyUnavailable for another wrapping key, Tampered for another context."""
    kek = current()
    if kek.id != kek_id:
        raise KeyUnavailable(f"An object is wrapped with another key than the one here. {_ADVICE}")
    try:
        return AESGCM(kek.key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise Tampered("a wrapped key does not belong to its object") from None


def derived_key(scope: str) -> bytes:
    """Return 32 bytes for one use, the same on every call; raises KeyUnavailable."""
    info = b"ultrasound-portal derived key v1|" + scope.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(_key(INDEX))


def match_value(text: str, *, scope: str) -> str:
    """Return a keyed digest (hex HMAC-SHA-256) by which equal texts are found without being stored."""
    return hmac.new(derived_key(f"match|{scope}"), text.encode(), hashlib.sha256).hexdigest()


def _configured(name: str) -> str:
    return env.secret(f"PORTAL_{name.upper()}_KEY", "")


def _path(name: str) -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / f"{name}.key"


def _key(name: str) -> bytes:
    if configured := _configured(name):
        try:
            key = b64decode(configured, validate=True)
        except NotBase64:
            key = b""
        if len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"PORTAL_{name.upper()}_KEY must be 32 bytes in base64.")
        return key
    try:
        key = _path(name).read_bytes()
    except OSError:
        raise KeyUnavailable(f"The portal's keys are not in the data folder. {_ADVICE}") from None
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"A key file in the data folder is damaged. {_ADVICE}")
    return key
