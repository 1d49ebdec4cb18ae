"""Keys that this machine holds itself: secrets of the environment, or files in the data folder, old ones beside them.

Every key is read anew when it is used, so that a rotation counts at once in every process.
"""

import hashlib
import os
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import env
from ultrasound_portal.vault.errors import KeyUnavailable, NotRotatable, Tampered
from ultrasound_portal.vault.wrapping import Bare, Wrapped

KEY_BYTES = 32
NONCE_BYTES = 12
ADVICE = "Start the portal once with script/server, or put the keys folder back from its backup."
_OLD = re.compile(r"\Akek-([0-9a-f]{16})\.key\Z")


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key-encryption key; `id` names it without telling anything about it."""

    id: str
    key: bytes = field(repr=False)

    def wrap(self, data_key: bytes, context: bytes) -> bytes:
        """Return `nonce || AES-256-GCM(data_key)`, bound to the context."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, data_key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key; raises Tampered for another context or changed bytes."""
        try:
            return AESGCM(self.key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Tampered("a wrapped key does not belong to its object") from None


class LocalKeys:
    """The current wrapping key with the old ones beside it; see `ultrasound_portal.vault.wrapping.Wrapper`."""

    def current(self) -> WrappingKey:
        """Return the key that new objects are wrapped with; raises KeyUnavailable."""
        return named(read("kek"))

    def current_id(self) -> str:
        """Return the id of the current key; raises KeyUnavailable."""
        return self.current().id

    def ids(self) -> frozenset[str]:
        """Return the ids of all keys that are here; raises KeyUnavailable where the current one is not."""
        return frozenset({self.current_id(), *(key.id for key in _old_keys())})

    def wrap_all(self, items: list[Bare]) -> list[tuple[str, bytes]]:
        """Return for each data key the current key's id and the wrapped data key."""
        key = self.current()
        return [(key.id, key.wrap(item.data_key, item.context)) for item in items]

    def unwrap_all(self, items: list[Wrapped]) -> list[bytes]:
        """Return the data keys in order; raises KeyUnavailable and Tampered."""
        current = self.current()
        keys = {current.id: current}
        if any(item.kek_id != current.id for item in items):
            keys |= {key.id: key for key in _old_keys()}
        if not {item.kek_id for item in items} <= keys.keys():
            raise KeyUnavailable(f"An object is wrapped with another key than those here. {ADVICE}")
        return [keys[item.kek_id].unwrap(item.wrapped, item.context) for item in items]

    def rotate(self) -> str:
        """Put a fresh key file in the place of the current one, which stays beside it; raises NotRotatable.

        The old key is kept under its own name before the current one is replaced, so that it is never missing.
        """
        if configured("kek"):
            raise NotRotatable(
                "The wrapping key comes from the environment. Make one with `manage.py keys new FILE`, set "
                "PORTAL_KEK_KEY, add the old one to PORTAL_OLD_KEK_KEYS, restart, then `manage.py keys rewrap`."
            )
        former = self.current()
        env.keep_secret(_old_path(former.id), former.key)
        env.replace_secret(_path("kek"), os.urandom(KEY_BYTES))
        return self.current_id()

    def retire(self, kek_id: str) -> None:
        """Destroy an old key that nothing is wrapped with; the caller has made sure of that. Raises NotRotatable."""
        if not _old_path(kek_id).exists():
            raise NotRotatable("This key is not an old key file. Take it out of PORTAL_OLD_KEK_KEYS by hand.")
        env.destroy_secret(_old_path(kek_id))


def is_local(kek_id: str) -> bool:
    """Say whether an id is one of a key of this kind."""
    return re.fullmatch(r"[0-9a-f]{16}", kek_id) is not None


def named(key: bytes) -> WrappingKey:
    """Return the key with its id, a digest that tells nothing about a key of 256 random bits."""
    return WrappingKey(id=hashlib.sha256(b"ultrasound-portal kek id|" + key).hexdigest()[:16], key=key)


def prepare(*names: str) -> None:
    """Make the key files that are not there yet, mode 0600; keys that come from the environment need none.

    Raises KeyUnavailable where one file is there and another is not: a fresh key would not fit what is sealed.
    """
    filed = [_path(name) for name in names if not configured(name)]
    missing = [path for path in filed if not path.exists()]
    if 0 < len(missing) < len(filed):
        raise KeyUnavailable("Half of the portal's keys are missing. Put the keys folder back from its backup.")
    for path in missing:
        env.keep_secret(path, os.urandom(KEY_BYTES))


def configured(name: str) -> str:
    """Return the base64 text of a key that the environment gives, empty where it gives none."""
    return env.secret(f"PORTAL_{name.upper()}_KEY", "")


def read(name: str) -> bytes:
    """Return the bytes of the key `kek` or `index`; raises KeyUnavailable or ImproperlyConfigured."""
    if text := configured(name):
        return _decoded(text, f"PORTAL_{name.upper()}_KEY")
    return _filed(_path(name))


def _old_keys() -> Iterator[WrappingKey]:
    for text in env.secret("PORTAL_OLD_KEK_KEYS", "").replace(",", " ").split():
        yield named(_decoded(text, "PORTAL_OLD_KEK_KEYS"))
    folder = _path("kek").parent
    for path in folder.iterdir() if folder.is_dir() else ():
        if match := _OLD.match(path.name):
            key = named(_filed(path))
            if key.id == match[1]:
                yield key


def _decoded(text: str, variable: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except NotBase64:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{variable} must be 32 bytes in base64.")
    return key


def _filed(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError:
        raise KeyUnavailable(f"The portal's keys are not in the data folder. {ADVICE}") from None
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"A key file in the data folder is damaged. {ADVICE}")
    return key


def _path(name: str) -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / f"{name}.key"


def _old_path(kek_id: str) -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / f"kek-{kek_id}.key"
