"""An archive counts what really comes out of it; how members of uploads fare is shown at the door (test_zips)."""

import io
import zipfile

import pytest

from deid.engine.archives import Archive, Limits, is_zip
from deid.engine.errors import Rejected, RejectReason


def packed(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_members_come_in_any_order_piece_by_piece() -> None:
    archive = Archive(
        io.BytesIO(packed(("a/", b""), ("a/1", b"one"), ("DICOMDIR", b"index"), ("2", bytes(3 << 20)))), Limits()
    )
    assert len(archive) == 3
    pieces: list[bytes] = []
    assert archive.unpack(2, left=4 << 20, write=pieces.append)
    assert [len(piece) for piece in pieces] == [1 << 20] * 3
    assert not archive.unpack(1, left=100, write=pieces.append)
    assert archive.unpack(0, left=3, write=pieces.append)
    assert pieces[3:] == [b"one"]


def test_nothing_over_the_limits_is_given_out() -> None:
    archive = Archive(io.BytesIO(packed(("1", bytes(3 << 20)))), Limits(member_bytes=2 << 20))
    pieces: list[bytes] = []
    for left, reason in ((1 << 20, RejectReason.ZIP_TOO_LARGE), (1 << 30, RejectReason.TOO_LARGE)):
        pieces.clear()
        with pytest.raises(Rejected) as refused:
            archive.unpack(0, left=left, write=pieces.append)
        assert refused.value.reason is reason
        assert sum(map(len, pieces)) <= min(left, 2 << 20)


def test_dicom_with_an_odd_preamble_is_no_zip() -> None:
    assert is_zip(packed(("1", b"one")))
    assert not is_zip(b"PK\x03\x04".ljust(128, b"\0") + b"DICM")
