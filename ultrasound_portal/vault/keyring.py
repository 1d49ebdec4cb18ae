"""The keys that wrap data keys and match values, wherever they are kept; old wrapping keys go on unwrapping.

Where a transit engine is configured its key wraps; otherwise a secret of the environment does, or a file in the data
folder. What was wrapped before opens as long as its own key is still there.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ultrasound_portal.vault import index_key, local_keys, transit
from ultrasound_portal.vault.errors import KeyUnavailable
from ultrasound_portal.vault.local_keys import KEY_BYTES, LocalKeys
from ultrasound_portal.vault.wrapping import Bare, Wrapped, Wrapper


def prepare() -> None:
    """Make the keys where there are none yet; raises KeyUnavailable where only half of them are there."""
    service = transit.configured()
    if service is None:
        local_keys.prepare("kek", "index")
    else:
        index_key.prepare(service)


def current_id() -> str:
    """Return the id of the key that new objects are wrapped with; raises KeyUnavailable."""
    return _source().current_id()


def present_ids() -> frozenset[str]:
    """Return the ids of all wrapping keys that can be used, old ones included; none where they are away."""
    ids: frozenset[str] = frozenset()
    for source in _sources():
        try:
            ids |= source.ids()
        except KeyUnavailable:
            continue  # an object that needs one of these is named by the check and refused when it is opened
    return ids


def wrap(data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
    """Return the wrapping key's id and the wrapped data key, bound to the context."""
    return wrap_all([Bare(data_key=data_key, context=context)])[0]


def wrap_all(items: list[Bare]) -> list[tuple[str, bytes]]:
    """Wrap many data keys, asking the source of keys once; raises KeyUnavailable."""
    return _source().wrap_all(items)


def unwrap(wrapped: bytes, *, kek_id: str, context: bytes) -> bytes:
    """Return the data key; raises KeyUnavailable for a wrapping key that is not here, Tampered for another context."""
    return unwrap_all([Wrapped(kek_id=kek_id, wrapped=wrapped, context=context)])[0]


def unwrap_all(items: list[Wrapped]) -> list[bytes]:
    """Return many data keys in order, asking each source of keys once; raises as `unwrap` does."""
    keys: dict[int, bytes] = {}
    for is_theirs, source in ((local_keys.is_local, LocalKeys()), (transit.is_transit, transit.configured())):
        theirs = [number for number, item in enumerate(items) if is_theirs(item.kek_id)]
        if not theirs:
            continue
        if source is None:
            raise KeyUnavailable("An object is wrapped with a key of a key service, and none is configured.")
        keys |= dict(zip(theirs, source.unwrap_all([items[number] for number in theirs]), strict=True))
    if len(keys) < len(items):
        raise KeyUnavailable("An object is wrapped with a key of an unknown kind.")
    return [keys[number] for number in range(len(items))]


def rotate() -> str:
    """Make a fresh current key and return its id; the old one goes on unwrapping. Raises NotRotatable."""
    return _source().rotate()


def retire(kek_id: str) -> None:
    """Destroy an old key for good; raises NotRotatable. That nothing needs it is the caller's to know."""
    for is_theirs, source in ((local_keys.is_local, LocalKeys()), (transit.is_transit, transit.configured())):
        if is_theirs(kek_id) and source is not None:
            source.retire(kek_id)


def fresh_key() -> bytes:
    """Return a new key, for a keeper outside the portal."""
    return os.urandom(KEY_BYTES)


def derived_key(scope: str) -> bytes:
    """Return 32 bytes for one use, the same on every call; raises KeyUnavailable."""
    info = b"ultrasound-portal derived key v1|" + scope.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(index_key.read())


def match_value(text: str, *, scope: str) -> str:
    """Return a keyed digest (hex HMAC-SHA-256) by which equal texts are found without being stored."""
    return hmac.new(derived_key(f"match|{scope}"), text.encode(), hashlib.sha256).hexdigest()


def index_key_id() -> str:
    """Return what names the index key without telling anything about it; raises KeyUnavailable."""
    return match_value("ultrasound-portal index key id", scope="key id")[:32]


def _sources() -> list[Wrapper]:
    service = transit.configured()
    return [LocalKeys()] if service is None else [service, LocalKeys()]


def _source() -> Wrapper:
    return _sources()[0]
