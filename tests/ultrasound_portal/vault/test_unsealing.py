"""Only what was sealed, for this very object, with its key still alive, comes out."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.errors import Destroyed, Missing, Tampered
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal, seal_value
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import open_sealed, unseal, unseal_value, unseal_values

pytestmark = pytest.mark.django_db
CLINIC = uuid4()
DATA = bytes(i % 251 for i in range(50_000))


def sealed(kind: ObjectKind = ObjectKind.ARTEFACT, data: bytes = DATA) -> SealedObject:
    return seal(data, kind=kind, clinic_id=CLINIC)


@given(ends=st.tuples(st.integers(0, len(DATA)), st.integers(0, len(DATA))).map(sorted))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_range_is_the_same_as_a_slice(ends: list[int]) -> None:
    reader = open_sealed(sealed().id)
    assert reader.size == len(DATA)
    assert b"".join(reader.read_range(*ends)) == DATA[ends[0] : ends[1]]


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4), (0, len(DATA) + 1)])
def test_a_range_outside_is_refused_at_once(start: int, stop: int) -> None:
    reader = open_sealed(sealed().id)
    with pytest.raises(ValueError, match="range"):
        reader.read_range(start, stop)


def test_swapped_files_are_refused() -> None:
    one, two = sealed(), sealed()
    first, second = stores.files().path_of(one.store_key), stores.files().path_of(two.store_key)
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    for row in (one, two):
        with pytest.raises(Tampered):
            open_sealed(row.id)


def test_swapped_rows_are_refused() -> None:
    """Neither the other's file nor the other's key makes an object pass for another one."""
    one, two = sealed(), sealed()
    SealedObject.objects.filter(pk=one.pk).update(store_key=two.store_key, wrapped_key=two.wrapped_key)
    with pytest.raises(Tampered):
        unseal(one.id)


@pytest.mark.parametrize("change", [{"kind": "master"}, {"clinic_id": uuid4()}, {"size": len(DATA) - 1}])
def test_a_changed_row_is_refused(change: dict[str, object]) -> None:
    row = sealed()
    SealedObject.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(Tampered):
        unseal(row.id)


def test_a_file_cut_while_it_is_read_is_refused() -> None:
    row = sealed()
    reader = open_sealed(row.id)
    path = stores.files().path_of(row.store_key)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(Tampered):
        list(reader.read_range(0, reader.size))


def test_missing_and_destroyed_are_told_apart() -> None:
    with pytest.raises(Missing):
        unseal(uuid4())
    row = sealed()
    stores.delete(row.store_key)
    with pytest.raises(Missing):
        unseal(row.id)
    shred(row.id)
    with pytest.raises(Destroyed):
        unseal(row.id)


def test_a_small_value_of_another_object_is_refused() -> None:
    one, blob = seal_value(b"one", kind=ObjectKind.IDENTITY, clinic_id=CLINIC)
    two, _ = seal_value(b"two", kind=ObjectKind.IDENTITY, clinic_id=CLINIC)
    assert unseal_value(one.id, memoryview(blob)) == b"one"
    with pytest.raises(Tampered):
        unseal_value(two.id, blob)
    with pytest.raises(Tampered):
        unseal_value(one.id, b"")


def test_many_small_values_are_opened_together() -> None:
    pairs = [seal_value(bytes([n]), kind=ObjectKind.IDENTITY, clinic_id=CLINIC) for n in range(3)]
    shred(pairs[0][0].id)
    opened = unseal_values({**{row.id: blob for row, blob in pairs}, uuid4(): b"unknown"})
    assert opened == {pairs[1][0].id: b"\x01", pairs[2][0].id: b"\x02"}
