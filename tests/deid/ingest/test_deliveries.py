"""Files that come in pieces."""

import errno
import hashlib
import io
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from deid.engine.errors import Rejected, RejectReason
from deid.ingest import deliveries
from deid.ingest.deliveries import Damaged, Displaced, append, append_checked, begin, drop, drop_forgotten
from deid.models import Delivery, Piece, Upload
from deid.states import DeliveryState
from tests.factories.clinics import make_staff
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload() -> Upload:
    user = make_staff()
    return Upload.objects.create(clinic=user.memberships.get().clinic, by=user)


class Broken(io.BytesIO):
    """A connection that goes after its bytes, as the web server shows it."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what is there, then fail."""
        if data := super().read(size):
            return data
        raise OSError(errno.ECONNRESET, "the sender is gone")


def stored() -> set[str]:
    return set(stores.stored_before((timezone.now() + timedelta(hours=1)).timestamp()))


def test_a_delivery_grows_to_its_size_and_is_whole(upload: Upload) -> None:
    delivery = begin(upload, 5)
    assert (delivery.state, delivery.received) == (DeliveryState.OPEN, 0)
    delivery = append(delivery, 0, io.BytesIO(b"abc"), length=3)
    assert (delivery.state, delivery.received) == (DeliveryState.OPEN, 3)
    delivery = append(delivery, 3, io.BytesIO(b"de"), length=2)
    assert (delivery.state, delivery.received) == (DeliveryState.WHOLE, 5)


def test_an_empty_file_is_whole_at_once(upload: Upload) -> None:
    assert begin(upload, 0).state == DeliveryState.WHOLE


@override_settings(DELIVERY_LIMIT=10)
def test_more_than_the_portal_takes_is_refused_before_a_byte_comes(upload: Upload) -> None:
    with pytest.raises(Rejected) as refused:
        begin(upload, 11)
    assert refused.value.reason is RejectReason.TOO_LARGE
    assert not Delivery.objects.exists()


@override_settings(UPLOAD_LIMIT=1000)
def test_a_single_file_over_the_limit_ends_with_its_first_piece_and_a_zip_does_not(upload: Upload) -> None:
    single, archive = begin(upload, 2000), begin(upload, 2000)
    with pytest.raises(Rejected):
        append(single, 0, io.BytesIO(b"x" * 900), length=900)
    single.refresh_from_db()
    assert single.state == DeliveryState.DROPPED
    assert append(archive, 0, io.BytesIO(b"PK\x03\x04" + bytes(896)), length=900).received == 900


def test_long_bodies_are_kept_in_pieces_and_what_came_before_the_break_stays(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "PIECE_BYTES", 4)
    delivery = begin(upload, 12)
    with pytest.raises(OSError, match="gone"):
        append(delivery, 0, Broken(b"abcdefghij"), length=12)
    delivery.refresh_from_db()
    assert delivery.received == 10
    assert [(piece.start, piece.size) for piece in delivery.pieces.all()] == [(0, 4), (4, 4), (8, 2)]


@pytest.mark.parametrize(("offset", "data"), [(0, b"abc"), (2, b"c"), (4, b"de"), (3, b"defg")], ids=str)
def test_a_piece_at_another_place_is_not_kept(upload: Upload, offset: int, data: bytes) -> None:
    delivery = append(begin(upload, 5), 0, io.BytesIO(b"abc"), length=3)
    before = stored()
    with pytest.raises(Displaced):
        append(delivery, offset, io.BytesIO(data), length=len(data))
    delivery.refresh_from_db()
    assert (delivery.received, stored()) == (3, before)


def test_of_two_senders_of_one_piece_one_is_refused_and_leaves_nothing(upload: Upload) -> None:
    stale = begin(upload, 5)
    append(Delivery.objects.get(pk=stale.pk), 0, io.BytesIO(b"abc"), length=3)
    before = stored()
    with pytest.raises(Displaced):
        append(stale, 0, io.BytesIO(b"abc"), length=3)
    assert (Piece.objects.count(), stored()) == (1, before)


@pytest.mark.parametrize("algorithm", deliveries.CHECKSUMS)
def test_a_piece_is_kept_only_if_it_is_what_its_checksum_says(upload: Upload, algorithm: str) -> None:
    delivery = begin(upload, 3)
    digest = hashlib.new(algorithm, b"abc").digest()
    with pytest.raises(Damaged):
        append_checked(delivery, 0, b"abd", algorithm=algorithm, digest=digest)
    assert not Piece.objects.exists()
    assert append_checked(delivery, 0, b"abc", algorithm=algorithm, digest=digest).state == DeliveryState.WHOLE


@pytest.mark.requirement("R49")
def test_an_ended_delivery_leaves_no_piece_and_no_key(
    upload: Upload, django_capture_on_commit_callbacks: object
) -> None:
    delivery = append(begin(upload, 5), 0, io.BytesIO(b"abc"), length=3)
    sealed = SealedObject.objects.get(pk=delivery.pieces.get().sealed_id)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        drop(delivery)
    sealed.refresh_from_db()
    assert (bytes(sealed.wrapped_key), sealed.store_key in stored()) == (b"", False)
    delivery.refresh_from_db()
    with pytest.raises(Displaced):
        append(delivery, 3, io.BytesIO(b"de"), length=2)


def test_what_nobody_went_on_with_for_a_day_is_dropped(upload: Upload) -> None:
    old, young = begin(upload, 5), begin(upload, 5)
    Delivery.objects.filter(pk=old.pk).update(touched_at=timezone.now() - deliveries.LIFE - timedelta(seconds=1))
    assert drop_forgotten() == 1
    states = {delivery.pk: delivery.state for delivery in Delivery.objects.all()}
    assert states == {old.pk: DeliveryState.DROPPED, young.pk: DeliveryState.OPEN}
