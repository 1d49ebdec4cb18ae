"""Random access into a Cobblestone-256 ciphertext, the form that the vault's sealed files have.

The form is C2SP chunked-encryption (https://c2sp.org/chunked-encryption, version 1) with SHA-512 and
AES-256-GCM: 24 bytes of salt, 32 bytes of key commitment, then chunks of 16 KiB, each with its own tag; the
last chunk is shorter than the others, so a cut is seen. Writing is left to `cryptography.cobblestone`.
"""

import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from ultrasound_portal.vault.errors import Tampered

SALT = 24
COMMITMENT = 32
HEAD = SALT + COMMITMENT
CHUNK = 16 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 12
MAX_CHUNKS = 2**38
_LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"

ReadAt = Callable[[int, int], bytes]
"""Reads `(offset, length)`; fewer bytes only at the end."""


class ChunkOpener:
    """Opens single chunks of one ciphertext; nothing leaves before its tag is checked.

    Construction checks the key commitment and the last chunk, so a wrong key, a wrong context and a cut are
    refused before the first chunk is asked for; every fault raises Tampered.
    """

    def __init__(self, *, key: bytes, context: bytes, sealed_size: int, read_at: ReadAt) -> None:
        self._read_at = read_at
        self.chunks, last = divmod(sealed_size - HEAD, SEALED_CHUNK)
        self.chunks += 1
        if sealed_size < HEAD + TAG or last < TAG or self.chunks > MAX_CHUNKS:
            raise Tampered("a sealed object has an impossible length")
        self.size = (self.chunks - 1) * CHUNK + last - TAG
        head = read_at(0, HEAD)
        salt, commitment = head[:SALT], head[SALT:]
        derived = HKDFExpand(
            algorithm=SHA512(), length=len(key) + NONCE + COMMITMENT, info=_LABEL + salt + context
        ).derive(key)
        self._base_nonce = int.from_bytes(derived[len(key) : len(key) + NONCE])
        if not hmac.compare_digest(derived[len(key) + NONCE :], commitment):
            raise Tampered("a sealed object does not belong to its key")
        self._cipher = AESGCM(derived[: len(key)])
        self.open(self.chunks - 1)

    def open(self, number: int) -> bytes:
        """Return the plaintext of a chunk, counted from 0."""
        if not 0 <= number < self.chunks:
            raise IndexError("no such chunk")
        sealed = self._read_at(HEAD + number * SEALED_CHUNK, SEALED_CHUNK)
        nonce = (self._base_nonce ^ number).to_bytes(NONCE)
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError):
            raise Tampered("a sealed object has been changed") from None
