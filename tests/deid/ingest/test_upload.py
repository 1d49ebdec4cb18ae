"""The browser's door: each file, and each member of a ZIP, gets its row."""

import io
import zipfile

import pytest

from deid.engine.errors import CageBroken, HoldReason, RejectReason
from deid.ingest import upload as door
from deid.ingest.deliveries import append, begin
from deid.ingest.memory import MemoryFile
from deid.ingest.upload import carry_on, take, unwrap
from deid.models import Delivery, Instance, Piece, Upload
from deid.states import DeliveryState
from tests.factories.clinics import make_staff
from tests.factories.pictures import plain_bytes, ultrasound_bytes
from tests.samples import named
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.vault.errors import Missing

pytestmark = pytest.mark.django_db


def file_of(data: bytes, refusal: RejectReason | None = None) -> MemoryFile:
    return MemoryFile(io.BytesIO(data), size=len(data), refusal=refusal)


def zipped(*contents: bytes, names: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(names[number] if names else f"{number}.dcm", content)
    return buffer.getvalue()


@pytest.fixture
def batch() -> Upload:
    user = make_staff()
    return Upload.objects.create(clinic=user.memberships.get().clinic, by=user)


def rows(batch: Upload, data: bytes, refusal: RejectReason | None = None) -> list[tuple[int, str, str]]:
    items = take(batch, file_of(data, refusal), actor=f"user:{batch.by_id}")
    return [(item.position, item.outcome, item.reason) for item in items]


def test_a_file_is_itself() -> None:
    assert [member.data for member in unwrap(file_of(b"bytes"))] == [b"bytes"]


def test_a_picture_and_its_repetition_have_rows(batch: Upload) -> None:
    data = ultrasound_bytes()
    assert rows(batch, data) == [(1, "received", "")]
    assert rows(batch, data) == [(2, "repeated", "")]
    assert batch.items.get(position=1).instance == batch.items.get(position=2).instance


def test_a_zip_has_a_row_for_each_member_and_no_good_one_is_lost(batch: Upload) -> None:
    good, other = ultrasound_bytes(), ultrasound_bytes()
    data = zipped(
        good,
        b"x",
        zipped(b"inner"),
        b"",
        named("CT_small.dcm").read_bytes(),
        b"index",
        other,
        names=("a/1", "../2", "3.zip", "4", "5", "DICOMDIR", "7"),
    )
    assert rows(batch, data) == [
        (1, "received", ""),
        (2, "refused", "zip_unsafe_name"),
        (3, "refused", "zip_nested"),
        (4, "refused", "empty"),
        (5, "refused", "not_ultrasound"),
        (6, "skipped", ""),
        (7, "received", ""),
    ]
    assert Instance.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"a text", "not_dicom"),
        (named("CT_small.dcm").read_bytes(), "not_ultrasound"),
        (named("reportsi.dcm").read_bytes(), "structured_report"),
        (named("US1_UNCR.dcm").read_bytes()[:300_000], "truncated"),
        (b"PK\x03\x04 is not all of a ZIP", "zip_damaged"),
        (zipped(), "zip_empty"),
    ],
    ids=["empty", "text", "ct", "report", "truncated", "damaged zip", "empty zip"],
)
def test_a_bad_file_has_one_row_with_its_reason_and_is_audited(batch: Upload, data: bytes, reason: str) -> None:
    assert rows(batch, data) == [(1, "refused", reason)]
    entry = Entry.objects.get(event="instance_refused")
    assert (entry.outcome, entry.detail) == ("refused", {"door": "upload", "reason": reason})
    assert not Instance.objects.exists()


def test_an_encapsulated_document_is_refused(batch: Upload) -> None:
    from pydicom import dcmread
    from pydicom.filebase import DicomBytesIO

    data = dcmread(DicomBytesIO(ultrasound_bytes()))
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    buffer = DicomBytesIO()
    data.save_as(buffer)
    assert rows(batch, buffer.getvalue()) == [(1, "refused", "encapsulated_document")]


def test_the_index_of_a_disc_is_left_out(batch: Upload) -> None:
    assert rows(batch, named("DICOMDIR").read_bytes()) == [(1, "skipped", "")]


def test_a_file_over_the_limit_has_its_row(batch: Upload) -> None:
    assert rows(batch, b"", RejectReason.TOO_LARGE) == [(1, "refused", "too_large")]


def test_a_file_that_breaks_the_cage_is_refused_and_the_next_is_taken(
    batch: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: object, **__: object) -> None:
        raise CageBroken(HoldReason.CRASHED)

    with monkeypatch.context() as patched:
        patched.setattr(door, "receive", breaking)
        assert rows(batch, ultrasound_bytes()) == [(1, "refused", "damaged")]
    assert rows(batch, ultrasound_bytes()) == [(2, "received", "")]


@pytest.mark.requirement("R36")
def test_plain_pictures_of_one_upload_are_one_study_of_nobody(batch: Upload) -> None:
    assert rows(batch, zipped(plain_bytes(), plain_bytes("JPEG"), b"\x89PNG\r\n\x1a\n no more of it")) == [
        (1, "received", ""),
        (2, "received", ""),
        (3, "refused", "damaged"),
    ]
    assert rows(batch, plain_bytes(seed=77_000)) == [(4, "received", "")]
    (study,) = {instance.study for instance in Instance.objects.all()}
    assert study.unmatched
    later = Upload.objects.create(clinic=batch.clinic, by=batch.by)
    rows(later, plain_bytes(seed=77_001))
    other = Instance.objects.get(upload_items__upload=later).study
    assert other.pk != study.pk
    assert other.patient_id != study.patient_id
    assert rows(later, plain_bytes(seed=77_000)) == [(2, "repeated", "")]


def delivered(batch: Upload, data: bytes) -> Delivery:
    return append(begin(batch, len(data)), 0, io.BytesIO(data), length=len(data))


def test_a_delivery_has_the_rows_that_the_same_file_has_in_one_go(batch: Upload) -> None:
    good = ultrasound_bytes()
    data = zipped(good, b"x", zipped(b"inner"), named("CT_small.dcm").read_bytes())
    delivery = carry_on(delivered(batch, data), seconds=60)
    assert delivery.state == DeliveryState.TAKEN
    assert [(item.outcome, item.reason) for item in delivery.items.order_by("position")] == [
        ("received", ""),
        ("refused", "not_dicom"),
        ("refused", "zip_nested"),
        ("refused", "not_ultrasound"),
    ]
    assert not Piece.objects.exists()


def test_a_plain_file_is_its_own_only_member(batch: Upload) -> None:
    delivery = carry_on(delivered(batch, ultrasound_bytes()), seconds=60)
    assert (delivery.state, delivery.taken, Instance.objects.count()) == (DeliveryState.TAKEN, 1, 1)


@pytest.mark.parametrize("data", [b"PK\x03\x04 is not all of a ZIP", zipped()], ids=["damaged", "empty"])
def test_a_delivered_zip_that_cannot_be_opened_has_one_row(batch: Upload, data: bytes) -> None:
    delivery = carry_on(delivered(batch, data), seconds=60)
    assert [item.outcome for item in delivery.items.all()] == ["refused"]
    assert delivery.state == DeliveryState.TAKEN


@pytest.mark.requirement("R36")
def test_taking_goes_on_where_the_rows_end_and_doubles_none(batch: Upload) -> None:
    pictures = [ultrasound_bytes() for _ in range(4)]
    delivery = delivered(batch, zipped(*pictures))
    for done in (1, 2, 3):
        delivery = carry_on(Delivery.objects.get(pk=delivery.pk), seconds=0)
        assert (delivery.taken, delivery.items.count()) == (done, done)
    stale = Delivery.objects.get(pk=delivery.pk)
    assert carry_on(delivery, seconds=60).state == DeliveryState.TAKEN
    assert carry_on(stale, seconds=60).state == DeliveryState.TAKEN
    assert sorted(batch.items.values_list("outcome", flat=True)) == ["received"] * 4
    assert Instance.objects.count() == 4


def test_a_delivery_that_is_not_whole_is_left_alone(batch: Upload) -> None:
    delivery = append(begin(batch, 10), 0, io.BytesIO(b"abc"), length=3)
    assert carry_on(delivery, seconds=60).state == DeliveryState.OPEN
    assert not batch.items.exists()


def test_a_delivery_whose_pieces_are_gone_is_an_error_and_no_half_row(batch: Upload) -> None:
    delivery = delivered(batch, zipped(ultrasound_bytes()))
    Piece.objects.all().delete()
    with pytest.raises(Missing):
        carry_on(delivery, seconds=60)
    assert not batch.items.exists()
