"""A ZIP is unpacked with doubt: counts, ratios and names are checked, and a good member is never lost."""

import io
import struct
import time
import zipfile

import pytest

from deid.engine.archives import RATIO_FLOOR, Limits
from deid.engine.cage import Cage
from deid.engine.errors import CageBroken, HoldReason, Rejected, RejectReason
from deid.ingest.zips import Member, members


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes, **limits: int) -> list[Member]:
    return list(members(io.BytesIO(data), Limits(**limits)))


def reason_for(data: bytes, **limits: int) -> RejectReason:
    with pytest.raises(Rejected) as raised:
        read(data, **limits)
    return raised.value.reason


def test_members_come_with_their_bytes_in_order() -> None:
    found = read(packed(("a/1.dcm", b"one"), ("a/2.dcm", b"two")))
    assert found == [Member(data=b"one"), Member(data=b"two")]


def test_folders_and_the_index_of_a_disc_are_left_out() -> None:
    found = read(packed(("a/", b""), ("a/DICOMDIR", b"index"), ("a/1", b"one")))
    assert found == [Member(), Member(data=b"one")]


@pytest.mark.parametrize(
    "name", ["../evil.dcm", "a/../../evil.dcm", "/etc/evil.dcm", "..\\evil.dcm", "C:\\evil.dcm", "\\evil"]
)
def test_a_name_that_points_outside_is_refused_and_the_rest_is_kept(name: str) -> None:
    found = read(packed((name, b"x"), ("good.dcm", b"good")))
    assert found == [Member(refusal=RejectReason.ZIP_UNSAFE_NAME), Member(data=b"good")]


def test_a_zip_in_a_zip_is_refused_whatever_its_name() -> None:
    inner = packed(("1.dcm", b"one"))
    found = read(packed(("picture.dcm", inner), ("good.dcm", b"good")))
    assert found == [Member(refusal=RejectReason.ZIP_NESTED), Member(data=b"good")]


def test_a_locked_member_is_refused() -> None:
    data = bytearray(packed(("1.dcm", b"one"), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(signature) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    assert read(bytes(data)) == [Member(refusal=RejectReason.ZIP_ENCRYPTED)]


def test_a_damaged_member_does_not_cost_the_others() -> None:
    data = bytearray(packed(("1.dcm", b"first" * 50), ("2.dcm", b"good"), method=zipfile.ZIP_STORED))
    place = data.index(b"firstfirst")
    data[place : place + 5] = b"FIRST"
    assert read(bytes(data)) == [Member(refusal=RejectReason.ZIP_DAMAGED), Member(data=b"good")]


def test_what_is_no_archive_and_what_is_cut_is_damaged() -> None:
    assert reason_for(b"PK\x03\x04" + b"junk" * 50) is RejectReason.ZIP_DAMAGED
    whole = packed(("1.dcm", b"one" * 500))
    assert reason_for(whole[: len(whole) // 2]) is RejectReason.ZIP_DAMAGED


def test_an_empty_archive_says_so() -> None:
    assert reason_for(packed()) is RejectReason.ZIP_EMPTY
    assert reason_for(packed(("only a folder/", b""))) is RejectReason.ZIP_EMPTY


def test_too_many_members_are_refused_before_any_is_read() -> None:
    assert reason_for(packed(*((str(n), b"x") for n in range(4))), members=3) is RejectReason.ZIP_TOO_MANY


def test_a_member_over_its_limit_is_refused_alone() -> None:
    found = read(packed(("1", b"a" * 101), ("2", b"b" * 100)), member_bytes=100)
    assert found == [Member(refusal=RejectReason.TOO_LARGE), Member(data=b"b" * 100)]


def test_after_the_total_nothing_more_is_read() -> None:
    found = read(packed(("1", b"a" * 80), ("2", b"b" * 80), ("3", b"c")), total_bytes=100)
    assert found == [Member(data=b"a" * 80), Member(refusal=RejectReason.ZIP_TOO_LARGE)]


def test_a_bomb_is_stopped_by_the_bytes_that_really_come() -> None:
    bomb = packed(("1", b"\0" * (RATIO_FLOOR * 3)))
    assert read(bomb, ratio=100) == [Member(refusal=RejectReason.ZIP_TOO_LARGE)]


def test_a_size_that_is_claimed_is_not_believed() -> None:
    data = bytearray(packed(("1", b"\0" * 5000)))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    assert all(len(member.data or b"") <= 5000 for member in read(bytes(data), total_bytes=10_000))


def test_an_index_of_millions_is_refused_before_it_is_read() -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, *[0] * 8, 1, *[0] * 6) + b"a"
    index = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(index), 0, 0)
    began = time.process_time()
    with pytest.raises(Rejected) as refused:
        list(members(io.BytesIO(index + end), Limits()))
    assert refused.value.reason is RejectReason.ZIP_TOO_MANY
    assert time.process_time() - began < 1


def test_an_archive_that_breaks_the_child_twice_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    data, broken = packed(("1", b"one"), ("2", b"two")), []

    def breaking(*_: object, number: int = 0, **__: object) -> bytes:
        if number == 0:
            broken.append(number)
            raise CageBroken(HoldReason.CRASHED)
        return b"two"

    monkeypatch.setattr(Cage, "unpack", breaking)
    assert read(data) == [Member(refusal=RejectReason.ZIP_DAMAGED), Member(data=b"two")]
    assert len(broken) == 2
    monkeypatch.setattr(Cage, "open_archive", breaking)
    assert reason_for(data) is RejectReason.ZIP_DAMAGED
