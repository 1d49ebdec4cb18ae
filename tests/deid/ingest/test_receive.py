"""The one gate: sealed, written down and queued in one transaction, or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from deid.engine import cage
from deid.engine.errors import CageBroken, HoldReason, Rejected, RejectReason
from deid.engine.intake import Peek
from deid.ingest import receive as gate
from deid.ingest.receive import Receipt, receive
from deid.models import Instance, Study
from deid.states import InstanceState
from tests.factories.clinics import make_clinic
from tests.factories.pictures import ultrasound_bytes
from tests.samples import named
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import identity_of
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

ACTOR = "system:test"


def take(data: bytes, clinic: Clinic) -> Receipt:
    return receive(data, clinic=clinic, actor=ACTOR, door="test")


def files() -> set[str]:
    return {path.name for path in stores.files().root.rglob("*") if path.is_file()}


@pytest.mark.django_db
def test_a_picture_is_sealed_written_down_and_queued() -> None:
    clinic, data = make_clinic(), ultrasound_bytes()
    receipt = take(data, clinic)
    instance = Instance.objects.get(pk=receipt.instance_id)
    assert receipt.outcome == "received"
    assert (instance.state, instance.number, instance.rows, instance.columns) == (InstanceState.RECEIVED, 1, 60, 80)
    sealed = SealedObject.objects.get(pk=instance.original_id)
    assert (sealed.kind, sealed.size, sealed.clinic_id) == ("original", len(data), clinic.pk)
    assert Job.objects.get(object_id=instance.pk).kind == "process_instance"
    entry = Entry.objects.get(event="instance_received")
    assert (entry.object_id, entry.patient_id, entry.detail) == (
        instance.pk,
        instance.study.patient_id,
        {"door": "test"},
    )


@pytest.mark.django_db
def test_pictures_of_one_study_meet_and_are_numbered() -> None:
    clinic = make_clinic()
    receipts = [take(ultrasound_bytes(study_uid="1.2.3.4"), clinic) for _ in range(3)]
    study = Study.objects.get()
    assert [Instance.objects.get(pk=one.instance_id).number for one in receipts] == [1, 2, 3]
    assert study.instances.count() == 3
    assert identity_of(study.patient).record_number == "MRN77001"


@pytest.mark.django_db
def test_one_study_number_of_two_patients_is_two_studies() -> None:
    clinic = make_clinic()
    take(ultrasound_bytes(study_uid="1.2.3.4", record="1"), clinic)
    take(ultrasound_bytes(study_uid="1.2.3.4", record="2"), clinic)
    assert Study.objects.count() == 2


@pytest.mark.django_db
def test_a_birth_date_that_is_none_is_not_kept() -> None:
    from pydicom import dcmread
    from pydicom.filebase import DicomBytesIO

    data = dcmread(DicomBytesIO(ultrasound_bytes()))
    data.PatientBirthDate = ""
    buffer = DicomBytesIO()
    data.save_as(buffer)
    take(buffer.getvalue(), make_clinic())
    assert identity_of(Patient.objects.get()).birth_date == ""


@pytest.mark.django_db
def test_no_number_of_the_file_is_kept_in_clear() -> None:
    take(ultrasound_bytes(study_uid="1.2.3.4.5.6", sop_uid="1.2.3.4.5.7"), make_clinic())
    kept = str(list(Instance.objects.values())) + str(list(Study.objects.values()))
    assert "1.2.3.4.5" not in kept
    assert "MRN77001" not in kept


@pytest.mark.django_db
def test_the_same_picture_twice_is_one_instance() -> None:
    clinic, data = make_clinic(), ultrasound_bytes()
    first, second = take(data, clinic), take(data, clinic)
    assert (second.outcome, second.instance_id) == ("repeated", first.instance_id)
    assert Instance.objects.count() == Job.objects.count() == 1
    assert Entry.objects.filter(event="instance_repeated", object_id=first.instance_id).count() == 1


@pytest.mark.django_db
def test_the_preamble_does_not_make_another_picture() -> None:
    clinic, data = make_clinic(), ultrasound_bytes()
    first, second = take(data, clinic), take(b"MZ" + data[2:], clinic)
    assert second == Receipt("repeated", first.instance_id)


@pytest.mark.django_db
def test_the_same_number_with_other_bytes_is_another_version() -> None:
    clinic = make_clinic()
    first = take(ultrasound_bytes(sop_uid="1.2.3.9"), clinic)
    second = take(ultrasound_bytes(sop_uid="1.2.3.9", record="other"), clinic)
    assert second.outcome == "received"
    assert second.instance_id != first.instance_id
    assert Instance.objects.values("sop_match").distinct().count() == 1


@pytest.mark.django_db
def test_two_clinics_may_have_the_same_picture() -> None:
    data = ultrasound_bytes()
    assert {take(data, make_clinic()).outcome for _ in range(2)} == {"received"}
    assert Patient.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectReason.EMPTY),
        (b"this is a text, whatever its name says", RejectReason.NOT_DICOM),
        (named("CT_small.dcm").read_bytes(), RejectReason.NOT_ULTRASOUND),
        (named("reportsi.dcm").read_bytes(), RejectReason.STRUCTURED_REPORT),
        (named("US1_UNCR.dcm").read_bytes()[:300_000], RejectReason.TRUNCATED),
        (named("DICOMDIR").read_bytes(), RejectReason.DICOMDIR),
    ],
    ids=["empty", "text", "ct", "report", "truncated", "dicomdir"],
)
def test_what_is_no_ultrasound_picture_leaves_nothing_behind(data: bytes, reason: RejectReason) -> None:
    clinic, before = make_clinic(), files()
    with pytest.raises(Rejected) as raised:
        take(data, clinic)
    assert raised.value.reason is reason
    assert not Instance.objects.exists()
    assert not Patient.objects.exists()
    assert files() == before


@pytest.mark.django_db
def test_a_fault_after_sealing_takes_the_file_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    clinic, before = make_clinic(), files()
    monkeypatch.setattr(gate.leases, "enqueue", fail)
    with pytest.raises(RuntimeError):
        take(ultrasound_bytes(), clinic)
    assert files() == before
    assert not SealedObject.objects.filter(kind="original").exists()
    assert not Instance.objects.exists()
    assert not Entry.objects.filter(event="instance_received").exists()


class FailingCage:
    """Stands for a cage whose children are killed while they look, since none can be killed at the right moment."""

    def __init__(self, breaks: int) -> None:
        self.breaks = breaks
        self.whole = cage.shared()

    def peek(self, data: bytes) -> Peek:
        self.breaks -= 1
        if self.breaks >= 0:
            raise CageBroken(HoldReason.CRASHED)
        return self.whole.peek(data)


@pytest.mark.django_db
@pytest.mark.requirement("R36")
def test_a_file_is_not_blamed_for_one_dead_child(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, data = make_clinic(), ultrasound_bytes()
    failing = FailingCage(1)
    monkeypatch.setattr(cage, "shared", lambda: failing)
    assert take(data, clinic).outcome == "received"
    failing.breaks = 2
    with pytest.raises(CageBroken):
        take(data, clinic)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_two_doors_at_once_make_one_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, data = make_clinic(), ultrasound_bytes()
    with ThreadPoolExecutor(2) as pool:  # two warm children: on a busy machine a cold one starts late
        list(pool.map(cage.shared().peek, [data, data]))
    barrier = threading.Barrier(2, timeout=60)
    known = gate._known

    def meet(*arguments: object) -> Instance | None:
        found = known(*arguments)
        if found is None and not getattr(seen, "met", False):
            seen.met = True
            barrier.wait()
        return found

    seen = threading.local()
    monkeypatch.setattr(gate, "_known", meet)

    def send(_: int) -> Receipt:
        try:
            return take(data, clinic)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as doors:
        outcomes = list(doors.map(send, range(2)))
    assert sorted(one.outcome for one in outcomes) == ["received", "repeated"]
    assert len({one.instance_id for one in outcomes}) == 1
    with transaction.atomic():
        assert Instance.objects.count() == 1
        originals = SealedObject.objects.filter(kind="original")
        assert [one.store_key in files() for one in originals] == [True]
        assert Job.objects.count() == 1
