"""The hashed bytes are those of RFC 8785 and RFC 6962, and every field is in them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from ultrasound_portal.audit.canonical import GENESIS, canonical_bytes, leaf_hash
from ultrasound_portal.audit.models import Entry


def entry(**changes: object) -> Entry:
    fields: dict[str, object] = {
        "seq": 1,
        "at": datetime(2026, 3, 1, 9, 30, 0, 5, tzinfo=UTC),
        "event": "link_opened",
        "actor": "link:00000000-0000-0000-0000-000000000001",
        "clinic_id": UUID(int=2),
        "object_kind": "link",
        "object_id": UUID(int=1),
        "patient_id": UUID(int=3),
        "purpose": "family",
        "grant_id": UUID(int=4),
        "outcome": "success",
        "detail": {"b": 1, "a": True, "ä": "x"},
        "prev_hash": GENESIS,
        "leaf_hash": "",
    }
    return Entry(**{**fields, **changes})


def test_the_known_bytes_of_a_known_entry() -> None:
    assert canonical_bytes(entry()).decode() == (
        '{"actor":"link:00000000-0000-0000-0000-000000000001","at":"2026-03-01T09:30:00.000005Z",'
        '"clinic_id":"00000000-0000-0000-0000-000000000002","detail":{"a":true,"b":1,"ä":"x"},"event":"link_opened",'
        '"grant_id":"00000000-0000-0000-0000-000000000004","object_id":"00000000-0000-0000-0000-000000000001",'
        '"object_kind":"link","outcome":"success","patient_id":"00000000-0000-0000-0000-000000000003",'
        '"prev_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","purpose":"family","seq":1}'
    )


def test_the_leaf_has_its_prefix() -> None:
    assert leaf_hash(entry()) == hashlib.sha256(b"\x00" + canonical_bytes(entry())).hexdigest()


def test_every_field_but_the_leaf_itself_is_hashed() -> None:
    hashed = set(json.loads(canonical_bytes(entry())))
    assert hashed == {field.name for field in Entry._meta.concrete_fields} - {"leaf_hash"}


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2},
        {"at": datetime(2026, 3, 1, 9, 30, 0, 6, tzinfo=UTC)},
        {"event": "link_left"},
        {"actor": "system:worker"},
        {"clinic_id": None},
        {"object_kind": ""},
        {"object_id": UUID(int=9)},
        {"patient_id": None},
        {"purpose": "own_copy"},
        {"grant_id": None},
        {"outcome": "refused"},
        {"detail": {}},
        {"prev_hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_is_another_leaf(change: dict[str, object]) -> None:
    assert leaf_hash(entry(**change)) != leaf_hash(entry())


def test_the_same_moment_in_another_zone_is_the_same_leaf() -> None:
    there = datetime(2026, 3, 1, 11, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert leaf_hash(entry(at=there)) == leaf_hash(entry())
