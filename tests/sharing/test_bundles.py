"""A ZIP on its way: whole where nothing happens, cut where the guard says no, and without a trace of when or whose."""

import io
import zipfile
from functools import partial

import pytest
from django.http import StreamingHttpResponse

from sharing import bundles
from sharing.bundles import Member
from sharing.errors import ClosedReason, LinkClosed
from sharing.streaming import PIECE, Body

FILES = {"scan-1-square.jpg": b"\xff" * (2 * PIECE + 7), "scan-2.jpg": b"two"}


def members(asked: list[str], *, closed_at: int = 99) -> list[Member]:
    def fetch(name: str, kind: str, start: int, stop: int) -> bytes:
        if len(asked) == closed_at:
            raise LinkClosed(ClosedReason.NOT_PERMITTED)
        asked.append(f"{kind} {name}")
        return FILES[name][start:stop]

    return [
        Member(
            Body(name.removesuffix(".jpg"), "image/jpeg", len(data)),
            partial(fetch, name, "begin"),
            partial(fetch, name, "go on"),
        )
        for name, data in FILES.items()
    ]


def test_it_holds_the_files_and_nothing_of_their_past() -> None:
    asked: list[str] = []
    response = bundles.answer("scans", members(asked))
    assert isinstance(response, StreamingHttpResponse)
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as bundle:  # type: ignore[arg-type]
        assert bundle.testzip() is None
        assert {entry.filename: bundle.read(entry) for entry in bundle.infolist()} == FILES
        for entry in bundle.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.extra, entry.comment, entry.compress_type) == (b"", b"", zipfile.ZIP_STORED)
    assert response["Content-Disposition"] == 'attachment; filename="scans.zip"'
    assert response["Cache-Control"] == "private, no-store"
    assert asked == [
        "begin scan-1-square.jpg",
        "go on scan-1-square.jpg",
        "go on scan-1-square.jpg",
        "begin scan-2.jpg",
    ]


def test_it_is_sent_piece_by_piece() -> None:
    asked: list[str] = []
    response = bundles.answer("scans", members(asked))
    assert len(asked) == 1
    pieces = iter(response)  # type: ignore[call-overload]
    assert len(next(pieces)) < 2 * PIECE
    assert len(asked) == 1


@pytest.mark.requirement("R18")
def test_a_no_on_the_way_ends_it_unfinished() -> None:
    response = bundles.answer("scans", members([], closed_at=2))
    sent = io.BytesIO()
    with pytest.raises(LinkClosed):
        sent.writelines(response)  # type: ignore[arg-type]
    assert not zipfile.is_zipfile(sent)


def test_a_no_at_the_start_promises_nothing() -> None:
    with pytest.raises(LinkClosed):
        bundles.answer("scans", members([], closed_at=0))
