"""A lent file reads like the file itself, and no more is lent or taken than was agreed."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.lending import STRETCH, Borrowed, Lender
from deid.engine.wire import Frame, Garbled

DATA = bytes(range(256)) * 2100


def lent(data: bytes, asked: list[int] | None = None) -> io.BufferedReader:
    lender = Lender(io.BytesIO(data))

    def want(offset: int, length: int) -> bytes:
        if asked is not None:
            asked.append(length)
        reply = lender.serve(Frame({"want": [offset, length]}))
        assert reply is not None
        return reply[0]

    return io.BufferedReader(Borrowed(len(data), want), STRETCH)


@given(st.lists(st.tuples(st.integers(0, len(DATA) + 10), st.integers(0, len(DATA))), max_size=8))
def test_every_place_reads_like_the_file_itself(reads: list[tuple[int, int]]) -> None:
    one, two = lent(DATA), io.BytesIO(DATA)
    for offset, length in reads:
        assert (one.seek(offset), one.read(length), one.tell()) == (two.seek(offset), two.read(length), two.tell())


def test_small_reads_side_by_side_cost_one_stretch() -> None:
    asked: list[int] = []
    reader = lent(DATA, asked)
    assert b"".join(reader.read(100) for _ in range(50)) == DATA[:5000]
    assert asked == [STRETCH]


def test_an_archive_opens_and_a_place_before_the_beginning_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="before"):
        Borrowed(5, lambda _, length: bytes(length)).seek(-6, io.SEEK_END)
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    assert zipfile.ZipFile(lent(buffer.getvalue())).namelist() == []


@pytest.mark.parametrize("asked", [[0, STRETCH + 1], [-1, 4], [0, -4], [0], "all", None, [0, 4.0]], ids=str)
def test_nothing_else_is_lent(asked: object) -> None:
    with pytest.raises(Garbled):
        Lender(io.BytesIO(DATA)).serve(Frame({"want": asked}))


def test_what_is_unpacked_is_collected_up_to_its_limit() -> None:
    lender = Lender(io.BytesIO(), most=5)
    assert lender.serve(Frame({"piece": True}, (b"abc",))) == []
    assert lender.serve(Frame({"kept": True})) is None
    assert bytes(lender.taken) == b"abc"
    with pytest.raises(Garbled):
        lender.serve(Frame({"piece": True}, (b"def",)))
