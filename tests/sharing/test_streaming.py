"""Ranges, pieces and headers."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.streaming import PIECE, Body, Unsatisfiable, answer, outline, wanted

DATA = bytes(range(256)) * 3000
BODY = Body(name="scan-1", media_type="video/mp4", size=len(DATA))


class Reader:
    """Fetches from DATA and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __call__(self, start: int, stop: int) -> bytes:
        self.asked.append((start, stop))
        return DATA[start:stop]


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=0-1", (0, 2)),
        ("bytes=5-", (5, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=90-1000", (90, 100)),
        (" bytes=1-2 ", (1, 3)),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        ("bytes=٣-٤", None),
    ],
)
def test_one_range_is_understood_and_the_rest_ignored(header: str, span: tuple[int, int] | None) -> None:
    assert wanted(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted(header, 100)


@given(st.text(), st.integers(min_value=1, max_value=10_000))
def test_any_header_gives_a_range_inside_the_file(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        try:
            span = wanted(header, size)
        except Unsatisfiable:
            continue
        assert span is None or 0 <= span[0] < span[1] <= size


@pytest.mark.parametrize("header", ["", "bytes=0-", "bytes=1000-700000", "bytes=-5", f"bytes={PIECE}-{PIECE}"])
def test_the_bytes_come_in_order_and_once(header: str) -> None:
    begin, go_on = Reader(), Reader()
    response = answer(BODY, begin=begin, go_on=go_on, range_header=header, download=False)
    start, stop = wanted(header, BODY.size) or (0, BODY.size)
    assert b"".join(response.streaming_content) == DATA[start:stop]  # type: ignore[attr-defined]
    assert response["Content-Length"] == str(stop - start)
    assert response.status_code == (206 if header else 200)
    assert len(begin.asked) == 1
    assert all(right - left <= PIECE for left, right in begin.asked + go_on.asked)


def test_nothing_is_promised_before_the_first_piece_is_there() -> None:
    def refuse(start: int, stop: int) -> bytes:
        raise PermissionError

    with pytest.raises(PermissionError):
        answer(BODY, begin=refuse, go_on=refuse, range_header="", download=False)


def test_later_pieces_are_fetched_only_when_they_are_wanted() -> None:
    go_on = Reader()
    response = answer(BODY, begin=Reader(), go_on=go_on, range_header="", download=False)
    pieces: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[attr-defined]
    next(pieces)
    assert go_on.asked == []
    next(pieces)
    assert go_on.asked == [(PIECE, 2 * PIECE)]


def test_an_unsatisfiable_range_reads_nothing() -> None:
    reader = Reader()
    response = answer(BODY, begin=reader, go_on=reader, range_header="bytes=999999999-", download=False)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(DATA)}")
    assert reader.asked == []


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("image/png", "scan-1.png"), ("image/jpeg", "scan-1.jpg"), ("video/mp4", "scan-1.mp4")],
)
def test_names_are_neutral(media_type: str, name: str) -> None:
    body = Body(name="scan-1", media_type=media_type, size=1)
    assert outline(body, download=True)["Content-Disposition"] == f'attachment; filename="{name}"'
    assert outline(body, download=False)["Content-Disposition"] == f'inline; filename="{name}"'
