"""The reader agrees with the library's writer, and lets nothing changed through."""

import hashlib
import json
import zlib
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from ultrasound_portal.vault import chunks as chunk_form
from ultrasound_portal.vault.chunks import CHUNK, HEAD, SEALED_CHUNK, TAG, ChunkOpener
from ultrasound_portal.vault.errors import Tampered

KEY = bytes(range(32))
CONTEXT = b"an object"
VECTORS = json.loads(Path(__file__).with_name("chunked_encryption_vectors.json").read_text())
PLAIN = bytes(i % 253 for i in range(3 * CHUNK + 100))


def sealed(plain: bytes, *, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plain) + encryptor.finalize()


SEALED = sealed(PLAIN)


def opener(data: bytes, *, key: bytes = KEY, context: bytes = CONTEXT) -> ChunkOpener:
    return ChunkOpener(
        key=key, context=context, sealed_size=len(data), read_at=lambda at, length: data[at : at + length]
    )


def opened(data: bytes, *, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    chunks = opener(data, key=key, context=context)
    return b"".join(chunks.open(number) for number in range(chunks.chunks))


def test_a_run_is_read_in_few_reads_and_is_the_same_as_its_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ultrasound_portal.vault.chunks.READ_AT_ONCE", 3)
    asked: list[int] = []
    chunks = ChunkOpener(
        key=KEY,
        context=CONTEXT,
        sealed_size=len(SEALED),
        read_at=lambda at, length: asked.append(at) or SEALED[at : at + length],
    )
    asked.clear()
    assert b"".join(chunks.open_run(0, 3)) == PLAIN
    assert len(asked) == 2
    assert list(chunks.open_run(1, 2)) == [chunks.open(1), chunks.open(2)]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 100])
def test_it_reads_what_the_library_wrote(size: int) -> None:
    assert opened(sealed(PLAIN[:size])) == PLAIN[:size]
    assert opener(sealed(PLAIN[:size])).size == size


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_of_the_specification(vector: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """C2SP's vectors for AES-256-GCM, as the cryptography project distributes them; they derive keys with SHA-256."""
    monkeypatch.setattr(chunk_form, "SHA512", SHA256)
    data = b64decode(vector["ciphertext"] or "")
    data = zlib.decompress(data) if vector.get("compressed") else data
    key, context = bytes.fromhex(str(vector["key"])), str(vector["context"]).encode()
    if vector["expect"] == "failure":
        with pytest.raises(Tampered):
            opened(data, key=key, context=context)
        return
    plain = opened(data, key=key, context=context)
    assert len(plain) == vector["payload_length"]
    assert hashlib.sha256(plain).hexdigest() == vector["payload_sha256"]


def test_the_library_reads_the_same_bytes() -> None:
    decryptor = Cobblestone256Decryptor(KEY, CONTEXT)
    assert decryptor.update(SEALED) + decryptor.finalize() == opened(SEALED)


@given(place=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused_before_its_chunk_leaves(place: int, bit: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1 << bit
    left = []
    with pytest.raises(Tampered):  # noqa: PT012 - what left before the refusal is the point
        chunks = opener(bytes(changed))
        for piece in chunks.open_run(0, chunks.chunks - 1):
            left.append(piece)
    assert all(piece == PLAIN[at * CHUNK : (at + 1) * CHUNK] for at, piece in enumerate(left))
    assert len(left) <= max(0, place - HEAD) // SEALED_CHUNK


@given(length=st.integers(0, len(SEALED) - 1))
def test_a_cut_is_refused_at_opening(length: int) -> None:
    with pytest.raises(Tampered):
        opener(SEALED[:length])


@given(extra=st.binary(min_size=1, max_size=2 * SEALED_CHUNK))
def test_added_bytes_are_refused_at_opening(extra: bytes) -> None:
    with pytest.raises(Tampered):
        opener(SEALED + extra)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 2), (1, 2)])
def test_reordered_chunks_are_refused(one: int, other: int) -> None:
    chunks = [SEALED[HEAD + n * SEALED_CHUNK : HEAD + (n + 1) * SEALED_CHUNK] for n in range(4)]
    chunks[one], chunks[other] = chunks[other], chunks[one]
    with pytest.raises(Tampered):
        opened(SEALED[:HEAD] + b"".join(chunks))


def test_another_key_or_context_is_refused_at_opening() -> None:
    with pytest.raises(Tampered):
        opener(SEALED, key=bytes(32))
    with pytest.raises(Tampered):
        opener(SEALED, context=b"another object")


def test_a_chunk_of_another_message_under_the_same_key_is_refused() -> None:
    other = sealed(PLAIN)
    mixed = SEALED[: HEAD + SEALED_CHUNK] + other[HEAD + SEALED_CHUNK :]
    with pytest.raises(Tampered):
        opened(mixed)


def test_chunks_outside_are_not_asked_for() -> None:
    with pytest.raises(IndexError):
        opener(SEALED).open(4)
    assert len(SEALED) == HEAD + 3 * SEALED_CHUNK + 100 + TAG
