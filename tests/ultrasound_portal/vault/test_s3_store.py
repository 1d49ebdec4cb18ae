"""What only a bucket has: requests that fail, uploads in parts that nobody finished, and names of others."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests import servers
from tests.ultrasound_portal.vault.test_store import FAR, everything, make_s3
from ultrasound_portal.vault.s3_store import BLOCK, BLOCKS_KEPT, Bucket, S3Store


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with servers.s3() as address:
        yield address


def test_an_upload_that_nobody_finished_is_found_and_given_up(service: str) -> None:
    store = make_s3(service)
    key = uuid4().hex
    store._ask("create_multipart_upload", key)
    assert everything(store) == ([], [key])
    store.discard_draft(uuid4().hex)
    assert list(store.drafts_before(FAR)) == [key]
    store.discard_draft(key)
    assert everything(store) == ([], [])


def test_names_of_others_in_the_bucket_are_left_alone(service: str) -> None:
    store = make_s3(service)
    store._client.put_object(Bucket=store._bucket.name, Key="sealed/readme", Body=b"x")
    store._client.put_object(Bucket=store._bucket.name, Key=uuid4().hex, Body=b"x")
    assert everything(store) == ([], [])


def test_a_reader_keeps_few_blocks_and_asks_no_more_than_it_must(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, key = make_s3(service), uuid4().hex
    store.write(key, [bytes(BLOCK * (BLOCKS_KEPT + 2))])
    asked: list[int] = []
    fetch = store._range
    monkeypatch.setattr(store, "_range", lambda key, at, length: asked.append(at) or fetch(key, at, length))
    read_at = store.reader(key)
    for _ in range(3):
        read_at(0, 56)
        read_at(100, 16_000)
    assert asked == [0]
    for number in range(1, BLOCKS_KEPT + 1):
        read_at(number * BLOCK, 1)
    read_at(0, 1)
    assert asked == [0, *(number * BLOCK for number in range(1, BLOCKS_KEPT + 1)), 0]


def test_a_service_that_is_away_or_refuses_is_an_os_error(service: str) -> None:
    away = S3Store(Bucket("http://127.0.0.1:9", "b", "", "us-east-1", "key", "secret"))
    assert not away.has_room()
    nobody = S3Store(Bucket(service, "no-such-bucket", "", "us-east-1", "key", "secret"))
    assert not nobody.has_room()
    with pytest.raises(OSError, match="refused"):
        nobody.write(uuid4().hex, [b"x"])
    with pytest.raises(OSError, match="list"):
        list(nobody.stored_before(FAR))


def test_sealed_bytes_cross_a_network_inside_tls_only_and_the_secret_is_not_shown() -> None:
    bucket = Bucket("http://store.example.org", "b", "", "us-east-1", "key", "hush-hush")
    with pytest.raises(ImproperlyConfigured, match="https"):
        S3Store(bucket)
    assert "hush" not in repr(bucket)
