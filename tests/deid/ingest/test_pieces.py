"""Sealed pieces read as one file, wherever they were cut."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.ingest.deliveries import append, begin
from deid.ingest.pieces import PiecesFile, open_pieces
from deid.models import Delivery, Upload
from tests.factories.clinics import make_staff
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.errors import Tampered
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


def delivered(*cuts: bytes) -> Delivery:
    user = make_staff()
    upload = Upload.objects.create(clinic=user.memberships.get().clinic, by=user)
    delivery = begin(upload, sum(map(len, cuts)))
    for cut in cuts:
        delivery = append(delivery, delivery.received, io.BytesIO(cut), length=len(cut))
    return delivery


def test_the_pieces_are_one_file() -> None:
    with open_pieces(delivered(b"abc", b"d", b"efghi")) as file:
        assert file.read() == b"abcdefghi"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.binary(min_size=1, max_size=40_000), min_size=1, max_size=4),
    moves=st.lists(st.tuples(st.integers(0, 160_000), st.integers(0, 70_000)), max_size=6),
)
def test_any_stretch_reads_as_of_a_file_in_memory(cuts: list[bytes], moves: list[tuple[int, int]], db: None) -> None:
    whole = io.BytesIO(b"".join(cuts))
    with open_pieces(delivered(*cuts)) as file:
        for place, length in moves:
            assert file.seek(place) == whole.seek(place)
            assert file.read(length) == whole.read(length)
        assert file.seek(0, io.SEEK_END) == whole.seek(0, io.SEEK_END)


def test_there_is_nothing_before_the_beginning() -> None:
    with pytest.raises(ValueError, match="before the beginning"):
        PiecesFile(delivered(b"abc")).seek(-1)


def test_a_piece_that_was_changed_is_refused() -> None:
    delivery = delivered(b"abc", b"def")
    row = SealedObject.objects.get(pk=delivery.pieces.get(start=3).sealed_id)
    path = stores.files().path_of(row.store_key)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    with open_pieces(delivery) as file, pytest.raises(Tampered):
        file.read()
