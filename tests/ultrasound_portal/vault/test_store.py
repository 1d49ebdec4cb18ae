"""Both stores keep one contract: objects are there whole or not at all, by range, and what lies about is found."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import servers
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.file_store import FileStore
from ultrasound_portal.vault.s3_store import PART, Bucket, S3Store
from ultrasound_portal.vault.store import Store

FAR = 1e12
BIG = bytes(i % 251 for i in range(PART + 70_000))


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with servers.s3() as address:
        yield address


@pytest.fixture(params=["files", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "files":
        return FileStore(tmp_path / "store")
    return make_s3(request.getfixturevalue("service"))


def make_s3(address: str, prefix: str = "sealed/") -> S3Store:
    bucket = Bucket(address, f"b{uuid4().hex}", prefix, "us-east-1", "key", "secret")
    store = S3Store(bucket)
    store._client.create_bucket(Bucket=bucket.name)
    return store


def everything(store: Store) -> tuple[list[str], list[str]]:
    return sorted(store.stored_before(FAR)), sorted(store.drafts_before(FAR))


@pytest.mark.parametrize("data", [b"", b"abcdefgh", BIG], ids=["empty", "small", "in parts"])
def test_what_is_written_is_read_by_range(store: Store, data: bytes) -> None:
    key = uuid4().hex
    store.write(key, (data[at : at + 1_000_000] for at in range(0, len(data), 1_000_000)))
    assert store.size(key) == len(data)
    read_at = store.reader(key)
    for offset, length in [(0, 4), (2, 3), (0, len(data) + 50), (len(data) - 3, 3), (524_280, 20), (len(data), 9)]:
        offset = max(0, offset)
        assert read_at(offset, length) == data[offset : offset + length]
    assert everything(store) == ([key], [])


@pytest.mark.parametrize("before", [1, PART + 10], ids=["at once", "after a part"])
def test_a_broken_write_leaves_nothing(store: Store, before: int) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(before)
        yield bytes(before)
        raise OSError("no space left")

    key = uuid4().hex
    with pytest.raises(OSError, match="no space"):
        store.write(key, pieces())
    assert everything(store) == ([], [])
    with pytest.raises(Missing):
        store.size(key)


def test_a_gone_object_is_missing_and_deleting_twice_is_harmless(store: Store) -> None:
    key = uuid4().hex
    store.write(key, [b"x"])
    read_at = store.reader(key)
    store.delete(key)
    store.delete(key)
    with pytest.raises(Missing):
        read_at(0, 1)
    with pytest.raises(Missing):
        store.size(key)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 32, "ab", f"{'a' * 31}/"])
def test_only_its_own_names_are_objects(store: Store, name: str) -> None:
    for act in (store.size, store.reader, store.delete):
        with pytest.raises(Missing):
            act(name)


def test_only_what_is_old_is_listed_and_it_has_room(store: Store) -> None:
    store.write(uuid4().hex, [b"x"])
    assert list(store.stored_before(1000)) == []
    assert store.has_room()
