"""Wrapping keys stay in a key service: here a real OpenBao, whose transit engine has HashiCorp Vault's interface."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests import servers
from ultrasound_portal.vault import index_key, keyring, rewrapping, transit
from ultrasound_portal.vault.errors import KeyUnavailable, NotRotatable, Tampered
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.transit import TransitKeys
from ultrasound_portal.vault.unsealing import unseal_value
from ultrasound_portal.vault.wrapping import Bare, Wrapped


@pytest.fixture(scope="module")
def keeper() -> Iterator[str]:
    with servers.openbao() as address:
        yield address


@pytest.fixture
def service(keeper: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TransitKeys:
    settings.PORTAL_DATA = tmp_path
    monkeypatch.setenv("PORTAL_TRANSIT_URL", keeper)
    monkeypatch.setenv("PORTAL_TRANSIT_TOKEN", servers.KEEPER)
    monkeypatch.setenv("PORTAL_TRANSIT_KEY", f"key-{uuid4().hex}")
    made = transit.configured()
    assert made is not None
    made._ask("POST", f"keys/{made._key}", {"type": "aes256-gcm96"})
    return made


def test_what_is_wrapped_opens_in_its_context_only(service: TransitKeys) -> None:
    bare = [Bare(bytes([n]) * 32, b"context %d" % n) for n in range(3)]
    wrapped = [
        Wrapped(kek_id, blob, one.context) for one, (kek_id, blob) in zip(bare, service.wrap_all(bare), strict=True)
    ]
    assert service.unwrap_all(wrapped) == [one.data_key for one in bare]
    assert {one.kek_id for one in wrapped} == {service.current_id()} == service.ids()
    assert len(service.current_id()) <= 32
    first = wrapped[0]
    for wrong in (
        Wrapped(first.kek_id, first.wrapped, b"context 1"),
        Wrapped(first.kek_id, first.wrapped[:-8] + b"AAAAAAA=", first.context),
        Wrapped(first.kek_id, b"nonsense", first.context),
        Wrapped(first.kek_id[:-1] + "2", first.wrapped, first.context),
    ):
        with pytest.raises(Tampered):
            service.unwrap_all([wrong])
    with pytest.raises(KeyUnavailable):
        service.unwrap_all([Wrapped("transit:00000000:v1", first.wrapped, first.context)])


@pytest.mark.django_db
def test_the_portal_seals_and_rotates_with_it_and_no_key_lies_on_the_disk(service: TransitKeys, tmp_path: Path) -> None:
    keyring.prepare()
    keyring.prepare()
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["index.sealed"]
    assert len(index_key.read()) == 32
    assert index_key.read() not in (tmp_path / "keys" / "index.sealed").read_bytes()
    former = keyring.current_id()
    row, blob = seal_value(b"name", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    match = keyring.match_value("x", scope="y")
    with pytest.raises(NotRotatable, match="current"):
        rewrapping.retire(former)
    fresh = keyring.rotate()
    with pytest.raises(NotRotatable, match="rewrap"):
        rewrapping.retire(former)
    assert [(step.done, step.left) for step in rewrapping.rewrap()] == [(0, 1), (1, 0)]
    assert index_key.wrapped_with() == fresh
    rewrapping.retire(former)
    assert keyring.present_ids() == {fresh}
    assert unseal_value(row.id, blob) == b"name"
    assert keyring.match_value("x", scope="y") == match


def test_a_version_that_was_destroyed_is_a_key_that_is_away(service: TransitKeys) -> None:
    [(kek_id, blob)] = service.wrap_all([Bare(bytes(32), b"context")])
    service.rotate()
    service.retire(kek_id)
    with pytest.raises(KeyUnavailable, match="destroyed"):
        service.unwrap_all([Wrapped(kek_id, blob, b"context")])
    with pytest.raises(NotRotatable):
        service.retire("transit:00000000:v1")


def test_objects_of_the_key_file_open_beside_those_of_the_service(
    service: TransitKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = service and f"http://{service._host}:{service._port}"
    monkeypatch.delenv("PORTAL_TRANSIT_URL")
    keyring.prepare()
    filed = keyring.wrap(b"f" * 32, context=b"c")
    monkeypatch.setenv("PORTAL_TRANSIT_URL", url)
    served = keyring.wrap(b"s" * 32, context=b"c")
    assert {filed[0], served[0]} == keyring.present_ids()
    assert keyring.unwrap_all([Wrapped(*served, b"c"), Wrapped(*filed, b"c")]) == [b"s" * 32, b"f" * 32]


@pytest.mark.parametrize("fault", ["away", "token"])
def test_a_service_that_does_not_answer_is_a_key_that_is_away(
    service: TransitKeys, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "token":
        monkeypatch.setenv("PORTAL_TRANSIT_TOKEN", "another")
    else:
        service = TransitKeys(url="http://127.0.0.1:9", mount="transit", key="k")
    with pytest.raises(KeyUnavailable) as refusal:
        service.wrap_all([Bare(bytes(32), b"context")])
    assert "another" not in str(refusal.value)


@pytest.mark.parametrize("url", ["http://keys.example.org:8200", "ftp://127.0.0.1", "nonsense"])
def test_an_address_that_would_show_keys_to_a_network_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        TransitKeys(url=url, mount="transit", key="k")
