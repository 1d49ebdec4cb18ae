"""Random access into a Cobblestone-256 ciphertext, the form that the vault's sealed files have.

The form is C2SP chunked-encryption (https://c2sp.org/chunked-encryption, version 1) with SHA-512 and
AES-256-GCM: 24 bytes of salt, 32 bytes of key commitment, then chunks of 16 KiB, each with its own tag; the
last chunk is shorter than the others, so a cut is seen. Writing is left to `cryptography.cobblestone`.
"""

import hmac
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from ultrasound_portal.vault.errors import Tampered
from ultrasound_portal.vault.store import ReadAt

SALT = 24
COMMITMENT = 32
HEAD = SALT + COMMITMENT
CHUNK = 16 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 12
MAX_CHUNKS = 2**38
READ_AT_ONCE = 32
_LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"


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
        return self._decrypted(number, sealed)

    def open_run(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the plaintexts of the chunks from first to last, both included, read many at a time."""
        for start in range(first, last + 1, READ_AT_ONCE):
            count = min(READ_AT_ONCE, last + 1 - start)
            sealed = memoryview(self._read_at(HEAD + start * SEALED_CHUNK, count * SEALED_CHUNK))
            for number in range(count):
                yield self._decrypted(start + number, sealed[number * SEALED_CHUNK : (number + 1) * SEALED_CHUNK])

    def _decrypted(self, number: int, sealed: bytes | memoryview) -> bytes:
        nonce = (self._base_nonce ^ number).to_bytes(NONCE)
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError):
            raise Tampered("a sealed object has been changed") from None
