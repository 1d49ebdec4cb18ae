"""The key of all match values: a secret of the environment, a file, or a file that only the key service can open."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from ultrasound_portal import env
from ultrasound_portal.vault import local_keys, transit
from ultrasound_portal.vault.errors import KeyUnavailable
from ultrasound_portal.vault.transit import TransitKeys
from ultrasound_portal.vault.wrapping import Bare, Wrapped

_CONTEXT = b"ultrasound-portal index key v1"


def prepare(service: TransitKeys) -> None:
    """Make the index key where there is none, wrapped by the service before it touches the disk."""
    if local_keys.configured("index") or _plain().exists() or _sealed().exists():
        return
    [(kek_id, wrapped)] = service.wrap_all([Bare(os.urandom(local_keys.KEY_BYTES), _CONTEXT)])
    env.keep_secret(_sealed(), f"{kek_id} ".encode() + wrapped)


def read() -> bytes:
    """Return the 32 bytes of the index key; raises KeyUnavailable."""
    if local_keys.configured("index") or not _sealed().exists():
        return local_keys.read("index")
    return _opened(_sealed().read_bytes())


def rewrap(service: TransitKeys) -> None:
    """Wrap the index key under the service's current version, as the rows of objects are."""
    if _sealed().exists():
        [(kek_id, wrapped)] = service.wrap_all([Bare(read(), _CONTEXT)])
        env.replace_secret(_sealed(), f"{kek_id} ".encode() + wrapped)


def wrapped_with() -> str:
    """Return the id of the key that wraps the index key, empty where none does."""
    return _sealed().read_bytes().partition(b" ")[0].decode("ascii") if _sealed().exists() else ""


@lru_cache(maxsize=4)
def _opened(content: bytes) -> bytes:
    """Ask the service once for each content of the file: match values are computed many times a second."""
    kek_id, _, wrapped = content.partition(b" ")
    service = transit.configured()
    if service is None:
        raise KeyUnavailable("The index key is wrapped by a key service, and none is configured.")
    return service.unwrap_all([Wrapped(kek_id=kek_id.decode("ascii"), wrapped=wrapped, context=_CONTEXT)])[0]


def _plain() -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / "index.key"


def _sealed() -> Path:
    return Path(settings.PORTAL_DATA) / "keys" / "index.sealed"
